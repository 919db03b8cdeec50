"""What the senders write, read back."""

import json
import unittest

from harness.bench import note_sender
from harness.case_life import by_kind
from harness.measure import Sent
from harness.processes import Failure
from harness.rows import MARTLET, Row
from harness.senders import parse_openloop, parse_visits, parse_wrk

WRK = """Running 2s test @ http://127.0.0.1:8080
  1 threads and 64 connections
  2000 requests in 2.01s, 10.28MB read
RESULT {"requests":2000,"seconds":2.010000,"bytes":10276176,"p50":417,"p99":7235,"p999":8912,"max":9227,"refused":3,"lost":2,"cpu":1.500}
"""


class SenderOutput(unittest.TestCase):
    def test_the_last_line_of_wrk_is_read_in_milliseconds(self) -> None:
        sent = parse_wrk(WRK)
        self.assertEqual((sent.requests, sent.p50, sent.p99, sent.errors), (2000, 0.417, 7.235, 5))
        self.assertEqual(sent.sender_cpu, 1.5)
        self.assertAlmostEqual(sent.rate, 995.02, places=2)

    def test_output_without_a_result_is_a_failure_that_shows_it(self) -> None:
        with self.assertRaisesRegex(Failure, "unable to connect"):
            parse_wrk("unable to connect to 127.0.0.1:1 Connection refused\n")

    def test_openloop_counts_what_was_never_answered_as_errors(self) -> None:
        times = {"count": 90, "p50": 100.0, "p99": 2000.0, "p999": 3000.0, "max": 3000.0, "buckets": [[100.0, 90]]}
        text = json.dumps({
            "due": 100, "answered": 90, "refused": 1, "lost": 2, "unanswered": 8, "asked_rate": 50.0, "rate": 45.0,
            "seconds": 2.0, "body_bytes": 1, "sender_cpu_seconds": 0.1, "all": times, "kinds": {"1": times}})
        sent = parse_openloop(text)
        self.assertEqual((sent.errors, sent.p99, sent.asked_rate), (11, 2.0, 50.0))
        self.assertEqual(parse_openloop(text, 1).requests, 90)
        with self.assertRaises(Failure):
            parse_openloop(text, 0)

    def test_visits_alone_are_counted(self) -> None:
        times = {"count": 32, "p50": 100.0, "p99": 2000.0, "p999": 3000.0, "max": 3000.0, "buckets": [[100.0, 32]]}
        values = {"rounds": 3, "visits": 32, "seconds": 0.016, "server_cpu_seconds": 0.0032, "sender_cpu_seconds": 0.001,
                  "refused": 1, "lost": 0, "all": times}
        sent, cpu = parse_visits(json.dumps(values))
        self.assertEqual((sent.rate, sent.p99, sent.errors), (2000, 2.0, 1))
        self.assertAlmostEqual(cpu, 100)
        with self.assertRaises(Failure):
            parse_visits(json.dumps(values | {"visits": 0}))

    def test_a_sender_that_is_full_is_noted(self) -> None:
        row = Row("feed", MARTLET, note="first")
        note_sender(row, Sent(1000, 2.0, 1, 2, 3, sender_cpu=1.0))
        self.assertEqual((row.sender_cores, row.note), (0.5, "first"))
        note_sender(row, Sent(1000, 2.0, 1, 2, 3, sender_cpu=1.9))
        self.assertEqual(row.note, "first; the sender is full (0.95 of its core), so judge by CPU us/req")

    def test_one_open_loop_gives_a_row_for_each_kind_that_was_answered(self) -> None:
        def times(p99: float) -> dict[str, object]:
            return {"count": 9, "p50": 1.0, "p99": p99, "p999": p99, "max": p99, "buckets": [[p99, 9]]}
        text = json.dumps({
            "seconds": 2.0, "refused": 0, "lost": 0, "unanswered": 0, "asked_rate": 9.0, "sender_cpu_seconds": 0.1,
            "all": times(2000.0), "kinds": {"0": times(1000.0), "2": times(2000.0)}})
        rows = by_kind(Row("mixed", MARTLET, "d", 1, connections=64, latency_at=9.0), text, ["feed", "list", "like"])
        self.assertEqual([(row.variant, row.p99, row.latency_at) for row in rows],
                         [("feed", 1.0, 9.0), ("like", 2.0, 9.0)])
