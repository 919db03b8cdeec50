"""The order of a run: Martlet and the limits on each data set, reads before writes; then the peers on each."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence

from . import (case_append, case_beside, case_footprint, case_instructions, case_life, case_reads, case_rebuild,
               case_visits, case_writes, dataset, peers)
from .bench import Bench, Stage
from .limits import LimitFeed
from .martlet import Martlet
from .processes import Failure
from .rows import LIMIT, MARTLET

CASES = ("append", "reads", "writes", "beside", "life", "rebuild", "footprint", "peers", "instructions")
QUICK = CASES[:-1]
"""Without what takes a build of the parent."""


def run_all(bench: Bench, names: Sequence[str], peer_names: Sequence[str], keep: Callable[[], None]) -> None:
    """Measures the cases of these names, or all; `keep` is called after each data set, since a whole run is long.

    Peers and instructions come last: they take longest to begin, and a run that is out of time does without some of them.
    """
    wanted = set(names or (QUICK if bench.plan.is_quick else CASES))
    with contextlib.ExitStack() as stack:
        stages = []
        for source, size in bench.plan.data:
            bench.progress.step(f"{source}-{size}: making the data set")
            try:
                data = dataset.make(bench.place, source, size)
                survey = data.survey(bench.place)
            except Failure as failure:
                bench.results.miss("all", MARTLET, f"{source}-{size}", str(failure))
                bench.progress.result(f"missing: {failure}")
                continue
            bench.progress.result(f"{survey.accounts_count:,} accounts, {survey.posts_count:,} posts")
            requests = stack.enter_context(bench.place.scratch("requests"))
            stages.append(Stage(bench, data, survey, requests))
            _martlet(stages[-1], wanted)
            keep()
        _peers_and_instructions(stages, wanted, peer_names, keep)


ONCE = ("eventsourcing",)
"""Peers to which the data set is nothing: they stand beside the case `append`, which is measured on the first."""


def _peers_and_instructions(stages: Sequence[Stage], wanted: set[str], names: Sequence[str],
                            keep: Callable[[], None]) -> None:
    served = [stage for stage in stages if (stage.data.source, stage.data.size) in stage.bench.plan.peers_at]
    others = [name for name in names if name not in ONCE]
    if "peers" in wanted and served:
        peers.run(served[0], others)
        peers.run(stages[0], [name for name in names if name in ONCE])
        keep()
    if "instructions" in wanted and stages:
        guarded(stages[0], "instructions", lambda: case_instructions.run(stages[0]))
        keep()
    for stage in served[1:]:
        if "peers" in wanted:
            peers.run(stage, others)
            keep()


def _martlet(stage: Stage, wanted: set[str]) -> None:
    if "footprint" in wanted:
        guarded(stage, "disk", lambda: case_footprint.disk(stage))
    if "append" in wanted and stage.data.size == min(size for _, size in stage.bench.plan.data):
        guarded(stage, "append", lambda: case_append.run(stage))
    if "rebuild" in wanted:
        guarded(stage, "rebuild", lambda: case_rebuild.run(stage))
    if not wanted & {"reads", "writes", "beside", "life", "footprint"}:
        return
    with stage.bench.place.scratch("served") as directory:
        copy = stage.data.copy(directory / "data")
        if "footprint" in wanted:
            guarded(stage, "start-up", lambda: case_footprint.start_up(stage, copy))
        try:
            martlet = Martlet(stage.bench.place, copy)
        except Failure as failure:
            return stage.miss("all over HTTP", MARTLET, failure)
        with contextlib.closing(_Stopping(martlet)):
            if "reads" in wanted:
                with _limit(stage, copy) as limit:
                    guarded(stage, "reads", lambda: case_reads.run(stage, martlet, limit))
                guarded(stage, "visits", lambda: case_visits.run(stage, martlet))
            if "writes" in wanted:
                guarded(stage, "writes", lambda: case_writes.run(stage, martlet))
            if "beside" in wanted:
                guarded(stage, "reads beside writes", lambda: case_beside.run(stage, martlet))
            if "footprint" in wanted:
                guarded(stage, "memory", lambda: case_footprint.memory(stage, martlet))
            if "life" in wanted:
                guarded(stage, "life", lambda: case_life.run(stage, martlet))


class _Stopping:
    """Lets `contextlib.closing` stop a server."""

    def __init__(self, server: Martlet | LimitFeed) -> None:
        self.close: Callable[[], None] = server.stop


@contextlib.contextmanager
def _limit(stage: Stage, copy: object) -> Iterator[LimitFeed | None]:
    try:
        limit = LimitFeed(stage.bench.place, stage.data.generation(copy), stage.bench.cores)  # type: ignore[arg-type]
    except (Failure, OSError) as failure:
        stage.miss("feed", LIMIT, failure)
        yield None
        return
    try:
        yield limit
    finally:
        limit.stop()


def guarded(stage: Stage, case: str, body: Callable[[], None]) -> None:
    """Runs a part; what it cannot do is reported as missing, and the rest goes on."""
    try:
        body()
    except Exception as error:  # noqa: BLE001: whatever it is, the other parts do not depend on it
        stage.miss(case, MARTLET, f"{type(error).__name__}: {error}")
