"""Runs the two senders: wrk, a closed loop, for the rate; openloop, at a constant rate, for the latency."""

from __future__ import annotations

import json
import os
from pathlib import Path

from .measure import Sent
from .processes import Failure, run
from .workplace import Workplace


def parse_wrk(text: str) -> Sent:
    """Reads what replay.lua wrote at the end of wrk's output."""
    for line in text.splitlines():
        if line.startswith("RESULT "):
            values = json.loads(line.removeprefix("RESULT "))
            return Sent(
                values["requests"], values["seconds"], values["p50"] / 1000, values["p99"] / 1000,
                values["p999"] / 1000, values["refused"], values["lost"], sender_cpu=values["cpu"])
    raise Failure(f"wrk gave no result: {text.strip()[-300:]}")


def parse_openloop(text: str, kind: int | None = None) -> Sent:
    """Reads what openloop wrote: of all requests, or of those of one kind."""
    values = json.loads(text)
    times = values["all"] if kind is None else values["kinds"].get(str(kind))
    if times is None:
        raise Failure(f"no request of kind {kind} was answered")
    return Sent(
        times["count"], values["seconds"], times["p50"] / 1000, times["p99"] / 1000, times["p999"] / 1000,
        values["refused"], values["lost"] + values["unanswered"], values["asked_rate"], values["sender_cpu_seconds"],
        [(bound, count) for bound, count in times["buckets"]])


def parse_visits(text: str) -> tuple[Sent, float]:
    """Reads what visits wrote: the visits alone, and the server's processor time for each in microseconds."""
    values = json.loads(text)
    if not values["visits"]:
        raise Failure("nobody came back in the time")
    times = values["all"]
    sent = Sent(
        values["visits"], values["seconds"], times["p50"] / 1000, times["p99"] / 1000, times["p999"] / 1000,
        values["refused"], values["lost"], sender_cpu=values["sender_cpu_seconds"],
        histogram=[(bound, count) for bound, count in times["buckets"]])
    return sent, values["server_cpu_seconds"] * 1e6 / values["visits"]


class Senders:
    """Sends files of requests to servers on 127.0.0.1."""

    def __init__(self, place: Workplace) -> None:
        self._place = place
        self._wrk = place.require("wrk", "wrk")

    def closed(self, port: int, connections: int, seconds: float, requests: Path, nice: int = 0) -> Sent:
        """As many requests as the server answers, each connection sending its next when it has its answer."""
        script = self._place.benchmarks / "load/replay.lua"
        text = run(
            [*_niced(nice), self._wrk, "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", "10s",
             "-s", script, f"http://127.0.0.1:{port}"],
            env={**os.environ, "BENCH_REQUESTS": str(requests)}, timeout=seconds + 60)
        return parse_wrk(text)

    def open(self, port: int, connections: int, rate: float, seconds: float, requests: Path, nice: int = 0) -> str:
        """A constant rate of requests; for `parse_openloop`."""
        return run([*_niced(nice), self._place.bin / "openloop", str(port), str(connections), f"{rate:.3f}",
                    f"{seconds:.3f}", requests], timeout=seconds + 60)

    def visits(self, port: int, pid: int, seconds: float, between: int, requests: Path) -> str:
        """Visits of all readers of a file, with so many writes between two of them; for `parse_visits`."""
        return run([self._place.bin / "visits", str(port), f"{seconds:.3f}", str(pid), str(between), requests],
                   timeout=seconds + 60)


def _niced(nice: int) -> list[str]:
    return ["nice", "-n", str(nice)] if nice else []
