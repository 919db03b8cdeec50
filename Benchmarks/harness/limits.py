"""The C programs that show what the machine allows."""

from __future__ import annotations

import contextlib
import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

from .aged import AgedLog
from .processes import Server, free_port, run
from .workplace import Workplace


class LimitServer:
    """A C program that answers over HTTP."""

    sync = ""

    def __init__(self, place: Workplace, name: str, port: int, *arguments: str | Path) -> None:
        self.port = port
        self.server = Server([place.bin / name, *arguments], place.log(name))
        self.server.wait_for_port(port)

    @property
    def pids(self) -> list[int]:
        """The processes that do the work."""
        return [self.server.pid]

    def stop(self) -> None:
        """Ends it."""
        self.server.stop()


class LimitFeed(LimitServer):
    """The bare feed server on a generation of Martlet's read models."""

    def __init__(self, place: Workplace, generation: Path, loops: int) -> None:
        port = free_port()
        super().__init__(place, "limit-feed", port, generation, str(port), str(loops))


@contextlib.contextmanager
def writing(place: Workplace, mode: str, source: Path, first: int, aged: AgedLog) -> Iterator[LimitServer]:
    """A server that appends a record to an aged log for each request: those of the log `source` from `first` on."""
    target, number = aged.take()
    port = free_port()
    server = LimitServer(place, "limit-write", port, mode, source, target, str(port), str(first), str(number))
    try:
        yield server
    finally:
        server.stop()


@dataclasses.dataclass
class Appended:
    """What `limit-append` did. Times are seconds."""

    events: int
    commits: int
    seconds: float
    cpu_seconds: float
    batch: float
    commit_p50: float
    commit_p99: float
    commit_p999: float

    @property
    def rate(self) -> float:
        """Events per second."""
        return self.events / self.seconds


def append(place: Workplace, mode: str, source: Path, target: Path, batch: int, seconds: float, first: int = 1,
           number: int = 0) -> Appended:
    """Appends records of a log to the one in `target`, `batch` at a time; `mode` is `lmdb` or `journal`."""
    return Appended(**json.loads(run([place.bin / "limit-append", mode, source, target, str(batch), str(seconds),
                                      str(first), str(number)])))


@dataclasses.dataclass
class Rewritten:
    """What `limit-rebuild` did."""

    rows: int
    bytes: int
    seconds: float
    cpu_seconds: float
    sync_seconds: float


def rebuild(place: Workplace, generation: Path) -> Rewritten:
    """Writes the rows of a generation, sorted, into a fresh environment."""
    with place.scratch("limit-rebuild") as target:
        return Rewritten(**json.loads(run([place.bin / "limit-rebuild", generation, target])))
