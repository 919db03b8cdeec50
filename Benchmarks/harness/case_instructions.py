"""Instructions of a fixed run, of this commit's program and of its parent's: they do not depend on who uses the machine.

Valgrind counts those of the process, the kernel's not among them. A run is made twice, with fewer and with more commands
or queries; the difference leaves out the start and the end. Valgrind runs one thread at a time, so what threads do while
they wait for each other is not as it is in life, but nearly the same each time.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from . import parent
from .bench import Stage
from .loads import feed_target
from .processes import Failure, Server, free_port, run as run_program
from .rows import MARTLET, PARENT, Row

FEW, MANY = 200, 1200
ACCOUNTS = 50
REPEATS = 2
TIMEOUT = 120


def run(stage: Stage) -> None:
    """Counts for both programs. What cannot be had is missing, with its reason."""
    place = stage.bench.place
    subjects: dict[str, Path] = {MARTLET: place.martlet}
    valgrind = place.require("valgrind", "valgrind")
    try:
        stage.begin("building the parent")
        subjects[PARENT], commit = parent.program(place)
        stage.bench.progress.result(commit)
    except Failure as failure:
        stage.miss("instructions", PARENT, failure)
    for what, count in (("command, one at a time", _commands), ("command, import", _batches), ("query", _queries)):
        rows = {}
        for subject, program in subjects.items():
            try:
                stage.begin(f"instructions per {what}, {subject}")
                rows[subject] = _row(stage, what, count, subject, program, valgrind)
                stage.bench.progress.result(f"{rows[subject].rate:,.0f}")
            except Failure as failure:
                stage.miss(f"instructions per {what}", subject, failure)
        if len(rows) == 2:
            mine, before = rows[MARTLET].rate, rows[PARENT].rate
            rows[MARTLET].note += f"; {mine / before:.3f} of the parent's {before:,.0f}"


Count = Callable[[Stage, Path, Path, str, int], int]


def _row(stage: Stage, what: str, count: Count, subject: str, program: Path, valgrind: str) -> Row:
    with stage.bench.place.scratch("instructions") as directory:
        stripped = directory / "martlet"
        # Valgrind 3.19 cannot read the newest debugging information, and gives up.
        run_program(["strip", "-g", "-o", stripped, program])
        found = sorted(
            (count(stage, directory, stripped, valgrind, MANY) - count(stage, directory, stripped, valgrind, FEW))
            / (MANY - FEW) for _ in range(REPEATS))
    mean = sum(found) / len(found)
    return stage.row("instructions", subject, variant=f"per {what}", unit="instructions", rate=mean,
                     note=f"mean of {REPEATS} counts, {(found[-1] - found[0]) / mean:.1%} apart")


def _environment(stage: Stage) -> dict[str, str]:
    # Else the order in tables of hashes differs from run to run.
    return {"LD_PRELOAD": str(stage.bench.place.bin / "valgrind.so"), "SWIFT_DETERMINISTIC_HASHING": "1"}


def _arguments(valgrind: str, program: Path) -> list[str | Path]:
    return [valgrind, "--tool=callgrind", "--callgrind-out-file=/dev/null", program]


def _collected(text: str) -> int:
    found = re.search(r"Collected : (\d+)", text)
    if found is None:
        raise Failure(f"valgrind counted nothing: {text.strip()[-300:]}")
    return int(found[1])


def commands(count: int, has_follows: bool) -> Iterator[bytes]:
    """A history for `martlet import`: some accounts, who may all follow each other, and so many posts."""
    def line(**values: str) -> bytes:
        return json.dumps({"at": "2026-01-01T00:00:00Z", **values}, separators=(",", ":")).encode() + b"\n"
    users = [f"u{number}" for number in range(ACCOUNTS)]
    for user in users:
        yield line(do="register", user=user, name=f"User {user}")
    if has_follows:
        for user in users:
            yield from (line(do="follow", user=user, target=target) for target in users if target != user)
    for number in range(count):
        yield line(do="post", user=users[number % ACCOUNTS], post=f"p{number}", text=f"swift martlet roof wind {number}")


def _import(directory: Path, count: int, has_follows: bool) -> list[str | Path]:
    """The arguments of an import of so many posts into a new data directory."""
    shutil.rmtree(directory / "data", ignore_errors=True)
    lines = directory / "commands.jsonl"
    lines.write_bytes(b"".join(commands(count, has_follows)))
    # Valgrind has no room for a map of the usual size, and a log keeps the size that it was made with.
    return ["import", "--data", directory / "data", "--demo-keys", "--map-size", "1GiB", lines]


def _batches(stage: Stage, directory: Path, program: Path, valgrind: str, count: int) -> int:
    """Of an import: commands in batches, decided, appended, applied and projected."""
    arguments = [*_arguments(valgrind, program), *_import(directory, count, False)]
    try:
        done = subprocess.run([str(one) for one in arguments], capture_output=True, timeout=TIMEOUT,
                              env={**os.environ, **_environment(stage)})
    except subprocess.TimeoutExpired:
        raise Failure(f"an import under valgrind took more than {TIMEOUT} s") from None
    return _collected(done.stderr.decode(errors="replace"))


def _commands(stage: Stage, directory: Path, program: Path, valgrind: str, count: int) -> int:
    """Of a server: posts over one connection, each in a batch of its own."""
    body = json.dumps({"tweet_data": "swift martlet roof wind", "tweet_media_ids": []})
    requests = [("POST", "/api/tweets", body, f"key-u{number % ACCOUNTS}") for number in range(count)]
    return _served(stage, directory, program, valgrind, requests)


def _queries(stage: Stage, directory: Path, program: Path, valgrind: str, count: int) -> int:
    """Of a server: newest feed pages over one connection."""
    target = feed_target("newest", 0)
    requests = [("GET", target, None, f"key-u{number % ACCOUNTS}") for number in range(count)]
    return _served(stage, directory, program, valgrind, requests)


WireRequest = tuple[str, str, str | None, str]
"""Method, target, body and key."""


def _served(stage: Stage, directory: Path, program: Path, valgrind: str, requests: Sequence[WireRequest]) -> int:
    run_program([program, *_import(directory, FEW, True)])
    port, log = free_port(), stage.bench.place.log("instructions")
    # Tables are brought up as seldom as can be: how often it is done depends on the clock.
    arguments = [*_arguments(valgrind, program), "serve", "--data", directory / "data", "--listen",
                 f"127.0.0.1:{port}", "--loops", "1", "--map-size", "1GiB", "--requests-per-second", "0",
                 "--apply-interval", "1m", "--apply-events", "50000"]
    with Server(arguments, log, _environment(stage)) as server:
        server.wait_for_port(port, TIMEOUT)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
        for method, target, body, key in requests:
            headers = {"api-key": key} | ({"Content-Type": "application/json"} if body else {})
            connection.request(method, target, body, headers)
            answer = connection.getresponse()
            answer.read()
            if not 200 <= answer.status < 300:
                raise Failure(f"{method} {target} under valgrind: status {answer.status}")
        connection.close()
        server.stop(signal.SIGTERM, TIMEOUT)
    return _collected(log.read_text(errors="replace"))
