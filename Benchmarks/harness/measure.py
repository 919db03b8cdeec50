"""What senders report, and the arithmetic over it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence


@dataclasses.dataclass
class Sent:
    """What a sender saw. Times are milliseconds."""

    requests: int
    seconds: float
    p50: float
    p99: float
    p999: float
    refused: int = 0
    """Answers that were no 2xx."""
    lost: int = 0
    """Requests without an answer."""
    asked_rate: float | None = None
    """The rate of an open loop; `None` for a closed one."""
    sender_cpu: float = 0
    """Seconds of processor time that the sender used."""
    histogram: list[tuple[float, int]] = dataclasses.field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers per second."""
        return self.requests / self.seconds if self.seconds > 0 else 0.0

    @property
    def errors(self) -> int:
        """Everything that was not answered with 2xx."""
        return self.refused + self.lost


def percentile(histogram: Sequence[tuple[float, int]], share: float) -> float:
    """The bound below which a share (0 to 1) of the counted values lies; 0 if there are none."""
    total = sum(count for _, count in histogram)
    seen = 0
    for bound, count in histogram:
        seen += count
        if seen >= share * total:
            return bound
    return 0.0


def median(values: Sequence[float]) -> float:
    """The middle value, or the mean of the two in the middle."""
    if not values:
        raise ValueError("there is no median of nothing")
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
