"""The goals of the project, and how near to them the rows of a run come."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable

from .measure import median
from .rows import MARTLET, Results, Row

SMALL, LARGE = 100_000, 10_000_000
"""The sizes, in events, between which costs may grow."""


@dataclasses.dataclass(frozen=True)
class Goal:
    """What is wanted of every row of a kind."""

    name: str
    unit: str
    first: float
    wanted: float
    is_upper_bound: bool
    values: Callable[[list[Row]], Iterable[float]]

    def reached(self, value: float, bound: float) -> bool:
        """Whether a value is on the right side of a bound."""
        return value <= bound if self.is_upper_bound else value >= bound


def _limit(cases: tuple[str, ...], connections: tuple[int, ...], variant: str = "") -> Callable[[list[Row]], Iterable[float]]:
    return lambda rows: (row.limit_ratio for row in rows if row.limit_ratio is not None and row.case in cases
                         and row.connections in connections and variant in row.variant)


def _postgres(case: str) -> Callable[[list[Row]], Iterable[float]]:
    return lambda rows: (row.peer_ratios["postgres"] for row in rows
                         if row.case == case and "postgres" in row.peer_ratios)


def growth(rows: Iterable[Row]) -> list[tuple[Row, Row, float]]:
    """Each operation on generated data at both sizes, and how many times longer it takes at the larger."""
    large = {(row.case, row.variant, row.connections): row for row in rows if _is_operation(row, LARGE)}
    pairs = []
    for row in rows:
        other = large.get((row.case, row.variant, row.connections))
        if _is_operation(row, SMALL) and other and row.rate and other.rate:
            pairs.append((row, other, row.rate / other.rate))
    return pairs


def _is_operation(row: Row, size: int) -> bool:
    return row.data == f"generated-{size}" and row.case not in ("disk", "append") and row.rate is not None


GOALS = (
    Goal("feed page, `likes=0`, against the limit", "", 0.5, 0.7, False, _limit(("feed",), (64,), "likes=0")),
    Goal("durable commands at 64 connections against the limit", "", 0.35, 0.6, False,
         _limit(("post", "like", "follow"), (64,))),
    Goal("durable commands at 256 connections against the limit", "", 0.35, 0.6, False,
         _limit(("post", "like", "follow"), (256,))),
    Goal("feed page against PostgreSQL", "x", 50, 100, False, _postgres("feed")),
    Goal("durable post against PostgreSQL", "x", 10, 20, False, _postgres("post")),
    Goal("rebuild of all read models", " events/s", 300_000, 1_000_000, False,
         lambda rows: (row.rate for row in rows if row.case == "rebuild" and row.rate)),
    Goal("time of any operation, 10^7 events against 10^5", "x", 3, 2, True,
         lambda rows: (value for _, _, value in growth(rows))),
    Goal("start to first answer at 10^7 events", " ms", 1000, 200, True,
         lambda rows: (row.p50 for row in rows if row.case == "start-up" and row.size == LARGE and row.p50)),
    Goal("RssAnon at 256 connections after 10^7 events", " MB", 128, 64, True,
         lambda rows: (row.rss_anon / 1e6 for row in rows
                       if row.case == "memory" and row.size == LARGE and row.rss_anon)),
)


def lines(results: Results) -> list[str]:
    """The goals as a Markdown table. A goal is for each of its rows; the worst one tells whether it is reached."""
    rows = [row for row in results.rows if row.subject == MARTLET]
    table = ["## Goals", "", "| goal | first step | goal | worst | median | best | rows at the first step | at the goal |",
             "|---|---|---|---|---|---|---|---|"]
    for goal in GOALS:
        values = sorted(goal.values(rows), reverse=goal.is_upper_bound)
        bounds = f"| {goal.name} | {show(goal.first, goal.unit)} | {show(goal.wanted, goal.unit)} |"
        if not values:
            table.append(f"{bounds} not measured | | | | |")
            continue
        middle = median(values)
        counts = [f"{sum(goal.reached(value, bound) for value in values)} of {len(values)}"
                  for bound in (goal.first, goal.wanted)]
        cells = [show(value, goal.unit) for value in (values[0], middle, values[-1])]
        table.append(f"{bounds} {' | '.join(cells + counts)} |")
    return table


def show(value: float, unit: str) -> str:
    """A value as the table has it."""
    return (f"{value:,.0f}" if abs(value) >= 10 else f"{value:.2f}") + unit
