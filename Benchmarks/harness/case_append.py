"""Appending to the log without HTTP: Martlet's own log, and the C programs, in batches of the same size."""

from __future__ import annotations

import json

from . import limits
from .bench import Stage, describe
from .case_writes import SYNCS
from .processes import Failure, run as run_program
from .rows import JOURNAL, LMDB, MARTLET, against

BATCHES = (1, 24, 256, 4096)
MODES = {JOURNAL: "journal", LMDB: "lmdb"}


def run(stage: Stage) -> None:
    """Measures each size of a batch. The log starts empty, whatever the data set; its records are what is appended."""
    for batch in BATCHES:
        try:
            stage.begin(f"append, {batch} a batch")
            _append(stage, batch)
        except Failure as failure:
            stage.miss(f"append, batch {batch}", MARTLET, failure)


def _append(stage: Stage, batch: int) -> None:
    place, plan = stage.bench.place, stage.bench.plan
    program = place.build_append()
    before = {subject: _limit(stage, subject, batch) for subject in MODES}
    with place.scratch("append") as target:
        text = run_program([program, stage.data.martlet / "log", target, str(batch), str(plan.closed)])
    after = {subject: _limit(stage, subject, batch) for subject in MODES}
    mine = limits.Appended(**json.loads(text))
    cpu = mine.cpu_seconds * 1e6 / mine.events
    row = stage.row("append", MARTLET, variant=f"batch {batch}", unit="events/s", rate=mine.rate, cpu_us=cpu,
                    p50=mine.commit_p50 * 1e3, p99=mine.commit_p99 * 1e3, p999=mine.commit_p999 * 1e3,
                    sync=SYNCS["journal"], note=f"{mine.batch:.1f} a batch; latency of a batch")
    for subject, mode in MODES.items():
        one, other = before[subject], after[subject]
        limit = stage.row("append", subject, variant=f"batch {batch}", unit="events/s",
                          rate=(one.rate + other.rate) / 2, cpu_us=other.cpu_seconds * 1e6 / other.events,
                          p50=other.commit_p50 * 1e3, p99=other.commit_p99 * 1e3, p999=other.commit_p999 * 1e3,
                          sync=SYNCS[mode], note="latency of a batch")
        row.limits[subject] = against(mine.rate, one.rate, other.rate, cpu, limit.cpu_us)
    stage.bench.progress.result(describe(row))


def _limit(stage: Stage, subject: str, batch: int) -> limits.Appended:
    with stage.bench.place.scratch("limit-append") as target:
        return limits.append(stage.bench.place, MODES[subject], stage.data.martlet / "log", target, batch,
                             stage.bench.plan.limit)
