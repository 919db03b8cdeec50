"""Latency of reads at a modest rate: when it is quiet, and while a writer saturates the server."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from .bench import Stage, describe
from .case_writes import parts
from .loads import Loads, write
from .martlet import Martlet
from .measure import Sent
from .processes import Failure
from .rows import MARTLET, Row
from .senders import parse_openloop

READS = 500
"""Reads a second: a twentieth of what the slowest of them are answered at alone, or less."""
READERS, WRITERS = 16, 64
NICE = 10
"""Senders give way to the server, whose latency it is."""
SEED = 200


def run(stage: Stage, martlet: Martlet) -> None:
    """Measures both."""
    following = min(stage.survey.readers)
    requests = Loads(stage.survey).feed(following, "popular", 0) + Loads(stage.survey).profiles(len(
        stage.survey.readers[following]))
    path = write(stage.requests / "beside", requests)
    try:
        for name in ("quiet", "beside writes"):
            stage.begin(f"reads, {name}")
            seconds = 1.5 * stage.bench.plan.closed
            row = Row("reads at a fixed rate", MARTLET, stage.data.name, stage.data.size, name, READERS)
            if name == "quiet":
                text = stage.bench.senders.open(martlet.port, READERS, READS, seconds, path, NICE)
                row.note = "half feed pages, half profiles and posts; the sender is niced"
            else:
                text, written = _beside(stage, martlet, seconds, path)
                row.note = f"beside {WRITERS} connections that post {written.rate:,.0f}/s; both senders are niced"
            _fill(row, parse_openloop(text))
            stage.bench.results.add(row)
            stage.bench.progress.result(describe(row))
    except Failure as failure:
        stage.miss("reads at a fixed rate", MARTLET, failure)


def _beside(stage: Stage, martlet: Martlet, seconds: float, path: object) -> tuple[str, Sent]:
    senders = stage.bench.senders
    posts = parts(stage, "post", SEED, WRITERS)[1]
    with ThreadPoolExecutor(1) as pool:
        # It writes for a second longer, so that no read is without it.
        writer = pool.submit(senders.closed, martlet.port, WRITERS, seconds + 1, posts, NICE)
        text = senders.open(martlet.port, READERS, READS, seconds, path, NICE)  # type: ignore[arg-type]
        return text, writer.result()


def _fill(row: Row, sent: Sent) -> None:
    row.rate, row.latency_at, row.errors = sent.rate, sent.asked_rate, sent.errors
    row.p50, row.p99, row.p999, row.histogram = sent.p50, sent.p99, sent.p999, sent.histogram
    row.sender_cores = sent.sender_cpu / sent.seconds
