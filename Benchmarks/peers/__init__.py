"""The peers: each module starts, loads, measures and stops one system by itself."""

from __future__ import annotations

from collections.abc import Callable

from harness.bench import Stage
from peers.eventsourcing.peer import measure as eventsourcing
from peers.postgres.peer import measure as postgres
from peers.redis.peer import measure as redis

PEERS: dict[str, Callable[[Stage], None]] = {"postgres": postgres, "redis": redis, "eventsourcing": eventsourcing}
"""By name, what measures the peer on a data set."""
