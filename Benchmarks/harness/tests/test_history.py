"""The state that peers begin with, folded from events."""

import json
import unittest

from peers.history import fold


def event(position: int, kind: str, actor: int = 0, **data: object) -> bytes:
    return json.dumps({"position": position, "time": "2026-01-01T00:00:00.000Z", "type": kind, "actor": actor,
                       "streams": {}, "data": data}).encode()


class Folding(unittest.TestCase):
    def test_what_was_undone_is_gone_and_counts_agree(self) -> None:
        history = fold([
            event(1, "account_registered", handle="a", name="A", role="member", key_hash="00" * 32),
            event(2, "account_registered", handle="b", name="B", role="member", key_hash=None),
            event(3, "post_published", 1, text="one", reply_to=None, media=[]),
            event(4, "post_published", 1, text="two", reply_to=3, media=[]),
            event(5, "post_liked", 2, post=3), event(6, "post_liked", 2, post=4), event(7, "post_unliked", 2, post=4),
            event(8, "account_followed", 2, account=1), event(9, "account_unfollowed", 2, account=1),
            event(10, "account_followed", 1, account=2), event(11, "post_deleted", 1, post=3)])
        self.assertEqual(list(history.posts), [4])
        self.assertEqual(history.posts[4].reply_to, 3)
        self.assertEqual(history.likes, {4: {}})
        self.assertEqual((history.users[1].tweets, history.users[1].following, history.users[1].followers), (1, 1, 0))
        self.assertEqual((history.users[2].following, history.users[2].followers), (0, 1))
        self.assertEqual(history.last, 11)
