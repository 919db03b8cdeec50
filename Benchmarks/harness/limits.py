"""The C programs that show what the machine allows."""

from __future__ import annotations

import contextlib
import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

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
def writing(place: Workplace, log: Path, first: int) -> Iterator[LimitServer]:
    """A server that appends a record to a fresh log for each request: those of a log from position `first` on."""
    with place.scratch("limit-write") as target:
        port = free_port()
        server = LimitServer(place, "limit-write", port, log, target, str(port), str(first))
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


def append(place: Workplace, log: Path, batch: int, seconds: float, first: int | None = None,
           count: int | None = None) -> Appended:
    """Appends records of a log with full sync, `batch` in each commit; 0 takes the batches they were committed in."""
    with place.scratch("limit-append") as target:
        arguments = [place.bin / "limit-append", log, target, str(batch), str(seconds)]
        if first is not None:
            arguments += [str(first)] + ([str(count)] if count is not None else [])
        return Appended(**json.loads(run(arguments)))


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
