"""Redis with fan-out on write: the newest feed is a list for each account, and a post goes to each follower's.

Measured by redis-benchmark over Redis's own protocol: no HTTP, no key to check, no JSON to make, one thread. So its
rates are what is left when all that is taken away, not a service that answers the contract.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from harness import case_visits
from harness.bench import Stage, describe
from harness.case_reads import VARIANTS, chosen, variant
from harness.loads import WORDS
from harness.processes import Failure, Server, free_port, run, usage, wait_until
from harness.rows import Row
from harness.workplace import Workplace
from peers.history import fold

from . import loading

NAME = "redis"
CONNECTIONS = 64
SYNC = "appendfsync always"
TEXT = '{"content":"' + " ".join(WORDS) + '"}'


class Redis:
    """A server of its own."""

    def __init__(self, place: Workplace, directory: Path) -> None:
        server = place.require("redis-server", "redis-server")
        self._client = place.require("redis-cli", "redis-tools")
        self._benchmark = place.require("redis-benchmark", "redis-tools")
        self.port = free_port()
        self.server = Server(
            [server, "--port", str(self.port), "--bind", "127.0.0.1", "--dir", directory, "--save", "", "--appendonly",
             "yes", "--appendfsync", "no", "--auto-aof-rewrite-percentage", "0", "--daemonize", "no"],
            place.log("redis"))
        self.server.wait_for_port(self.port)

    def call(self, *arguments: str | Path) -> str:
        """Runs the client."""
        return run([self._client, "-p", str(self.port), *arguments]).strip()

    def load(self, path: Path) -> None:
        """Runs the commands of a file."""
        with open(path, "rb") as file:
            text = run([self._client, "-p", str(self.port), "--pipe"], stdin=file)
        if "errors: 0" not in text:
            raise Failure(f"redis-cli --pipe: {text[-200:]}")

    def script(self, name: str) -> str:
        """Loads a script and returns its hash."""
        return self.call("SCRIPT", "LOAD", (Path(__file__).parent / name).read_text())

    def benchmark(self, connections: int, requests: int, numbers: int, *command: str) -> dict[str, float]:
        """Sends a command again and again, with numbers below `numbers` in place of __rand_int__."""
        text = run([self._benchmark, "-p", str(self.port), "-c", str(connections), "-n", str(requests), "-r",
                    str(numbers), "--csv", *command])
        row = next(csv.DictReader(io.StringIO(text)))
        return {name: float(value) for name, value in row.items() if name != "test"}


def measure(stage: Stage) -> None:
    """Starts it, loads the data set, and measures."""
    place = stage.bench.place
    with open(stage.data.events(place), "rb") as lines, place.scratch("redis") as directory:
        history = fold(lines)
        path = loading.write(directory / "load", history, stage.survey)
        del history
        redis = Redis(place, directory)
        try:
            redis.load(path)
            path.unlink()
            redis.call("CONFIG", "SET", "appendfsync", "always")
            wait_until(lambda: "aof_rewrite_in_progress:0" in redis.call("INFO", "persistence"), "redis", 120)
            stage.bench.progress.result(f"{usage([redis.server.pid]).rss_anon / 1e6:.0f} MB")
            _pages(stage, redis, redis.script("page.lua"))
            _posts(stage, redis, redis.script("publish.lua"))
        finally:
            redis.server.stop()


def _pages(stage: Stage, redis: Redis, script: str) -> None:
    wanted = set(chosen(stage))
    for sort, likes, following in VARIANTS:
        if sort == "newest" and likes == 0 and following in stage.survey.readers and (sort, likes, following) in wanted:
            readers = len(stage.survey.readers[following])
            row = Row("feed", NAME, stage.data.name, stage.data.size, variant(sort, likes, following), CONNECTIONS)
            _benchmark(stage, redis, row, readers, "EVALSHA", script, "1", f"reader-{following}:__rand_int__")
    for row in case_visits.rows_of_peer(stage, NAME):
        # What was pushed in between costs a reader nothing here.
        _benchmark(stage, redis, row, row.connections or 1, "EVALSHA", script, "1",
                   f"reader-{case_visits.FOLLOWING}:__rand_int__")


def _posts(stage: Stage, redis: Redis, script: str) -> None:
    for connections in stage.bench.plan.connections:
        row = Row("post", NAME, stage.data.name, stage.data.size, "", connections, "events/s", sync=SYNC)
        _benchmark(stage, redis, row, len(stage.survey.accounts), "EVALSHA", script, "1", "writer:__rand_int__", TEXT)
    row = Row("post by the star", NAME, stage.data.name, stage.data.size, "", CONNECTIONS, "events/s", sync=SYNC)
    _benchmark(stage, redis, row, 1, "EVALSHA", script, "1", "star:__rand_int__", TEXT)


def _benchmark(stage: Stage, redis: Redis, row: Row, numbers: int, *command: str) -> None:
    stage.begin(f"{NAME}: {row.case} {row.variant}")
    connections = row.connections or 1
    # redis-benchmark ends after a number of requests and not after a time, so a first run tells how many to ask for.
    trial = redis.benchmark(connections, 2 * connections + 100, numbers, *command)
    count = max(200, int(trial["rps"] * stage.bench.plan.closed))
    before = usage([redis.server.pid]).cpu_seconds
    found = redis.benchmark(connections, count, numbers, *command)
    after = usage([redis.server.pid])
    row.rate, row.p50, row.p99 = found["rps"], found["p50_latency_ms"], found["p99_latency_ms"]
    row.cpu_us, row.rss_anon = (after.cpu_seconds - before) * 1e6 / count, after.rss_anon
    row.note = "Redis's protocol, closed loop by redis-benchmark"
    stage.bench.results.add(row)
    stage.bench.progress.result(describe(row))
