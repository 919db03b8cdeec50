"""Rows, their comparison, and the table."""

import tempfile
import unittest
from pathlib import Path

from harness.case_rebuild import parse_report
from harness.processes import Failure
from harness.report import line, number, ratio, read, table, write
from harness.rows import JOURNAL, LIMIT, LMDB_HTTP, MARTLET, PARENT, Against, Results, Row, against


class Rows(unittest.TestCase):
    def test_martlet_is_compared_with_every_peer_that_did_the_same(self) -> None:
        results = Results()
        mine = results.add(Row("feed", MARTLET, "d", 1, "newest", 64, rate=1000.0))
        results.add(Row("feed", LIMIT, "d", 1, "newest", 64, rate=2000.0))
        results.add(Row("feed", LMDB_HTTP, "d", 1, "newest", 64, rate=1500.0))
        results.add(Row("feed", PARENT, "d", 1, "newest", 64, rate=1500.0))
        results.add(Row("feed", "postgres", "d", 1, "newest", 64, rate=10.0))
        results.add(Row("feed", "redis", "d", 1, "newest", 64, rate=500.0))
        results.add(Row("feed", "postgres", "d", 1, "popular", 64, rate=1.0))
        results.add(Row("feed", "postgres", "other", 1, "newest", 64, rate=1.0))
        results.compare_with_peers()
        self.assertEqual(mine.peers, {"postgres": {"rate": 10.0, "ratio": 100.0}, "redis": {"rate": 500.0, "ratio": 2.0}})

    def test_a_ratio_is_to_the_mean_of_before_and_after(self) -> None:
        found = against(60, 100, 140, cpu=20, others_cpu=5)
        self.assertEqual(found, {"rate": 120.0, "ratio": 0.5, "spread": 1.4, "cpu": 0.25})

    def test_a_limit_of_nothing_is_refused(self) -> None:
        with self.assertRaises(ValueError):
            against(60, 0, 140)

    def test_a_line_has_as_many_cells_as_the_header(self) -> None:
        results = Results()
        results.add(Row("post", MARTLET, "d", 1, connections=64, rate=8000.0, note="a | b"))
        results.miss("feed", "redis", "d", "no\npackage")
        text = table(results, {"cores": 2})
        header = next(row for row in text.splitlines() if row.startswith("| data |"))
        self.assertEqual(line(results.rows[0]).replace("\\|", "").count("|"), header.count("|"))
        self.assertIn("| feed | redis | d | no package |", text)

    def test_every_ratio_stands_beside_both_rates(self) -> None:
        results = Results()
        results.add(Row("post", MARTLET, "d", 1, connections=64, rate=8000.0, limits={
            JOURNAL: Against(rate=32_000.0, ratio=0.25, cpu=0.75, spread=1.5)}))
        results.add(Row("post", "postgres", "d", 1, connections=64, rate=400.0))
        results.compare_with_peers()
        text = table(results, {})
        self.assertIn("| post | d |  | 64 | 8,000 | limit-journal | 32,000 | 0.25 | 0.75 | 1.50 |", text)
        self.assertIn("| post | d |  | 64 | 8,000 | postgres | 400 | 20 |  |  |", text)

    def test_what_was_written_is_read_again(self) -> None:
        results = Results()
        results.add(Row("start-up", MARTLET, "d", 1, unit="", p50=23.0, histogram=[[1.0, 2]]))
        results.add(Row("feed", MARTLET, "d", 1, "newest", 64, rate=1.0, peers={"postgres": Against(rate=0.5, ratio=2.0)}))
        results.miss("feed", "redis", "d", "no package")
        with tempfile.TemporaryDirectory() as name:
            write(results, {"cores": 2}, Path(name))
            old, about = read(Path(name))
        self.assertEqual((old.rows, old.missing, about), (results.rows, results.missing, {"cores": 2}))

    def test_numbers_show_what_counts(self) -> None:
        self.assertEqual([number(value) for value in (None, 0.12345, 12.345, 12345.6)], ["", "0.123", "12.3", "12,346"])
        self.assertEqual([ratio(value) for value in (None, 0.654, 123.4)], ["", "0.65", "123"])

    def test_the_report_of_a_rebuild_is_read(self) -> None:
        self.assertEqual(parse_report("events        20000\nseconds       0.14\nevents/s      100000\n"), (20000, 0.2))
        with self.assertRaises(Failure):
            parse_report("nothing of the kind")
