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
from collections.abc import Callable, Iterator
from pathlib import Path

from . import parent
from .bench import Stage
from .loads import feed_target
from .measure import median
from .processes import Failure, Server, accepts, free_port, run as run_program, wait_until
from .rows import MARTLET, PARENT, Row

FEW, MANY = 500, 2500
ACCOUNTS = 50
REPEATS = 3
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
    for what, count in (("command", _commands), ("query", _queries)):
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
    middle = median(found)
    return stage.row("instructions", subject, variant=f"per {what}", unit="instructions", rate=middle,
                     note=f"median of {REPEATS} counts, {(found[-1] - found[0]) / middle:.1%} apart")


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


def commands(count: int) -> Iterator[bytes]:
    """A history for `martlet import`: some accounts that all follow each other, and so many posts."""
    def line(**values: str) -> bytes:
        return json.dumps({"at": "2026-01-01T00:00:00Z", **values}, separators=(",", ":")).encode() + b"\n"
    users = [f"u{number}" for number in range(ACCOUNTS)]
    for user in users:
        yield line(do="register", user=user, name=f"User {user}")
    for user in users:
        yield from (line(do="follow", user=user, target=target) for target in users if target != user)
    for number in range(count):
        yield line(do="post", user=users[number % ACCOUNTS], post=f"p{number}", text=f"swift martlet roof wind {number}")


def _import(directory: Path, count: int) -> list[str | Path]:
    """The arguments of an import of so many posts into a new data directory."""
    shutil.rmtree(directory / "data", ignore_errors=True)
    lines = directory / "commands.jsonl"
    lines.write_bytes(b"".join(commands(count)))
    # Valgrind has no room for a map of the usual size, and a log keeps the size that it was made with.
    return ["import", "--data", directory / "data", "--demo-keys", "--map-size", "1GiB", lines]


def _commands(stage: Stage, directory: Path, program: Path, valgrind: str, count: int) -> int:
    """Of an import: commands in batches, decided, appended, applied and projected."""
    arguments = [*_arguments(valgrind, program), *_import(directory, count)]
    try:
        done = subprocess.run([str(one) for one in arguments], capture_output=True, timeout=TIMEOUT,
                              env={**os.environ, **_environment(stage)})
    except subprocess.TimeoutExpired:
        raise Failure(f"an import under valgrind took more than {TIMEOUT} s") from None
    return _collected(done.stderr.decode(errors="replace"))


def _queries(stage: Stage, directory: Path, program: Path, valgrind: str, count: int) -> int:
    """Of a server: newest feed pages over one connection."""
    run_program([program, *_import(directory, MANY)])
    port, log = free_port(), stage.bench.place.log("instructions")
    arguments = [*_arguments(valgrind, program), "serve", "--data", directory / "data", "--listen",
                 f"127.0.0.1:{port}", "--loops", "1", "--map-size", "1GiB", "--requests-per-second", "0"]
    with Server(arguments, log, _environment(stage)) as server:
        wait_until(lambda: accepts(port), "martlet under valgrind", TIMEOUT, server.process, pause=0.2)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
        for number in range(count):
            connection.request("GET", feed_target("newest", 0), headers={"api-key": f"key-u{number % ACCOUNTS}"})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise Failure(f"a feed page under valgrind: status {answer.status}")
        connection.close()
        server.stop(signal.SIGTERM, TIMEOUT)
    return _collected(log.read_text(errors="replace"))
