"""What the kernel and /metrics say of the server."""

from __future__ import annotations

import dataclasses
import http.client
import json
import os
import threading
import time
import urllib.parse
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
MIB = 1 << 20


@dataclasses.dataclass
class Memory:
    """Bytes of a process in memory: all, and those of its own making (no files)."""
    all: int
    anonymous: int

    @property
    def words(self) -> str:
        return f"{self.all / MIB:.0f} MiB ({self.anonymous / MIB:.0f} anonymous)"


class Server:
    def __init__(self, url: str, pid: int):
        self.place = urllib.parse.urlsplit(url).netloc
        self.process = Path(f"/proc/{pid}")

    @property
    def is_alive(self) -> bool:
        try:
            return (self.process / "stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
        except OSError:
            return False

    @property
    def descriptors(self) -> int:
        return len(list((self.process / "fd").iterdir()))

    @property
    def memory(self) -> Memory:
        lines = dict(line.split(":", 1) for line in (self.process / "status").read_text().splitlines())
        return Memory(*(int(lines[name].split()[0]) * 1024 for name in ("VmRSS", "RssAnon")))

    @property
    def cpu_seconds(self) -> float:
        fields = (self.process / "stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def ask(self, method: str, path: str, key: str | None = None, body: object = None) -> tuple[int, bytes]:
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection(self.place, timeout=30)
        try:
            headers = {"Connection": "close", **({"api-key": key} if key else {})}
            connection.request(method, path, json.dumps(body) if body is not None else None, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    @property
    def metrics(self) -> dict[str, float]:
        """All numbers of /metrics, by their names with labels."""
        lines = self.ask("GET", "/metrics")[1].decode().splitlines()
        return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line and line[0] != "#")}

    @property
    def connections(self) -> int:
        """Open ones, without the one that asks."""
        return int(self.metrics["martlet_http_connections_open"]) - 1

    def idle_share(self, seconds: float) -> float:
        """The part of a core that it uses while nobody asks. Blocks."""
        before = self.cpu_seconds
        time.sleep(seconds)
        return (self.cpu_seconds - before) / seconds


class Peak(threading.Thread):
    """Notes the most that the server has, once a second, until it is stopped."""

    def __init__(self, server: Server):
        super().__init__(daemon=True)
        self.server = server
        self.memory = server.memory
        self.descriptors = server.descriptors
        self._stopped = threading.Event()

    def run(self) -> None:
        while not self._stopped.wait(1) and self.server.is_alive:
            now = self.server.memory
            self.memory = Memory(max(self.memory.all, now.all), max(self.memory.anonymous, now.anonymous))
            self.descriptors = max(self.descriptors, self.server.descriptors)

    def stop(self) -> None:
        self._stopped.set()
        self.join()
