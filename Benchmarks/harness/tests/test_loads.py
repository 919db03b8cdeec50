"""Requests, and the readers that are added to a history."""

import json
import struct
import tempfile
import unittest
from pathlib import Path

from harness.dataset import with_readers
from harness.loads import MIXED, MIXED_KINDS, Loads, request, write, write_parts
from harness.survey import Account, Survey


def survey() -> Survey:
    accounts = [Account(number, f"u{number}", 1, 10) for number in range(1, 41)]
    return Survey(40, 100, {10: accounts[:16]}, accounts[0], accounts, list(range(100, 200)))


class LoadsOfRequests(unittest.TestCase):
    def test_a_request_is_whole(self) -> None:
        wire = request("POST", "/api/tweets", "key-u1", {"tweet_data": "x"})
        head, _, body = wire.partition(b"\r\n\r\n")
        self.assertIn(b"Content-Length: %d" % len(body), head)
        self.assertTrue(head.startswith(b"POST /api/tweets HTTP/1.1\r\nHost: bench\r\napi-key: key-u1"))

    def test_a_file_gives_back_kind_size_and_bytes(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            data = write(Path(directory) / "requests", [(3, b"abc"), (0, b"")]).read_bytes()
        self.assertEqual(data, struct.pack("<BI", 3, 3) + b"abc" + struct.pack("<BI", 0, 0))

    def test_likes_and_follows_come_once(self) -> None:
        loads = Loads(survey())
        likes = [wire for _, wire in loads.likes(2000)]
        self.assertEqual((len(likes), len(set(likes))), (2000, 2000))
        follows = [wire for _, wire in loads.follows(10_000)]
        self.assertEqual((len(follows), len(set(follows))), (40 * 39, 40 * 39))

    def test_the_mixed_load_has_its_proportions(self) -> None:
        self.assertEqual(sum(MIXED.values()), 1000)
        made = Loads(survey()).mixed({"key-u1": "p-1-2s"}, 20_000)
        for kind, share in enumerate(MIXED.values()):
            count = sum(1 for found, _ in made if found == kind)
            self.assertAlmostEqual(count / 20, share, delta=0.2 * share + 3)

    def test_a_mixed_load_likes_and_follows_once(self) -> None:
        made = Loads(survey()).mixed({"key-u1": "p-1-2s"}, 20_000)
        for kind in ("like", "follow"):
            wires = [wire for found, wire in made if MIXED_KINDS[found] == kind]
            self.assertEqual(len(wires), len(set(wires)))

    def test_a_mixed_load_goes_on_when_there_is_nobody_left_to_follow(self) -> None:
        made = Loads(survey()).mixed({"key-u1": "p-1-2s"}, 100_000)
        follows = [wire for found, wire in made if MIXED_KINDS[found] == "follow"]
        self.assertGreater(len(follows), 40 * 39)
        self.assertEqual(len(set(follows)), 40 * 39)

    def test_three_files_share_the_requests(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            files = write_parts(Path(directory) / "x", [(0, b"%d" % number) for number in range(7)])
            parts = [file.read_bytes().replace(struct.pack("<BI", 0, 1), b"") for file in files]
        self.assertEqual(parts, [b"036", b"14", b"25"])

    def test_the_same_seed_gives_the_same_requests(self) -> None:
        self.assertEqual(Loads(survey(), 5).storm(500), Loads(survey(), 5).storm(500))


class Readers(unittest.TestCase):
    def test_readers_follow_exactly_so_many_and_classes_too_large_are_left_out(self) -> None:
        history = [json.dumps({"at": "2026-01-01T00:00:00Z", "do": "register", "user": f"u{number}"},
                              separators=(",", ":")).encode() + b"\n" for number in range(150)]
        lines = [json.loads(line) for line in with_readers(history)]
        follows: dict[str, set[str]] = {}
        for line in lines:
            if line["do"] == "follow":
                follows.setdefault(line["user"], set()).add(line["target"])
        self.assertEqual(sorted({len(targets) for targets in follows.values()}), [10, 100])
        self.assertEqual(len(follows), 32)
