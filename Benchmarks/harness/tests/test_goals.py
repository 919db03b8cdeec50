"""How near a run comes to the goals."""

import unittest

from harness.goals import beside_writes, growth, lines, postgres
from harness.rows import JOURNAL_HTTP, LIMIT, LMDB, LMDB_24, MARTLET, Against, Results, Row


def line_of(results: Results, words: str) -> str:
    return next(line for line in lines(results) if words in line)


def beside(ratio: float, rate: float = 1.0) -> Against:
    return Against(rate=rate, ratio=ratio)


class Goals(unittest.TestCase):
    def test_the_worst_row_is_shown_and_named_and_rows_of_others_are_left_out(self) -> None:
        results = Results()
        for ratio, following in ((0.8, 10), (0.7, 100), (0.4, 1000)):
            results.add(Row("feed", MARTLET, "d", 1, f"newest, likes=0, following {following}", 64, rate=1.0,
                            limits={LIMIT: beside(ratio)}))
        results.add(Row("feed", LIMIT, "d", 1, "newest, likes=0", 64, rate=1.0, limits={LIMIT: beside(0.1)}))
        self.assertIn("| 0.40 | 0.70 | 0.80 | 1 of 3 | no | feed, d, newest, likes=0, following 1000, 64 connections |",
                      line_of(results, "feed page / C on LMDB"))

    def test_an_upper_bound_is_worst_where_it_is_greatest(self) -> None:
        results = Results()
        results.add(Row("start-up", MARTLET, "d", 10_000_000, p50=300.0))
        results.add(Row("start-up", MARTLET, "e", 10_000_000, p50=100.0))
        results.add(Row("start-up", MARTLET, "e", 1_000_000, p50=5000.0))
        self.assertIn("| at most 200 ms | 300 ms | 200 ms | 100 ms | 1 of 2 | no |", line_of(results, "start to"))

    def test_a_goal_without_rows_says_so(self) -> None:
        self.assertTrue(all("not measured" in line for line in lines(Results())[6:]))

    def test_commands_are_compared_with_the_program_of_their_connections(self) -> None:
        results = Results()
        every = {JOURNAL_HTTP: beside(0.6), LMDB: beside(0.7), LMDB_24: beside(1.6)}
        results.add(Row("post", MARTLET, "d", 1_000_000, "", 1, "events/s", rate=1.0, limits=every))
        results.add(Row("post", MARTLET, "d", 1_000_000, "", 64, "events/s", rate=1.0, limits=every))
        results.add(Row("post", MARTLET, "d", 100_000, "", 64, "events/s", rate=1.0, limits=every))
        self.assertIn("| 0.60 | 0.60 | 0.60 | 2 of 2 | yes |", line_of(results, "with a journal and HTTP"))
        self.assertIn("| 1.60 | 1.60 | 1.60 | 1 of 1 | yes |", line_of(results, "batches of 24"))
        self.assertIn("| 0.70 | 0.70 | 0.70 | 0 of 1 | no |", line_of(results, "one durable command"))

    def test_what_is_only_compared_has_no_verdict(self) -> None:
        results = Results()
        results.add(Row("cold readers", MARTLET, "d", 1, rate=1.0, peers={"redis": beside(0.5)}))
        self.assertIn("| 0 of 1 |  |", line_of(results, "cold readers"))

    def test_of_postgres_a_hundred_times_is_wanted_or_three_quarters_of_c(self) -> None:
        def row(ratio: float, limit: float) -> Row:
            return Row("feed", MARTLET, "d", 1, "", 64, rate=ratio, peers={"postgres": beside(ratio, 1.0)},
                       limits={LIMIT: beside(ratio / limit, limit)})
        rows = [row(100, 200), row(60, 80), row(30, 80)]
        self.assertEqual([round(value, 3) for value, _ in postgres(rows)], [1.0, 1.0, 0.5])

    def test_reads_beside_writes_may_take_five_times_as_long_or_ten_milliseconds(self) -> None:
        def row(data: str, variant: str, p99: float) -> Row:
            return Row("reads at a fixed rate", MARTLET, data, 1, variant, 16, p99=p99)
        rows = [row("a", "quiet", 1.0), row("a", "beside writes", 5.0), row("b", "quiet", 4.0),
                row("b", "beside writes", 40.0), row("c", "beside writes", 40.0)]
        self.assertEqual([value for value, _ in beside_writes(rows)], [0.5, 2.0])

    def test_memory_counts_with_writes_too(self) -> None:
        results = Results()
        results.add(Row("memory", MARTLET, "d", 10_000_000, "feed, all likes", 256, rss_anon=20_000_000))
        results.add(Row("memory", MARTLET, "d", 10_000_000, "both", 256, rss_anon=70_000_000))
        self.assertIn("| 70 MB | 45 MB | 20 MB | 1 of 2 | no | memory, d, both, 256 connections |",
                      line_of(results, "RssAnon"))

    def test_growth_takes_the_same_operation_at_both_sizes(self) -> None:
        small = Row("post", MARTLET, "generated-100000", 100_000, "", 64, rate=1000.0)
        large = Row("post", MARTLET, "generated-10000000", 10_000_000, "", 64, rate=400.0)
        other = Row("post", MARTLET, "generated-10000000", 10_000_000, "", 256, rate=1.0)
        self.assertEqual(growth([small, large, other]), [(small, large, 2.5)])

    def test_what_is_sent_at_a_fixed_rate_does_not_grow(self) -> None:
        rows = [Row("reads at a fixed rate", MARTLET, f"generated-{size}", size, "quiet", 16, rate=500.0)
                for size in (100_000, 10_000_000)]
        self.assertEqual(growth(rows), [])
