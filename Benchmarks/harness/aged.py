"""Copies of a data set's log, to which the C programs append what Martlet appended to its own."""

from __future__ import annotations

import shutil
from pathlib import Path

from .dataset import DataSet, flush
from .processes import run

EACH_TIME = 256 << 20
"""A log of at most so many bytes is copied for each run of a C program."""
EACH_ROW = 2 << 30
"""One of at most so many is copied for each row, a larger one once."""
ROUNDS = 1_000_000
"""More than a run begins anew with its records, so that the names of two runs over one copy differ."""


class AgedLog:
    """Gives each run of a C program a log that is as old as Martlet's."""

    def __init__(self, data: DataSet, directory: Path) -> None:
        self._source = data.martlet / "log/data.mdb"
        self._directory = directory
        self._size = self._source.stat().st_blocks * 512
        self._runs = 0
        self._is_there = False

    def begin_row(self) -> None:
        """A new row begins."""
        if self._size <= EACH_ROW:
            self._is_there = False

    def take(self) -> tuple[Path, int]:
        """The directory of a log, and the number of the round that is new there."""
        if not self._is_there or self._size <= EACH_TIME:
            self._copy()
        # Who was ended while reading still stands in the table of readers, and would keep pages from being used again.
        (self._directory / "lock.mdb").unlink(missing_ok=True)
        self._runs += 1
        return self._directory, (self._runs - 1) * ROUNDS

    def _copy(self) -> None:
        shutil.rmtree(self._directory, ignore_errors=True)
        self._directory.mkdir(parents=True)
        run(["cp", "--reflink=auto", "--sparse=always", self._source, self._directory / "data.mdb"])
        flush(self._directory)
        self._runs = 0
        self._is_there = True
