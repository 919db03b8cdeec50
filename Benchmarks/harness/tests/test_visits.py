"""Who writes between the visits of readers."""

import unittest

from harness.case_visits import changes, common
from harness.processes import Failure
from harness.survey import Account


def accounts(count: int) -> list[Account]:
    return [Account(number, f"u{number}", 1, 1) for number in range(1, count + 1)]


class Visits(unittest.TestCase):
    def test_authors_are_those_whom_most_readers_follow(self) -> None:
        followed = [set(range(1, 65)), set(range(1, 33))]
        picked, share = common(accounts(200), followed)
        self.assertEqual({account.id for account in picked}, set(range(1, 65)))
        self.assertEqual(share, 0.75)

    def test_readers_who_follow_nobody_that_is_known_are_refused(self) -> None:
        with self.assertRaises(Failure):
            common(accounts(10), [{99}])

    def test_each_reader_follows_somebody_new_and_unfollows_him(self) -> None:
        wires = [wire for _, wire in changes(accounts(2), accounts(5), [{2, 3}, {1}])]
        self.assertEqual([wire.split(b" HTTP")[0] for wire in wires], [
            b"POST /api/users/4/follow", b"POST /api/users/3/follow", b"DELETE /api/users/4/follow",
            b"DELETE /api/users/3/follow"])
