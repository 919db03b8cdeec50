"""How near a run comes to the goals."""

import unittest

from harness.goals import growth, lines
from harness.rows import LIMIT, MARTLET, Results, Row


class Goals(unittest.TestCase):
    def test_the_worst_row_is_shown_and_rows_of_others_are_left_out(self) -> None:
        results = Results()
        for ratio in (0.8, 0.6, 0.4):
            results.add(Row("feed", MARTLET, "d", 1, "newest, likes=0", 64, rate=1.0, limit_ratio=ratio))
        results.add(Row("feed", MARTLET, "d", 1, "newest, all likes", 64, rate=1.0, limit_ratio=0.1))
        results.add(Row("feed", LIMIT, "d", 1, "newest, likes=0", 64, rate=1.0, limit_ratio=0.1))
        line = next(line for line in lines(results) if "likes=0" in line)
        self.assertIn("| 0.40 | 0.60 | 0.80 | 2 of 3 | 1 of 3 |", line)

    def test_an_upper_bound_is_worst_where_it_is_greatest(self) -> None:
        results = Results()
        results.add(Row("start-up", MARTLET, "d", 10_000_000, p50=300.0))
        results.add(Row("start-up", MARTLET, "e", 10_000_000, p50=100.0))
        results.add(Row("start-up", MARTLET, "e", 1_000_000, p50=5000.0))
        line = next(line for line in lines(results) if "start to" in line)
        self.assertIn("| 300 ms | 200 ms | 100 ms | 2 of 2 | 1 of 2 |", line)

    def test_a_goal_without_rows_says_so(self) -> None:
        self.assertTrue(all("not measured" in line for line in lines(Results())[4:]))

    def test_growth_takes_the_same_operation_at_both_sizes(self) -> None:
        small = Row("post", MARTLET, "generated-100000", 100_000, "", 64, rate=1000.0)
        large = Row("post", MARTLET, "generated-10000000", 10_000_000, "", 64, rate=400.0)
        other = Row("post", MARTLET, "generated-10000000", 10_000_000, "", 256, rate=1.0)
        self.assertEqual(growth([small, large, other]), [(small, large, 2.5)])
