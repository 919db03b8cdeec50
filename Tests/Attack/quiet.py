"""The quiet clients: each on a connection of its own, a read or a write now and then, and how long each took."""

from __future__ import annotations

import http.client
import json
import math
import threading
import time
import urllib.parse

# Clients of each sort, and requests a second of all of them; below every limit on an account.
CLIENTS = 8
RATE = 20


class Latencies:
    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.worst = (0.0, 0.0)  # seconds that it took, and when it was due since the start
        self.errors: list[str] = []

    def at(self, part: float) -> float:
        """The latency that this part of all requests did not exceed; endless when there are none."""
        if not self.seconds:
            return math.inf
        return sorted(self.seconds)[min(len(self.seconds) - 1, math.ceil(part * len(self.seconds)) - 1)]

    @property
    def words(self) -> str:
        times = "  ".join(f"{name} {self.at(part) * 1000:8.2f} ms" for name, part in [("p50", 0.5), ("p99", 0.99), ("p999", 0.999)])
        return f"{times}  of {len(self.seconds)}, the longest at {self.worst[1]:.0f} s" + (f", {len(self.errors)} FAILED: {self.errors[0]}" if self.errors else "")


class QuietClients:
    def __init__(self, url: str, key: str):
        self.place = urllib.parse.urlsplit(url).netloc
        self.key = key

    def measure(self, seconds: float) -> dict[str, Latencies]:
        """Reads and writes for so long. Blocks."""
        found = {"GET feed": Latencies(), "POST tweet": Latencies()}
        body = json.dumps({"tweet_data": "All is quiet on the eaves."}).encode()
        threads = [threading.Thread(target=self._ask, args=(number, *request, seconds, found[name])) for name, request in [
            ("GET feed", ("GET", "/api/tweets?limit=20", None, 200)), ("POST tweet", ("POST", "/api/tweets", body, 201))]
            for number in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return found

    def _ask(self, number: int, method: str, path: str, body: bytes | None, status: int, seconds: float, found: Latencies) -> None:
        connection = None
        start = time.monotonic()
        due = start + number / RATE
        while due < start + seconds:
            time.sleep(max(0, due - time.monotonic()))
            try:
                connection = connection or http.client.HTTPConnection(self.place, timeout=30)
                connection.request(method, path, body, {"api-key": self.key})
                answer = connection.getresponse()
                text = answer.read()
                if answer.status != status:
                    found.errors.append(f"{answer.status}: {text[:80]!r}")
                # From when it was due: a stall counts for all whom it kept waiting.
                found.seconds.append(time.monotonic() - due)
                found.worst = max(found.worst, (found.seconds[-1], due - start))
            except (OSError, http.client.HTTPException) as problem:
                found.errors.append(f"{type(problem).__name__}: {problem}")
                if connection:
                    connection.close()
                connection = None
            due += CLIENTS / RATE
        if connection:
            connection.close()
