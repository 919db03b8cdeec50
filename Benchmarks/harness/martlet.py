"""Martlet as a server under measurement."""

from __future__ import annotations

import http.client
import json
from pathlib import Path

from .processes import Failure, Server, free_port, wait_until
from .workplace import Workplace

SYNC = "journal: fdatasync per batch"


def get(port: int, target: str, key: str, timeout: float = 30) -> tuple[bytes, dict[str, str]]:
    """One answer: its body and headers (names in lower case)."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        # Written as the senders write it: the limit looks for exactly these bytes.
        connection.request("GET", target, headers={"api-key": key})
        answer = connection.getresponse()
        body = answer.read()
    except (http.client.HTTPException, OSError) as error:
        raise Failure(f"GET {target}: {error}") from None
    finally:
        connection.close()
    if answer.status != 200:
        raise Failure(f"GET {target}: status {answer.status}, {body[:200].decode(errors='replace')}")
    return body, {name.lower(): value for name, value in answer.getheaders()}


class Martlet:
    """`martlet serve` on a data directory that may be written to."""

    sync = SYNC

    def __init__(self, place: Workplace, data: Path, name: str = "martlet") -> None:
        self.data = data
        self.port = free_port()
        # A load comes from few accounts, each of which asks far more often than a person does.
        self.server = Server(
            [place.martlet, "serve", "--data", data, "--listen", f"127.0.0.1:{self.port}",
             "--requests-per-second", "0"], place.log(name))
        try:
            wait_until(self.is_ready, "martlet", 600, self.server.process)
        except Failure as failure:
            words = self.server.last_words()
            self.server.stop()
            raise Failure(f"{failure}; it said: {words}") from None

    @property
    def pids(self) -> list[int]:
        """The processes that do the work."""
        return [self.server.pid]

    def is_ready(self) -> bool:
        """Whether it answers every query."""
        try:
            get(self.port, "/readyz", "")
            return True
        except Failure:
            return False

    def position(self) -> int:
        """The position of the newest event that queries show."""
        return int(get(self.port, "/healthz", "")[1]["martlet-position"])

    def cursor(self, target: str, key: str) -> str | None:
        """Where the page after a feed page begins."""
        return json.loads(get(self.port, target, key)[0])["next_cursor"]

    def stop(self) -> None:
        """Stops it in order."""
        self.server.stop()
