"""What a server takes: time to start, memory, bytes on disk."""

from __future__ import annotations

import socket
import threading
import time
from pathlib import Path

from .bench import Stage
from .loads import Loads, write
from .martlet import Martlet
from .processes import Failure, Server, free_port, usage
from .rows import MARTLET

STARTS = 5
SEED = 300
WRITES_PER_SECOND = 20_000
"""Of each kind: more than are done, so that likes and follows are new."""


def start_up(stage: Stage, data: Path) -> None:
    """Measures the time from starting the program to its first answer to a query, after an orderly end."""
    stage.begin("start-up")
    key = stage.survey.accounts[0].key
    times = []
    try:
        for _ in range(STARTS):
            port = free_port()
            began = time.monotonic()
            command = [stage.bench.place.martlet, "serve", "--data", data, "--listen", f"127.0.0.1:{port}"]
            with Server(command, stage.bench.place.log("start-up")) as server:
                _first_answer(server, port, key)
                times.append(time.monotonic() - began)
    except Failure as failure:
        return stage.miss("start-up", MARTLET, failure)
    times.sort()
    row = stage.row("start-up", MARTLET, unit="", p50=times[len(times) // 2] * 1e3)
    row.note = f"of {STARTS} starts the quickest took {times[0] * 1e3:.0f} ms, the slowest {times[-1] * 1e3:.0f} ms"
    stage.bench.progress.result(f"{row.p50:.0f} ms")


def _first_answer(server: Server, port: int, key: str) -> None:
    request = f"GET /api/users/me HTTP/1.1\r\nHost: bench\r\napi-key: {key}\r\nConnection: close\r\n\r\n".encode()
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port)) as connection:
                connection.sendall(request)
                if connection.recv(64).startswith(b"HTTP/1.1 200"):
                    return
        except OSError:
            pass
        time.sleep(0.001)
    raise Failure(f"no answer: {server.last_words()}")


def memory(stage: Stage, martlet: Martlet) -> None:
    """Measures private memory with 256 connections: those read feed pages, then write, then do both."""
    following = 100 if 100 in stage.survey.readers else min(stage.survey.readers)
    loads = Loads(stage.survey, SEED)
    pages = loads.feed(following, "popular", None)
    count = WRITES_PER_SECOND * max(1, round(stage.bench.plan.closed))
    writes = [one for some in zip(loads.posts(count), loads.likes(count), loads.follows(count)) for one in some]
    kinds = {"feed, all likes": pages, "posts, likes, follows": writes[::2],
             "both": [one for index, wire in enumerate(writes[1::2]) for one in (wire, pages[index % len(pages)])]}
    for variant, requests in kinds.items():
        stage.begin(f"memory at 256 connections: {variant}")
        before = usage(martlet.pids).rss_anon
        with Peak(martlet) as peak:
            sent = stage.bench.senders.closed(martlet.port, 256, stage.bench.plan.closed,
                                              write(stage.requests / "memory", requests))
        row = stage.row("memory", MARTLET, connections=256, unit="requests/s", rate=sent.rate, errors=sent.errors,
                        rss_anon=peak.bytes, variant=variant)
        row.note = f"RssAnon before: {before / 1e6:.1f} MB, at most meanwhile: {peak.bytes / 1e6:.1f} MB"
        stage.bench.progress.result(f"{peak.bytes / 1e6:.1f} MB")


class Peak:
    """The most private memory of a server within a `with` statement, looked at ten times a second."""

    def __init__(self, server: Martlet) -> None:
        self.bytes = 0
        self._server = server
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def _look(self) -> None:
        while True:
            self.bytes = max(self.bytes, usage(self._server.pids).rss_anon)
            if self._ended.wait(0.1):
                return

    def __enter__(self) -> "Peak":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()


def disk(stage: Stage) -> None:
    """Measures the room that the data set takes."""
    stage.begin("bytes on disk")
    sizes = {part: used(stage.data.martlet / part) for part in ("log", "views")}
    for part, size in sizes.items():
        stage.row("disk", MARTLET, variant=part, unit="bytes/event", rate=size / stage.data.size,
                  note=f"{size:,} bytes")
    stage.bench.progress.result(", ".join(f"{part} {size / 1e6:.1f} MB" for part, size in sizes.items()))


def used(directory: Path) -> int:
    """Bytes of the blocks that a directory's files take."""
    return sum(path.stat().st_blocks * 512 for path in directory.rglob("*") if path.is_file())
