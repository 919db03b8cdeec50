"""What every case needs, and the way in which a load over HTTP is measured."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from .dataset import DataSet
from .measure import Sent
from .processes import Failure, usage
from .progress import Progress
from .rows import MARTLET, Results, Row
from .senders import Senders, parse_openloop
from .survey import Survey
from .workplace import Workplace


WARM_REQUESTS = 500
"""A peer is warmed up until it answered so many, since it prepares its statements on each of its connections."""


class HTTPServer(Protocol):
    """Something that answers the contract on 127.0.0.1."""

    port: int
    sync: str

    @property
    def pids(self) -> list[int]:
        """The processes that do the work; what they started counts too."""


@dataclasses.dataclass(frozen=True)
class Plan:
    """How much is measured. Times are seconds."""

    is_quick: bool
    data: Sequence[tuple[str, int]]
    peers_at: Sequence[tuple[str, int]]
    warm: float
    peer_warm: float
    """How long a peer is warmed up, up to four times."""
    limit: float
    closed: float
    open: float
    rebuilds: int = 10
    """How often read models are built anew where the median is a goal; three times elsewhere."""
    minutes: float | None = None
    """When what is not measured yet is left out; `None` is never."""
    connections: Sequence[int] = (1, 64, 256)
    open_share: float = 0.5
    """The rate of the open loop, as a share of the closed loop's."""


@dataclasses.dataclass
class Bench:
    """A run."""

    place: Workplace
    plan: Plan
    progress: Progress
    results: Results
    senders: Senders
    cores: int
    deadline: float = float("inf")
    """When no step begins any more, by `time.monotonic`."""


@dataclasses.dataclass
class Stage:
    """A run on one data set."""

    bench: Bench
    data: DataSet
    survey: Survey
    requests: Path
    """A directory for files of requests."""

    def row(self, case: str, subject: str, **values: object) -> Row:
        """A row about this data set, which is kept."""
        return self.bench.results.add(
            Row(case, subject, self.data.name, self.data.size, **values))  # type: ignore[arg-type]

    def begin(self, text: str) -> None:
        """Begins a step, as long as there is time."""
        self.bench.progress.step(f"{self.data.name}: {text}")
        if time.monotonic() > self.bench.deadline:
            raise Failure(f"the {self.bench.plan.minutes:g} minutes of the budget were over")

    def miss(self, case: str, subject: str, reason: object) -> None:
        """Notes that something could not be measured here."""
        self.bench.results.miss(case, subject, self.data.name, str(reason))
        self.bench.progress.result(f"missing: {reason}")


FULL = 0.9
"""A sender that uses more than this share of its core may be what a rate ends at."""


def closed(bench: Bench, server: HTTPServer, connections: int, seconds: float, requests: Path,
           settle: float = 0) -> tuple[Sent, float]:
    """The rate of a closed loop, and the server's processor time per request in microseconds.

    What the server does within `settle` seconds after it counts too. Where nothing is answered it takes four times as long.
    """
    # Pages with all likes of a much liked author may take longer than the time of a short measurement.
    for longer in (1, 4):
        before = usage(server.pids).cpu_seconds
        sent = bench.senders.closed(server.port, connections, longer * seconds, requests)
        time.sleep(settle)
        cpu = usage(server.pids).cpu_seconds - before
        if sent.requests:
            return sent, cpu * 1e6 / sent.requests
    raise Failure(f"nothing was answered in {sent.seconds:.1f} s")


def note_sender(row: Row, sent: Sent) -> None:
    """Says how busy the sender was; where it was full, the rate is the sender's and processor time is what counts."""
    row.sender_cores = sent.sender_cpu / sent.seconds if sent.seconds else None
    if row.sender_cores and row.sender_cores > FULL:
        words = f"the sender is full ({row.sender_cores:.2f} of its core), so judge by CPU us/req"
        row.note = f"{row.note}; {words}" if row.note else words


def measure(stage: Stage, row: Row, server: HTTPServer, requests: Path | Sequence[Path]) -> str:
    """Fills a row: rate and processor time by wrk, then latency at a constant share of that rate by openloop.

    Requests that are of use once only come in three files: to warm up, for wrk, for openloop. Returns what openloop
    wrote, since it tells kinds of requests apart, which the row does not.
    """
    bench, plan = stage.bench, stage.bench.plan
    connections = row.connections or 1
    first, second, third = [requests] * 3 if isinstance(requests, Path) else requests
    _warm(stage, row, server, first)
    sent, row.cpu_us = closed(bench, server, connections, plan.closed, second)
    row.rate, row.errors, row.sync = sent.rate, sent.errors, server.sync
    note_sender(row, sent)
    row.rss_anon = usage(server.pids).rss_anon
    return latency(stage, row, server, third)


def _warm(stage: Stage, row: Row, server: HTTPServer, requests: Path) -> None:
    senders, plan = stage.bench.senders, stage.bench.plan
    if row.subject == MARTLET:
        senders.closed(server.port, row.connections or 1, plan.warm, requests)
        return
    answered = 0
    for _ in range(4):
        answered += senders.closed(server.port, row.connections or 1, plan.peer_warm, requests).requests
        if answered >= WARM_REQUESTS:
            return


def latency(stage: Stage, row: Row, server: HTTPServer, requests: Path) -> str:
    """Fills a row's latencies by an open loop at a share of its rate; returns what openloop wrote."""
    plan = stage.bench.plan
    assert row.rate is not None
    rate = max(1.0, plan.open_share * row.rate)
    text = stage.bench.senders.open(server.port, row.connections or 1, rate, plan.open, requests)
    sent = parse_openloop(text)
    row.p50, row.p99, row.p999, row.latency_at = sent.p50, sent.p99, sent.p999, rate
    row.histogram = sent.histogram
    row.errors += sent.errors
    return text


def describe(row: Row) -> str:
    """A row in a few words, for the progress line."""
    words = []
    if row.rate is not None:
        words.append(f"{row.rate:,.0f} {row.unit}")
    if row.p99 is not None:
        words.append(f"p99 {row.p99:.2f} ms")
    words += [f"{found['ratio']:.2f} of {name}" for name, found in row.limits.items()]
    if row.errors:
        words.append(f"{row.errors} errors")
    return ", ".join(words) or row.note
