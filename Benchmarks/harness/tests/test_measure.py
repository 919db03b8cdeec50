"""Percentiles and ratios."""

import unittest

from harness.measure import Sent, median, percentile


class Measures(unittest.TestCase):
    def test_a_percentile_is_the_bound_that_holds_the_share(self) -> None:
        histogram = [(10.0, 50), (20.0, 49), (30.0, 1)]
        self.assertEqual(percentile(histogram, 0.5), 10.0)
        self.assertEqual(percentile(histogram, 0.51), 20.0)
        self.assertEqual(percentile(histogram, 0.99), 20.0)
        self.assertEqual(percentile(histogram, 1), 30.0)

    def test_nothing_has_the_percentile_0(self) -> None:
        self.assertEqual(percentile([], 0.5), 0.0)

    def test_the_median_of_an_even_number_is_between_two(self) -> None:
        self.assertEqual(median([4, 1, 3, 2]), 2.5)
        self.assertEqual(median([3, 1, 2]), 2)

    def test_a_rate_counts_answers_and_errors_are_all_that_is_no_2xx(self) -> None:
        sent = Sent(requests=500, seconds=2, p50=1, p99=2, p999=3, refused=4, lost=5)
        self.assertEqual(sent.rate, 250)
        self.assertEqual(sent.errors, 9)
