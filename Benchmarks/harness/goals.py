"""The goals of the project, and how near to them the rows of a run come."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable

from .measure import median
from .rows import JOURNAL_HTTP, LIMIT, LMDB, LMDB_24, MARTLET, NO_OPERATIONS, Results, Row

SMALL, MIDDLE, LARGE = 100_000, 1_000_000, 10_000_000
"""The sizes, in events, between which costs may grow, and that of the aged log."""
COMMANDS = ("post", "like", "follow")
QUIET_FACTOR, QUIET_LEAST = 5, 10
"""How many times the p99 of a quiet server the p99 beside writes may be, or so many milliseconds if that is more."""


@dataclasses.dataclass(frozen=True)
class Goal:
    """What is wanted of every row of a kind."""

    name: str
    unit: str
    wanted: float
    is_upper_bound: bool
    values: Callable[[list[Row]], Iterable[tuple[float, Row]]]
    is_goal: bool = True
    """False for what stands beside a goal to be compared."""

    def reached(self, value: float) -> bool:
        """Whether a value is on the right side of the bound."""
        return value <= self.wanted if self.is_upper_bound else value >= self.wanted


Values = Callable[[list[Row]], Iterable[tuple[float, Row]]]


def _limit(name: str, cases: tuple[str, ...], connections: tuple[int, ...], variant: str = "", size: int = 0) -> Values:
    return lambda rows: ((row.limits[name]["ratio"], row) for row in rows
                         if name in row.limits and row.case in cases and row.connections in connections
                         and variant in row.variant and size in (0, row.size))


def _peer(name: str, case: str) -> Values:
    return lambda rows: ((row.peers[name]["ratio"], row) for row in rows if row.case == case and name in row.peers)


def _figure(case: str, figure: Callable[[Row], float | None], **wanted: object) -> Values:
    return lambda rows: ((value, row) for row in rows
                         if row.case == case and all(getattr(row, name) == is_so for name, is_so in wanted.items())
                         and (value := figure(row)) is not None)


def postgres(rows: list[Row]) -> Iterable[tuple[float, Row]]:
    """Of each feed page the multiple of PostgreSQL, as a share of what is wanted of it: 100, or 0.75 of the C program."""
    for row in rows:
        if row.case != "feed" or "postgres" not in row.peers:
            continue
        peer, wanted = row.peers["postgres"], 100.0
        if LIMIT in row.limits:
            wanted = min(wanted, 0.75 * row.limits[LIMIT]["rate"] / peer["rate"])
        yield peer["ratio"] / wanted, row


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
    return row.data == f"generated-{size}" and row.rate is not None and row.case not in NO_OPERATIONS


def _grown(case: str = "", connections: int | None = None) -> Values:
    return lambda rows: ((value, large) for small, large, value in growth(rows)
                         if case in ("", small.case) and connections in (None, small.connections))


def beside_writes(rows: list[Row]) -> Iterable[tuple[float, Row]]:
    """Of each data set the p99 of reads beside writes, as a share of what it may be."""
    quiet = {row.data: row for row in rows if row.case == "reads at a fixed rate" and row.variant == "quiet"}
    for row in rows:
        if row.case == "reads at a fixed rate" and row.variant == "beside writes" and row.data in quiet:
            calm = quiet[row.data].p99
            if row.p99 is not None and calm is not None:
                yield row.p99 / max(QUIET_FACTOR * calm, QUIET_LEAST), row


GOALS = (
    Goal("durable commands, 64 and 256 connections / C with a journal and HTTP", "", 0.5, False,
         _limit(JOURNAL_HTTP, COMMANDS, (64, 256))),
    Goal("durable commands, 64 and 256 connections / C on LMDB with full sync, aged 10^6, batches of 24", "", 1.5, False,
         _limit(LMDB_24, COMMANDS, (64, 256), size=MIDDLE)),
    Goal("one durable command at a time / C on LMDB with full sync", "", 1.0, False, _limit(LMDB, COMMANDS, (1,))),
    Goal("processor time of a post at 64 connections", " us", 30, True,
         _figure("post", lambda row: row.cpu_us, connections=64)),
    Goal("time of a single post, 10^7 events / 10^5", "x", 1.5, True, _grown("post", 1)),
    Goal("newest feed, following 1000, readers who come back / Redis", "", 1.0, False,
         _peer("redis", "returning readers")),
    Goal("the same, cold readers / Redis", "", 1.0, False, _peer("redis", "cold readers"), is_goal=False),
    Goal("feed page / C on LMDB", "", 0.75, False, _limit(LIMIT, ("feed",), (64,))),
    Goal("the same, `likes=0` alone", "", 0.75, False, _limit(LIMIT, ("feed",), (64,), "likes=0"), is_goal=False),
    Goal("feed page / PostgreSQL, of what is wanted: 100 times, or 0.75 of C", "", 1.0, False, postgres),
    Goal("feed page / PostgreSQL, as it is", "x", 100, False, _peer("postgres", "feed"), is_goal=False),
    Goal("durable post / PostgreSQL", "x", 20, False, _peer("postgres", "post")),
    Goal("rebuild of all read models, median", " events/s", 1_000_000, False,
         lambda rows: ((row.rate, row) for row in rows if row.case == "rebuild" and row.rate
                       and row.data in ("higgs-1000000", "generated-10000000"))),
    Goal(f"p99 of reads while writes saturate, of {QUIET_FACTOR} times the quiet one or {QUIET_LEAST} ms", "", 1.0, True,
         beside_writes),
    Goal("time of any operation, 10^7 events / 10^5", "x", 2, True, _grown()),
    Goal("start to first answer at 10^7 events", " ms", 200, True,
         _figure("start-up", lambda row: row.p50, size=LARGE)),
    Goal("RssAnon at 256 connections after 10^7 events, writes too", " MB", 64, True,
         _figure("memory", lambda row: None if row.rss_anon is None else row.rss_anon / 1e6, size=LARGE)),
)


def lines(results: Results) -> list[str]:
    """The goals as a Markdown table. A goal is for each of its rows; the worst one tells whether it is reached."""
    rows = [row for row in results.rows if row.subject == MARTLET]
    table = ["## Goals", "", "A figure without a verdict stands beside a goal, to be compared.", "",
             "| figure | wanted | worst | median | best | rows that reach it | reached | the worst row |",
             "|---|---|---|---|---|---|---|---|"]
    for goal in GOALS:
        found = sorted(goal.values(rows), key=lambda pair: pair[0], reverse=goal.is_upper_bound)
        start = f"| {goal.name} | {'at most' if goal.is_upper_bound else 'at least'} {show(goal.wanted, goal.unit)} |"
        if not found:
            table.append(f"{start} not measured | | | | | |")
            continue
        values = [value for value, _ in found]
        cells = [show(value, goal.unit) for value in (values[0], median(values), values[-1])]
        count = sum(goal.reached(value) for value in values)
        verdict = ("yes" if count == len(values) else "no") if goal.is_goal else ""
        table.append(f"{start} {' | '.join(cells)} | {count} of {len(values)} | {verdict} | {where(found[0][1])} |")
    return table


def where(row: Row) -> str:
    """Which row it is."""
    connections = f"{row.connections} connections" if row.connections else ""
    return ", ".join(filter(None, [row.case, row.data, row.variant, connections]))


def show(value: float, unit: str) -> str:
    """A value as the table has it."""
    return (f"{value:,.0f}" if abs(value) >= 10 else f"{value:.2f}") + unit
