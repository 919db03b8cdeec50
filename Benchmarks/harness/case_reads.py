"""Reads over HTTP: feed pages beside the limit, and profiles."""

from __future__ import annotations

from .bench import HTTPServer, Stage, closed, describe, latency, measure, note_sender
from .limits import LimitFeed
from .loads import Loads, write
from .martlet import Martlet, get
from .processes import Failure, usage
from .rows import LIMIT, MARTLET, Row, against

CONNECTIONS = 64
VARIANTS = [(sort, likes, following) for sort in ("popular", "newest") for likes in (0, None)
            for following in (10, 100, 1000)]


def variant(sort: str, likes: int | None, following: int) -> str:
    """How a feed row is told from others."""
    return f"{sort}, {'likes=0' if likes == 0 else 'all likes'}, following {following}"


def run(stage: Stage, martlet: Martlet, limit: LimitFeed | None) -> None:
    """Measures Martlet's reads."""
    for sort, likes, following in chosen(stage):
        name = variant(sort, likes, following)
        try:
            stage.begin(f"feed, {name}")
            if following not in stage.survey.readers:
                raise Failure(f"nobody follows about {following} accounts")
            _feed(stage, martlet, limit, name, sort, likes, following)
        except Failure as failure:
            stage.miss(f"feed, {name}", MARTLET, failure)
    profile(stage, MARTLET, martlet)


def chosen(stage: Stage) -> list[tuple[str, int | None, int]]:
    """The variants of this run."""
    if not stage.bench.plan.is_quick:
        return VARIANTS
    return [("popular", 0, 100), ("popular", None, 100), ("newest", 0, 100)]


def _feed(stage: Stage, martlet: Martlet, limit: LimitFeed | None, name: str, sort: str, likes: int | None,
          following: int) -> None:
    requests = write(stage.requests / "feed", Loads(stage.survey).feed(following, sort, likes))
    plan = stage.bench.plan
    row = Row("feed", MARTLET, stage.data.name, stage.data.size, name, CONNECTIONS, sync=martlet.sync)
    if limit is None:
        measure(stage, row, martlet, requests)
    else:
        key = stage.survey.readers[following][0].key
        target = requests.read_bytes()[5:].split(b" ", 2)[1].decode()
        if get(martlet.port, target, key)[0] != get(limit.port, target, key)[0]:
            raise Failure("the limit does not answer the same bytes; has the layout of the read models changed?")
        stage.bench.senders.closed(martlet.port, CONNECTIONS, plan.warm, requests)
        before, cpu_before = closed(stage.bench, limit, CONNECTIONS, plan.limit, requests)
        sent, row.cpu_us = closed(stage.bench, martlet, CONNECTIONS, plan.closed, requests)
        after, cpu = closed(stage.bench, limit, CONNECTIONS, plan.limit, requests)
        row.rate, row.errors = sent.rate, sent.errors
        note_sender(row, sent)
        row.limits[LIMIT] = against(sent.rate, before.rate, after.rate, row.cpu_us, (cpu_before + cpu) / 2)
        row.rss_anon = _memory(martlet)
        latency(stage, row, martlet, requests)
        theirs = stage.row("feed", LIMIT, variant=name, connections=CONNECTIONS, rate=(before.rate + after.rate) / 2,
                           cpu_us=(cpu_before + cpu) / 2, rss_anon=_memory(limit), p50=after.p50, p99=after.p99,
                           p999=after.p999)
        note_sender(theirs, after)
    stage.bench.results.add(row)
    stage.bench.progress.result(describe(row))


def _memory(server: HTTPServer) -> int:
    return usage(server.pids).rss_anon


def feed_of_peer(stage: Stage, subject: str, server: HTTPServer) -> None:
    """Measures the same pages of a peer."""
    for sort, likes, following in chosen(stage):
        name = variant(sort, likes, following)
        try:
            stage.begin(f"{subject}: feed, {name}")
            if following not in stage.survey.readers:
                raise Failure(f"nobody follows about {following} accounts")
            requests = write(stage.requests / "feed", Loads(stage.survey).feed(following, sort, likes))
            row = Row("feed", subject, stage.data.name, stage.data.size, name, CONNECTIONS)
            measure(stage, row, server, requests)
            stage.bench.results.add(row)
            stage.bench.progress.result(describe(row))
        except Failure as failure:
            stage.miss(f"feed, {name}", subject, failure)


def profile(stage: Stage, subject: str, server: HTTPServer) -> None:
    """Measures profiles, the posts of an account, and single posts, in equal parts."""
    try:
        stage.begin(f"{subject}: profile")
        requests = write(stage.requests / "profile", Loads(stage.survey).profiles())
        row = Row("profile", subject, stage.data.name, stage.data.size, "", CONNECTIONS)
        measure(stage, row, server, requests)
        stage.bench.results.add(row)
        stage.bench.progress.result(describe(row))
    except Failure as failure:
        stage.miss("profile", subject, failure)
