"""Tells what is going on, one line a step."""

from __future__ import annotations

import sys
import time


class Progress:
    """Writes lines to standard error, each with the time since the start."""

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._is_open = False

    def step(self, text: str) -> None:
        """Begins a step; what `result` says ends its line."""
        self._close()
        elapsed = int(time.monotonic() - self._start)
        print(f"[{elapsed // 60:3d}:{elapsed % 60:02d}] {text}", end="", file=sys.stderr, flush=True)
        self._is_open = True

    def result(self, text: str) -> None:
        """Ends the line of a step, or is a line of its own."""
        print(f"  {text}" if self._is_open else f"         {text}", file=sys.stderr, flush=True)
        self._is_open = False

    def _close(self) -> None:
        if self._is_open:
            print(file=sys.stderr, flush=True)
            self._is_open = False
