"""The rows of the result table, and how ratios between them come about."""

from __future__ import annotations

import dataclasses
from typing import TypedDict

MARTLET = "martlet"
LIMIT = "limit"
"""The C program that does the same, where there is one alone."""
JOURNAL_HTTP = "limit-journal-http"
LMDB_HTTP = "limit-lmdb-http"
JOURNAL = "limit-journal"
LMDB = "limit-lmdb"
LMDB_24 = "limit-lmdb-24"
"""Of durable commands: with a journal, or LMDB with full sync; with HTTP, or batches of so many; batches of 24."""
LIMITS = (LIMIT, JOURNAL_HTTP, LMDB_HTTP, JOURNAL, LMDB, LMDB_24)
NO_OPERATIONS = ("disk", "append", "memory", "reads at a fixed rate", "instructions")
"""Cases of which a rate, if they have one, does not tell what an operation costs at a size."""
PARENT = "parent"
"""The program of the commit before."""


class Against(TypedDict, total=False):
    """How Martlet compares with another subject that did the same."""

    rate: float
    """The other's rate."""
    ratio: float
    """Martlet's rate as a share, or a multiple, of it."""
    cpu: float
    """The other's processor time per request as a share of Martlet's: steadier where others use the machine too."""
    spread: float
    """How far apart the other was before and after Martlet; 1 is not at all."""


@dataclasses.dataclass
class Row:
    """One measurement of one subject. Times are milliseconds, memory is bytes; `None` is what was not measured."""

    case: str
    """What was done, e.g. `feed` or `post`."""
    subject: str
    """Who did it: `martlet`, one of `LIMITS`, or a peer's name."""
    data: str = ""
    """The data set, e.g. `generated-100000`."""
    size: int = 0
    """How many events the data set has."""
    variant: str = ""
    """What tells apart rows of one case, e.g. `popular, likes=0, following 100`."""
    connections: int | None = None
    unit: str = "requests/s"
    rate: float | None = None
    p50: float | None = None
    p99: float | None = None
    p999: float | None = None
    latency_at: float | None = None
    """The rate of the open loop in which the latency was measured; `None` with latencies: a closed loop."""
    cpu_us: float | None = None
    """Processor time of the server per request, in microseconds."""
    sender_cores: float | None = None
    """Processor time of the sender in the closed loop, as a share of one core."""
    rss_anon: int | None = None
    sync: str = ""
    """When a write counts as done, e.g. `fdatasync per commit`."""
    limits: dict[str, Against] = dataclasses.field(default_factory=dict)
    """By C program, how near to it the subject comes."""
    peers: dict[str, Against] = dataclasses.field(default_factory=dict)
    """By peer, how many times its rate the subject's is."""
    errors: int = 0
    note: str = ""
    histogram: list[tuple[float, int]] = dataclasses.field(default_factory=list)
    """Upper bounds of latency in microseconds, and how many requests were within each."""

    def key(self) -> tuple[str, str, str, int | None]:
        """What rows of different subjects must share to be compared."""
        return (self.case, self.data, self.variant, self.connections)


@dataclasses.dataclass
class Missing:
    """A case that could not be measured."""

    case: str
    subject: str
    data: str
    reason: str


class Results:
    """Everything that a run found."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.missing: list[Missing] = []

    def add(self, row: Row) -> Row:
        """Keeps a row."""
        self.rows.append(row)
        return row

    def miss(self, case: str, subject: str, data: str, reason: str) -> None:
        """Notes that something could not be measured, and why."""
        self.missing.append(Missing(case, subject, data, reason))

    def compare_with_peers(self) -> None:
        """Gives each row of Martlet's the ratios to the peers that did the same."""
        others: dict[tuple[object, ...], list[Row]] = {}
        for row in self.rows:
            if row.subject not in (MARTLET, PARENT, *LIMITS) and row.rate and row.case != "disk":
                others.setdefault(row.key(), []).append(row)
        for row in self.rows:
            if row.subject == MARTLET and row.rate:
                row.peers = {}
                for other in others.get(row.key(), []):
                    assert other.rate is not None
                    against = row.peers[other.subject] = Against(rate=other.rate, ratio=row.rate / other.rate)
                    if row.cpu_us and other.cpu_us:
                        against["cpu"] = other.cpu_us / row.cpu_us


def against(rate: float, before: float, after: float, cpu: float | None = None,
            others_cpu: float | None = None) -> Against:
    """How a rate compares with another subject's, which was measured before and after it.

    The mean of the two stands for what the machine allowed in between, if it changed steadily.
    """
    if before <= 0 or after <= 0:
        raise ValueError(f"a limit must be more than 0, not {before} and {after}")
    mean = (before + after) / 2
    found = Against(rate=mean, ratio=rate / mean, spread=max(before, after) / min(before, after))
    if cpu and others_cpu:
        found["cpu"] = others_cpu / cpu
    return found
