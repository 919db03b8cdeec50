"""A run that is out of time."""

import time
import unittest
from pathlib import Path

from harness.bench import Bench, Plan, Stage, closed
from harness.dataset import DataSet
from harness.measure import Sent
from harness.processes import Failure
from harness.progress import Progress
from harness.rows import Results
from harness.survey import Account, Survey


def stage(deadline: float) -> Stage:
    plan = Plan(False, [], [], warm=1, peer_warm=1, limit=1, closed=1, open=1, minutes=50)
    bench = Bench(None, plan, Progress(), Results(), None, 2, deadline)  # type: ignore[arg-type]
    survey = Survey(0, 0, {}, Account(1, "a", 0, 0), [], [])
    return Stage(bench, DataSet("generated", 1, Path()), survey, Path())


class Budget(unittest.TestCase):
    def test_a_step_begins_as_long_as_there_is_time(self) -> None:
        stage(time.monotonic() + 60).begin("a step")

    def test_a_step_that_comes_too_late_is_missing_with_the_reason(self) -> None:
        with self.assertRaisesRegex(Failure, "the 50 minutes of the budget were over"):
            stage(time.monotonic() - 1).begin("a step")


class Slow(unittest.TestCase):
    def test_a_load_that_nothing_answered_is_sent_for_longer_once(self) -> None:
        asked: list[float] = []

        class Senders:
            answers = [0, 5]

            def closed(self, port: int, connections: int, seconds: float, requests: Path) -> Sent:
                asked.append(seconds)
                return Sent(self.answers[len(asked) - 1], seconds, 1, 1, 1)

        class Server:
            port, sync, pids = 0, "", list[int]()

        bench = stage(0).bench
        bench.senders = Senders()  # type: ignore[assignment]
        self.assertEqual(closed(bench, Server(), 64, 1, Path())[0].requests, 5)  # type: ignore[arg-type]
        self.assertEqual(asked, [1, 4])
        Senders.answers = [0, 0, 0, 0]
        with self.assertRaisesRegex(Failure, "nothing was answered in 4.0 s"):
            closed(bench, Server(), 64, 1, Path())  # type: ignore[arg-type]
