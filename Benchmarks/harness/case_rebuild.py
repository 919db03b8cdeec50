"""Building all read models anew, beside the C program that only writes their rows."""

from __future__ import annotations

import resource
import time

from . import limits
from .bench import Stage, describe
from .measure import median
from .processes import Failure, run as run_program
from .rows import LIMIT, MARTLET, against

GOAL_DATA = ("higgs-1000000", "generated-10000000")
"""The data sets for which a rate is wanted in the median."""


def run(stage: Stage) -> None:
    """Measures rebuilds into an empty directory, and their median."""
    try:
        stage.begin("rebuild")
        _rebuild(stage)
    except Failure as failure:
        stage.miss("rebuild", MARTLET, failure)


def _rebuild(stage: Stage) -> None:
    place, plan = stage.bench.place, stage.bench.plan
    generation = stage.data.generation()
    count = plan.rebuilds if stage.data.name in GOAL_DATA else min(3, plan.rebuilds)
    before = limits.rebuild(place, generation)
    times, cpu, events = [], [], 0
    while len(times) < count and (not times or time.monotonic() < stage.bench.deadline):
        events, seconds, cpu_seconds = _once(stage)
        times.append(seconds)
        cpu.append(cpu_seconds * 1e6 / events)
    after = limits.rebuild(place, generation)
    row = stage.row("rebuild", MARTLET, unit="events/s", rate=events / median(times), sync="none until the end",
                    cpu_us=median(cpu))
    theirs = after.cpu_seconds * 1e6 / events
    row.limits[LIMIT] = against(row.rate or 0, events / before.seconds, events / after.seconds, row.cpu_us, theirs)
    row.note = (f"{events} events, median of {len(times)} runs: {min(times):.2f} to {max(times):.2f} s; "
                "processor time is of the whole program, digests too")
    stage.row("rebuild", LIMIT, unit="events/s", rate=events / ((before.seconds + after.seconds) / 2), sync="none",
              cpu_us=theirs, note=f"{after.rows} rows that were sorted beforehand, by one thread")
    stage.bench.progress.result(describe(row))


def _once(stage: Stage) -> tuple[int, float, float]:
    """Events, seconds of the rebuild, and processor time of the program."""
    place = stage.bench.place
    with place.scratch("rebuild") as target:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        text = run_program([place.martlet, "replay", "--data", stage.data.martlet, "--into", target / "into"])
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    events, seconds = parse_report(text)
    return events, seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def parse_report(text: str) -> tuple[int, float]:
    """Events, and seconds of the rebuild itself, out of the report of `martlet replay`."""
    values = dict(line.split()[:2] for line in text.splitlines() if len(line.split()) == 2)
    try:
        events, rate = int(values["events"]), float(values["events/s"])
        return events, events / rate
    except (KeyError, ValueError, ZeroDivisionError) as error:
        raise Failure(f"the report of replay cannot be read ({error}): {text[:200]}") from None
