"""The rows of the result table, and how ratios between them come about."""

from __future__ import annotations

import dataclasses

MARTLET = "martlet"
LIMIT = "limit"
LIMIT_HTTP = "limit-http"
"""The limit that has HTTP too, where `limit` has none."""


@dataclasses.dataclass
class Row:
    """One measurement of one subject. Times are milliseconds, memory is bytes; `None` is what was not measured."""

    case: str
    """What was done, e.g. `feed` or `post`."""
    subject: str
    """Who did it: `martlet`, `limit`, `limit-http`, or a peer's name."""
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
    rss_anon: int | None = None
    sync: str = ""
    """When a write counts as done, e.g. `fdatasync per commit`."""
    limit_ratio: float | None = None
    http_limit_ratio: float | None = None
    """The same against `limit-http`."""
    limit_ratio_cpu: float | None = None
    """The limit's processor time per request as a share of the subject's: steadier where others use the machine too."""
    peer_ratios: dict[str, float] = dataclasses.field(default_factory=dict)
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
            if row.subject not in (MARTLET, LIMIT, LIMIT_HTTP) and row.rate and row.case != "disk":
                others.setdefault(row.key(), []).append(row)
        for row in self.rows:
            if row.subject == MARTLET and row.rate:
                row.peer_ratios = {other.subject: row.rate / other.rate for other in others.get(row.key(), [])
                                   if other.rate}
