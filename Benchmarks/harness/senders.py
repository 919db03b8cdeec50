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
                values["p999"] / 1000, values["refused"], values["lost"])
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


class Senders:
    """Sends files of requests to servers on 127.0.0.1."""

    def __init__(self, place: Workplace) -> None:
        self._place = place
        self._wrk = place.require("wrk", "wrk")

    def closed(self, port: int, connections: int, seconds: float, requests: Path) -> Sent:
        """As many requests as the server answers, each connection sending its next when it has its answer."""
        script = self._place.benchmarks / "load/replay.lua"
        text = run(
            [self._wrk, "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", "10s", "-s", script,
             f"http://127.0.0.1:{port}"],
            env={**os.environ, "BENCH_REQUESTS": str(requests)}, timeout=seconds + 60)
        return parse_wrk(text)

    def open(self, port: int, connections: int, rate: float, seconds: float, requests: Path) -> str:
        """A constant rate of requests; for `parse_openloop`."""
        return run([self._place.bin / "openloop", str(port), str(connections), f"{rate:.3f}", f"{seconds:.3f}",
                    requests], timeout=seconds + 60)
