"""Appending to the log without HTTP: Martlet's own log, and the C program, at the same sizes of commits."""

from __future__ import annotations

import json

from . import limits
from .bench import Stage, describe
from .measure import ratio_aba, spread
from .processes import Failure, run as run_program
from .rows import LIMIT, MARTLET

BATCHES = (1, 16, 256, 4096)


def run(stage: Stage) -> None:
    """Measures each size of a commit. The log starts empty, whatever the data set; its records are what is appended."""
    for batch in BATCHES:
        stage.bench.progress.step(f"{stage.data.name}: append, {batch} a commit")
        try:
            _append(stage, batch)
        except Failure as failure:
            stage.miss(f"append, batch {batch}", MARTLET, failure)


def _append(stage: Stage, batch: int) -> None:
    place, plan = stage.bench.place, stage.bench.plan
    program = place.build_append()
    log = stage.data.martlet / "log"
    before = limits.append(place, log, batch, plan.limit)
    with place.scratch("append") as target:
        text = run_program([program, log, target, str(batch), str(plan.closed)])
    after = limits.append(place, log, batch, plan.limit)
    mine = limits.Appended(**json.loads(text))
    row = stage.row(
        "append", MARTLET, variant=f"batch {batch}", unit="events/s", rate=mine.rate,
        limit_ratio=ratio_aba(before.rate, mine.rate, after.rate),
        note=f"{mine.batch:.1f} a commit; limit before and after: {spread(before.rate, after.rate):.2f} apart")
    limit = stage.row("append", LIMIT, variant=f"batch {batch}", unit="events/s",
                      rate=(before.rate + after.rate) / 2, note=f"{after.batch:.1f} a commit")
    for one, what in ((row, mine), (limit, after)):
        one.sync = "log: fdatasync per commit"
        one.cpu_us = what.cpu_seconds * 1e6 / what.events
        one.p50, one.p99, one.p999 = what.commit_p50 * 1e3, what.commit_p99 * 1e3, what.commit_p999 * 1e3
    stage.bench.progress.result(describe(row))
