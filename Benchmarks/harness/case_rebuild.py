"""Building all read models anew, beside the C program that only writes their rows."""

from __future__ import annotations

import time

from . import limits
from .bench import Stage, describe
from .measure import ratio_aba
from .processes import Failure, run as run_program
from .rows import LIMIT, MARTLET


def run(stage: Stage) -> None:
    """Measures one rebuild into an empty directory."""
    stage.bench.progress.step(f"{stage.data.name}: rebuild")
    try:
        _rebuild(stage)
    except Failure as failure:
        stage.miss("rebuild", MARTLET, failure)


def _rebuild(stage: Stage) -> None:
    place = stage.bench.place
    generation = stage.data.generation()
    before = limits.rebuild(place, generation)
    with place.scratch("rebuild") as target:
        start = time.monotonic()
        text = run_program([place.martlet, "replay", "--data", stage.data.martlet, "--into", target / "into"])
        elapsed = time.monotonic() - start
    after = limits.rebuild(place, generation)
    events, seconds = parse_report(text)
    row = stage.row("rebuild", MARTLET, unit="events/s", rate=events / seconds, sync="none until the end")
    row.limit_ratio = ratio_aba(events / before.seconds, row.rate or 0, events / after.seconds)
    row.note = f"{events} events in {seconds:.2f} s; the whole program ran for {elapsed:.2f} s"
    stage.row("rebuild", LIMIT, unit="events/s", rate=events / ((before.seconds + after.seconds) / 2), sync="none",
              cpu_us=after.cpu_seconds * 1e6 / events,
              note=f"{after.rows} rows that were sorted beforehand, by one thread")
    stage.bench.progress.result(describe(row))


def parse_report(text: str) -> tuple[int, float]:
    """Events, and seconds of the rebuild itself, out of the report of `martlet replay`."""
    values = dict(line.split()[:2] for line in text.splitlines() if len(line.split()) == 2)
    try:
        events, rate = int(values["events"]), float(values["events/s"])
        return events, events / rate
    except (KeyError, ValueError, ZeroDivisionError) as error:
        raise Failure(f"the report of replay cannot be read ({error}): {text[:200]}") from None
