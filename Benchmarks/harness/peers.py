"""Runs the peers on a data set, one after another."""

from __future__ import annotations

from collections.abc import Sequence

from .bench import Stage
from .processes import Failure


def run(stage: Stage, names: Sequence[str]) -> None:
    """Measures the peers of these names; one that cannot be had is reported as missing."""
    from peers import PEERS
    for name in names:
        try:
            stage.begin(f"{name}: installing, starting, loading")
            if name not in PEERS:
                raise Failure("there is no such peer")
            PEERS[name](stage)
        except Exception as error:  # noqa: BLE001: whatever it is, the other peers do not depend on it
            stage.miss("all", name, str(error) if isinstance(error, Failure) else f"{type(error).__name__}: {error}")
