"""Loads as in life: many kinds of requests at once, and a storm of posts that most readers see."""

from __future__ import annotations

from .bench import HTTPServer, Stage, describe, measure
from .loads import MIXED_KINDS, Loads, feed_target, write, write_parts
from .martlet import Martlet
from .processes import Failure
from .rows import MARTLET, Row
from .senders import parse_openloop

CONNECTIONS = 64
SEED = 100
"""None that `case_writes` has: the same server has its likes and follows already."""
REQUESTS_PER_SECOND = 25_000
"""More than a mixed load is answered at, so that wrk does not come round to likes and follows that are already so."""


def run(stage: Stage, martlet: Martlet) -> None:
    """Measures all of them."""
    for case in (_mixed, _storm, _star):
        try:
            case(stage, martlet)
        except Failure as failure:
            stage.miss(case.__name__.strip("_"), MARTLET, failure)


def requests_count(stage: Stage) -> int:
    """How many requests are enough for three files, each of which is sent once only."""
    return round(3 * REQUESTS_PER_SECOND * max(1, stage.bench.plan.closed))


def _mixed(stage: Stage, martlet: Martlet) -> None:
    stage.begin("mixed load")
    readers = [reader for readers in stage.survey.readers.values() for reader in readers]
    target = feed_target("popular", 0)
    cursors = {reader.key: martlet.cursor(target, reader.key) for reader in readers}
    known = {key: cursor for key, cursor in cursors.items() if cursor}
    made = Loads(stage.survey, SEED).mixed(known, requests_count(stage))
    row = stage.row("mixed", MARTLET, connections=CONNECTIONS)
    text = measure(stage, row, martlet, write_parts(stage.requests / "mixed", made))
    stage.bench.results.rows += by_kind(row, text, MIXED_KINDS)
    stage.bench.progress.result(describe(row))


def _storm(stage: Stage, martlet: Martlet) -> None:
    top = stage.survey.top
    stage.begin("write storm")
    made = Loads(stage.survey, SEED).storm(requests_count(stage))
    row = stage.row("storm", MARTLET, connections=CONNECTIONS)
    text = measure(stage, row, martlet, write_parts(stage.requests / "storm", made))
    of_all = f"the author has {top.followers} followers of {stage.survey.accounts_count} accounts"
    row.note = "; ".join(filter(None, [of_all, row.note]))
    stage.bench.results.rows += by_kind(row, text, ["feed", "post"])
    stage.bench.progress.result(describe(row))


def _star(stage: Stage, martlet: Martlet) -> None:
    star(stage, MARTLET, martlet)


def star(stage: Stage, subject: str, server: HTTPServer) -> None:
    """Measures posts by the account that most follow, and nothing else."""
    stage.begin(f"{subject}: posts by the star")
    requests = write(stage.requests / "star", Loads(stage.survey).star_posts())
    row = Row("post by the star", subject, stage.data.name, stage.data.size, "", CONNECTIONS, "events/s")
    measure(stage, row, server, requests)
    stage.bench.results.add(row)
    row.note = "; ".join(filter(None, [f"the author has {stage.survey.top.followers} followers", row.note]))
    stage.bench.progress.result(describe(row))


def by_kind(whole: Row, text: str, kinds: list[str]) -> list[Row]:
    """A row for the latency of each kind of request, out of the open loop that gave the latency of all of them."""
    rows = []
    for number, kind in enumerate(kinds):
        try:
            sent = parse_openloop(text, number)
        except Failure:
            continue
        rows.append(Row(
            whole.case, whole.subject, whole.data, whole.size, kind, whole.connections, p50=sent.p50, p99=sent.p99,
            p999=sent.p999, latency_at=whole.latency_at, sync=whole.sync, histogram=sent.histogram))
    return rows
