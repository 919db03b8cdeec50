"""Durable commands over HTTP, beside the C programs that append the very same records, without HTTP and with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from . import limits
from .bench import HTTPServer, Stage, closed, describe, latency, measure
from .loads import Loads, Request, write_parts
from .martlet import Martlet
from .measure import Sent, ratio_aba, spread
from .processes import Failure, usage
from .rows import LIMIT, LIMIT_HTTP, MARTLET, Row


def loads(stage: Stage, seed: int) -> dict[str, Callable[[], list[Request]]]:
    """The requests of each kind. Likes and follows are of use once only, so that each row has its own seed."""
    made = Loads(stage.survey, seed)
    count = 100_000 if stage.bench.plan.is_quick else 400_000
    return {"post": made.posts, "like": lambda: made.likes(count), "follow": lambda: made.follows(count)}


def parts(stage: Stage, case: str, seed: int) -> list[Path]:
    """The requests of a row, in three files."""
    return write_parts(stage.requests / case, loads(stage, seed)[case]())


def run(stage: Stage, martlet: Martlet) -> None:
    """Measures posts, likes and follows at each number of connections."""
    seed = 0
    for connections in stage.bench.plan.connections:
        for case in ("post", "like", "follow"):
            seed += 1
            stage.bench.progress.step(f"{stage.data.name}: {case}, {connections} connections")
            try:
                _command(stage, martlet, case, connections, seed)
            except Failure as failure:
                stage.miss(f"{case}, {connections} connections", MARTLET, failure)


def _command(stage: Stage, martlet: Martlet, case: str, connections: int, seed: int) -> None:
    bench, plan = stage.bench, stage.bench.plan
    files = parts(stage, case, seed)
    log = martlet.data / "log"

    first = martlet.position() + 1
    bench.senders.closed(martlet.port, connections, plan.warm, files[0])
    before = limits.append(bench.place, log, 0, plan.limit, first)
    http_before, cpu_before = _with_http(stage, log, first, connections, files[1])
    first = martlet.position() + 1
    sent, cpu = closed(bench, martlet, connections, plan.closed, files[1])
    events = martlet.position() + 1 - first
    http_after, cpu_after = _with_http(stage, log, first, connections, files[1])
    after = limits.append(bench.place, log, 0, plan.limit, first)

    row = stage.row(case, MARTLET, connections=connections, cpu_us=cpu, sync=martlet.sync, errors=sent.errors,
                    unit="events/s", rate=events / sent.seconds, rss_anon=usage(martlet.pids).rss_anon)
    row.limit_ratio = ratio_aba(before.rate, row.rate or 0, after.rate)
    row.http_limit_ratio = ratio_aba(http_before.rate, row.rate or 0, http_after.rate)
    row.note = (f"{sent.requests} requests, {events} events, {after.batch:.1f} a commit; "
                f"limit before and after: {spread(before.rate, after.rate):.2f} apart; "
                f"{row.http_limit_ratio:.2f} of the limit with HTTP, "
                f"which was {spread(http_before.rate, http_after.rate):.2f} apart")
    stage.row(case, LIMIT, connections=connections, rate=(before.rate + after.rate) / 2, unit="events/s",
              cpu_us=after.cpu_seconds * 1e6 / after.events, sync="log: fdatasync per commit",
              p50=after.commit_p50 * 1e3, p99=after.commit_p99 * 1e3, p999=after.commit_p999 * 1e3,
              note=f"the same records, {after.batch:.1f} a commit; latency of a commit")
    stage.row(case, LIMIT_HTTP, connections=connections, rate=(http_before.rate + http_after.rate) / 2,
              unit="events/s", cpu_us=(cpu_before + cpu_after) / 2, sync="log: fdatasync per commit",
              p50=http_after.p50, p99=http_after.p99, p999=http_after.p999,
              errors=http_before.errors + http_after.errors,
              note="the same requests and records, a commit for all that have come; latency of a request, closed loop")
    latency(stage, row, martlet, files[2])
    bench.progress.result(describe(row))


def _with_http(stage: Stage, log: Path, first: int, connections: int, requests: Path) -> tuple[Sent, float]:
    with limits.writing(stage.bench.place, log, first) as server:
        return closed(stage.bench, server, connections, stage.bench.plan.limit, requests)


def of_peer(stage: Stage, subject: str, server: HTTPServer) -> None:
    """Measures the same commands of a peer. Its rate counts requests, all of which are new likes and follows."""
    seed = 0
    for connections in stage.bench.plan.connections:
        for case in ("post", "like", "follow"):
            seed += 1
            stage.bench.progress.step(f"{stage.data.name}: {subject}: {case}, {connections} connections")
            try:
                row = Row(case, subject, stage.data.name, stage.data.size, "", connections, "events/s")
                measure(stage, row, server, parts(stage, case, seed))
                stage.bench.results.add(row)
                stage.bench.progress.result(describe(row))
            except Failure as failure:
                stage.miss(f"{case}, {connections} connections", subject, failure)
