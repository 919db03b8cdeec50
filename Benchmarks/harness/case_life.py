"""Loads as in life: many kinds of requests at once, and a storm of posts that most readers see."""

from __future__ import annotations

from .bench import HTTPServer, Stage, describe, measure
from .loads import MIXED_KINDS, Loads, feed_target, write
from .martlet import Martlet
from .processes import Failure
from .rows import MARTLET, Row
from .senders import parse_openloop

CONNECTIONS = 64


def run(stage: Stage, martlet: Martlet) -> None:
    """Measures all of them."""
    for case in (_mixed, _storm, _star):
        try:
            case(stage, martlet)
        except Failure as failure:
            stage.miss(case.__name__.strip("_"), MARTLET, failure)


def _mixed(stage: Stage, martlet: Martlet) -> None:
    stage.bench.progress.step(f"{stage.data.name}: mixed load")
    readers = [reader for readers in stage.survey.readers.values() for reader in readers]
    target = feed_target("popular", 0)
    cursors = {reader.key: martlet.cursor(target, reader.key) for reader in readers}
    requests = write(stage.requests / "mixed",
                     Loads(stage.survey).mixed({key: cursor for key, cursor in cursors.items() if cursor}))
    row = stage.row("mixed", MARTLET, connections=CONNECTIONS)
    measure(stage, row, martlet, requests)
    by_kind(stage, "mixed", martlet, row.latency_at or 1, requests.name, MIXED_KINDS)
    stage.bench.progress.result(describe(row))


def _storm(stage: Stage, martlet: Martlet) -> None:
    top = stage.survey.top
    stage.bench.progress.step(f"{stage.data.name}: write storm")
    requests = write(stage.requests / "storm", Loads(stage.survey).storm())
    row = stage.row("storm", MARTLET, connections=CONNECTIONS)
    measure(stage, row, martlet, requests)
    row.note = f"the author has {top.followers} followers of {stage.survey.accounts_count} accounts"
    by_kind(stage, "storm", martlet, row.latency_at or 1, requests.name, ["feed", "post"])
    stage.bench.progress.result(describe(row))


def _star(stage: Stage, martlet: Martlet) -> None:
    star(stage, MARTLET, martlet)


def star(stage: Stage, subject: str, server: HTTPServer) -> None:
    """Measures posts by the account that most follow, and nothing else."""
    stage.bench.progress.step(f"{stage.data.name}: {subject}: posts by the star")
    requests = write(stage.requests / "star", Loads(stage.survey).star_posts())
    row = Row("post by the star", subject, stage.data.name, stage.data.size, "", CONNECTIONS, "events/s")
    stage.bench.results.add(measure(stage, row, server, requests))
    row.note = f"the author has {stage.survey.top.followers} followers"
    stage.bench.progress.result(describe(row))


def by_kind(stage: Stage, case: str, server: HTTPServer, rate: float, file: str, kinds: list[str]) -> None:
    """Adds a row for the latency of each kind of request, out of one open loop of all of them."""
    text = stage.bench.senders.open(server.port, CONNECTIONS, rate, stage.bench.plan.open, stage.requests / file)
    for number, kind in enumerate(kinds):
        try:
            sent = parse_openloop(text, number)
        except Failure:
            continue
        stage.bench.results.add(Row(
            case, MARTLET, stage.data.name, stage.data.size, kind, CONNECTIONS, p50=sent.p50, p99=sent.p99,
            p999=sent.p999, latency_at=rate, sync=server.sync, histogram=sent.histogram))
