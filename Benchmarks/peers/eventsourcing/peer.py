"""The Python library `eventsourcing`, on SQLite: appending, and a small projection."""

from __future__ import annotations

import json
from pathlib import Path

from harness.bench import Stage, describe
from harness.case_append import BATCHES
from harness.limits import Appended
from harness.processes import run

NAME = "eventsourcing"


def measure(stage: Stage) -> None:
    """Measures each size of a commit, and a projection of what was appended. It needs nothing of the data set."""
    place, plan = stage.bench.place, stage.bench.plan
    here = Path(__file__).parent
    python = place.venv(NAME, here / "requirements.txt") / "bin/python"
    stage.bench.progress.result("on SQLite")
    with place.scratch(NAME) as directory:
        for batch in BATCHES:
            stage.begin(f"{NAME}: append, {batch} a batch")
            text = run([python, here / "program.py", "append", directory / f"{batch}.db", str(batch),
                        str(plan.closed)])
            done = Appended(**json.loads(text))
            row = stage.row("append", NAME, variant=f"batch {batch}", unit="events/s", rate=done.rate,
                            cpu_us=done.cpu_seconds * 1e6 / done.events, p50=done.commit_p50 * 1e3,
                            p99=done.commit_p99 * 1e3, p999=done.commit_p999 * 1e3,
                            sync="SQLite, WAL, synchronous=FULL")
            stage.bench.progress.result(describe(row))
        stage.begin(f"{NAME}: projection")
        values = json.loads(run([python, here / "program.py", "project", directory / f"{max(BATCHES)}.db",
                                 str(plan.closed)]))
        row = stage.row("rebuild", NAME, unit="events/s", rate=values["events"] / values["seconds"],
                        cpu_us=values["cpu_seconds"] * 1e6 / values["events"],
                        note="counts posts by author, one small read model; a commit for 1000 events")
        stage.bench.progress.result(describe(row))
