"""The peers: each module starts, loads, measures and stops one system by itself."""

from __future__ import annotations

from collections.abc import Callable

from harness.bench import Stage

PEERS: dict[str, Callable[[Stage], None]] = {}
"""By name, what measures the peer on a data set."""
