"""Durable commands over HTTP, beside the C programs that append the very same records to a log of the same age."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from pathlib import Path

from . import limits
from .aged import AgedLog
from .bench import HTTPServer, Stage, closed, describe, latency, measure, note_sender
from .loads import Loads, Request, write_parts
from .martlet import Martlet
from .processes import Failure, usage
from .rows import JOURNAL, JOURNAL_HTTP, LMDB, LMDB_24, LMDB_HTTP, MARTLET, Row, against

CASES = ("post", "like", "follow")
REQUESTS_PER_SECOND, ONE_A_SECOND = 35_000, 10_000
"""More than are answered a second, with many connections and with one, so that likes and follows are new."""
SETTLED = 0.7
"""Seconds after which tables behind a journal have what was written last. C programs take records from there, and what
it costs to bring them up belongs to what was written."""
SYNCS = {"journal": "journal: fdatasync per batch", "lmdb": "LMDB: full sync per batch"}


@dataclasses.dataclass
class Measured:
    """What a C program did."""

    rate: float
    cpu_us: float
    p50: float
    p99: float
    p999: float
    note: str
    errors: int = 0


def loads(stage: Stage, seed: int, connections: int) -> dict[str, Callable[[], list[Request]]]:
    """The requests of each kind. Likes and follows are of use once only, so that each row has its own seed."""
    made = Loads(stage.survey, seed)
    count = round((ONE_A_SECOND if connections == 1 else REQUESTS_PER_SECOND) * 3 * max(1, stage.bench.plan.closed))
    return {"post": made.posts, "like": lambda: made.likes(count), "follow": lambda: made.follows(count)}


def parts(stage: Stage, case: str, seed: int, connections: int) -> list[Path]:
    """The requests of a row, in three files."""
    return write_parts(stage.requests / case, loads(stage, seed, connections)[case]())


def run(stage: Stage, martlet: Martlet) -> None:
    """Measures posts, likes and follows at each number of connections."""
    with stage.bench.place.scratch("aged") as directory:
        aged = AgedLog(stage.data, directory / "log")
        seed = 0
        for connections in stage.bench.plan.connections:
            for case in CASES:
                seed += 1
                try:
                    stage.begin(f"{case}, {connections} connections")
                    aged.begin_row()
                    _command(stage, martlet, aged, case, connections, seed)
                except Failure as failure:
                    stage.miss(f"{case}, {connections} connections", MARTLET, failure)


def _command(stage: Stage, martlet: Martlet, aged: AgedLog, case: str, connections: int, seed: int) -> None:
    bench, plan = stage.bench, stage.bench.plan
    files = parts(stage, case, seed, connections)
    subjects = _subjects(stage, connections)

    first = martlet.position() + 1
    bench.senders.closed(martlet.port, connections, plan.warm, files[0])
    time.sleep(SETTLED)
    before = _limits(stage, martlet, aged, subjects, first, connections, files[1])
    first = martlet.position() + 1
    sent, cpu = closed(bench, martlet, connections, plan.closed, files[1], SETTLED)
    events = martlet.position() + 1 - first
    after = _limits(stage, martlet, aged, subjects[::-1], first, connections, files[1])

    row = stage.row(case, MARTLET, connections=connections, cpu_us=cpu, sync=martlet.sync, errors=sent.errors,
                    unit="events/s", rate=events / sent.seconds, rss_anon=usage(martlet.pids).rss_anon,
                    note=f"{sent.requests} requests, {events} events")
    note_sender(row, sent)
    for subject in subjects:
        one, other = before.get(subject), after.get(subject)
        if one is None or other is None:
            continue
        cpu_us = (one.cpu_us + other.cpu_us) / 2
        row.limits[subject] = against(row.rate or 0, one.rate, other.rate, cpu, cpu_us)
        stage.row(case, subject, connections=connections, rate=(one.rate + other.rate) / 2, unit="events/s",
                  cpu_us=cpu_us, sync=SYNCS[_mode(subject)], p50=other.p50, p99=other.p99, p999=other.p999,
                  errors=one.errors + other.errors, note=other.note)
    latency(stage, row, martlet, files[2])
    bench.progress.result(describe(row))


def _subjects(stage: Stage, connections: int) -> list[str]:
    """The C programs of a row. Batches of 24 stand beside it where they are a goal: at a million events."""
    subjects = [JOURNAL_HTTP, LMDB_HTTP, JOURNAL, LMDB]
    return subjects + ([LMDB_24] if connections > 1 and stage.data.size == 1_000_000 else [])


def _mode(subject: str) -> str:
    return "journal" if subject in (JOURNAL, JOURNAL_HTTP) else "lmdb"


def _limits(stage: Stage, martlet: Martlet, aged: AgedLog, subjects: list[str], first: int, connections: int,
            requests: Path) -> dict[str, Measured]:
    """Lets each C program append the records from `first` on. One that fails is missing, and the others go on."""
    found = {}
    for subject in subjects:
        try:
            if subject in (JOURNAL_HTTP, LMDB_HTTP):
                found[subject] = _with_http(stage, martlet, aged, subject, first, connections, requests)
            else:
                found[subject] = _alone(stage, martlet, aged, subject, first, connections)
        except Failure as failure:
            stage.miss("durable commands", subject, failure)
    return found


def _with_http(stage: Stage, martlet: Martlet, aged: AgedLog, subject: str, first: int, connections: int,
               requests: Path) -> Measured:
    with limits.writing(stage.bench.place, _mode(subject), martlet.data / "log", first, aged) as server:
        settle = SETTLED if _mode(subject) == "journal" else 0
        sent, cpu = closed(stage.bench, server, connections, stage.bench.plan.limit, requests, settle)
    cores = sent.sender_cpu / sent.seconds
    return Measured(sent.rate, cpu, sent.p50, sent.p99, sent.p999, errors=sent.errors,
                    note="the same requests and records; a batch is all that came in a turn of the loop; latency of a "
                         f"request, closed loop; the sender used {cores:.2f} of its core")


def _alone(stage: Stage, martlet: Martlet, aged: AgedLog, subject: str, first: int, connections: int) -> Measured:
    batch = 24 if subject == LMDB_24 else connections
    target, number = aged.take()
    done = limits.append(stage.bench.place, _mode(subject), martlet.data / "log", target, batch,
                         stage.bench.plan.limit, first, number)
    return Measured(done.rate, done.cpu_seconds * 1e6 / done.events, done.commit_p50 * 1e3, done.commit_p99 * 1e3,
                    done.commit_p999 * 1e3, f"the same records, {batch} a batch, without HTTP; latency of a batch")


def of_peer(stage: Stage, subject: str, server: HTTPServer) -> None:
    """Measures the same commands of a peer. Its rate counts requests, all of which are new likes and follows."""
    seed = 0
    for connections in stage.bench.plan.connections:
        for case in CASES:
            seed += 1
            try:
                stage.begin(f"{subject}: {case}, {connections} connections")
                row = Row(case, subject, stage.data.name, stage.data.size, "", connections, "events/s")
                measure(stage, row, server, parts(stage, case, seed, connections))
                stage.bench.results.add(row)
                stage.bench.progress.result(describe(row))
            except Failure as failure:
                stage.miss(f"{case}, {connections} connections", subject, failure)
