"""Copies of a log, and the commit to compare with."""

import subprocess
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from harness import aged
from harness.aged import ROUNDS, AgedLog
from harness.dataset import DataSet
from harness.parent import commits


class Aged(unittest.TestCase):
    def setUp(self) -> None:
        self._scratch = tempfile.TemporaryDirectory()
        self.addCleanup(self._scratch.cleanup)
        root = Path(self._scratch.name)
        data = DataSet("generated", 1, root / "data")
        (data.martlet / "log").mkdir(parents=True)
        (data.martlet / "log/data.mdb").write_bytes(b"x" * 8192)
        self.log = AgedLog(data, root / "copy")

    def runs(self) -> list[tuple[bool, int]]:
        """Of three runs in two rows: whether the copy was new, and the first round."""
        found = []
        for is_first in (True, False, True):
            if is_first:
                self.log.begin_row()
            directory, first = self.log.take()
            found.append((not (directory / "used").exists(), first))
            (directory / "used").touch()
        return found

    def test_a_small_log_is_copied_for_each_run(self) -> None:
        self.assertEqual(self.runs(), [(True, 0), (True, 0), (True, 0)])

    def test_a_larger_one_is_copied_for_each_row_and_rounds_go_on(self) -> None:
        with mock.patch.object(aged, "EACH_TIME", 1):
            self.assertEqual(self.runs(), [(True, 0), (False, ROUNDS), (True, 0)])

    def test_the_largest_is_copied_once(self) -> None:
        with mock.patch.object(aged, "EACH_TIME", 1), mock.patch.object(aged, "EACH_ROW", 2):
            self.assertEqual(self.runs(), [(True, 0), (False, ROUNDS), (False, 2 * ROUNDS)])


class Parents(unittest.TestCase):
    def test_commits_that_leave_the_program_alone_are_passed_over(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            root = Path(name)

            def git(*arguments: str) -> str:
                return subprocess.run(
                    ["git", "-C", name, "-c", "user.name=n", "-c", "user.email=e", *arguments], check=True,
                    capture_output=True, text=True).stdout.strip()

            git("init", "--quiet")
            hashes = []
            (root / "Sources").mkdir()
            for file in ("Sources/a", "Sources/a", "docs"):
                path = root / file
                path.write_text(path.read_text() + "x" if path.exists() else "x")
                git("add", "-A")
                git("commit", "--quiet", "-m", file)
                hashes.append(git("rev-parse", "HEAD"))
            self.assertEqual(commits(root), (hashes[1], hashes[0]))
