"""Appends and projects with the library `eventsourcing` on SQLite; runs in a virtual environment of its own.

    program.py append FILE BATCH SECONDS     new posts, BATCH aggregates saved in one transaction
    program.py project FILE SECONDS          counts posts and likes by author out of what append left, with tracking

Prints one JSON object.
"""

from __future__ import annotations

import json
import sys
import time
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import Tracking

TEXT = "Saw a swift over the roof this morning, and another one at dusk, higher than before."


class Post(Aggregate):
    """A post as an aggregate of its own."""

    @event("Published")
    def __init__(self, author: int, text: str) -> None:
        self.author = author
        self.text = text


class Posts(Application[UUID]):
    """The application; snapshots and caches are off by default."""


def application(path: str) -> Posts:
    """The application on a file. SQLite's default in WAL mode is `synchronous=FULL`: a sync for each commit."""
    return Posts(env={"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": path})


def append(path: str, batch: int, seconds: float) -> dict[str, float]:
    """Saves batches of new posts until the time is up."""
    app = application(path)
    times: list[float] = []
    events, start, start_cpu = 0, time.perf_counter(), time.process_time()
    now = start
    while now - start < seconds:
        app.save(*(Post(number % 1000, TEXT) for number in range(batch)))
        events += batch
        before, now = now, time.perf_counter()
        times.append(now - before)
    cpu = time.process_time() - start_cpu
    app.close()
    times.sort()
    return {
        "events": events, "commits": len(times), "seconds": now - start, "cpu_seconds": cpu,
        "batch": batch, "commit_p50": times[len(times) // 2], "commit_p99": times[len(times) * 99 // 100],
        "commit_p999": times[len(times) * 999 // 1000]}


def project(path: str, seconds: float) -> dict[str, float]:
    """Reads the notification log in sections, folds them, and keeps the place in the same transaction."""
    app = application(path)
    recorder = app.factory.tracking_recorder()
    counts: dict[int, int] = {}
    events = place = 0
    start, start_cpu = time.perf_counter(), time.process_time()
    while time.perf_counter() - start < seconds:
        section = app.recorder.select_notifications(start=place + 1, limit=1000)
        if not section:
            break
        for notification in section:
            published = app.mapper.to_domain_event(notification)
            author = published.author
            counts[author] = counts.get(author, 0) + 1
            place = notification.id
        recorder.insert_tracking(Tracking("posts", place))
        events += len(section)
    elapsed = time.perf_counter() - start
    cpu = time.process_time() - start_cpu
    app.close()
    return {"events": events, "seconds": elapsed, "cpu_seconds": cpu, "authors": len(counts)}


def main() -> None:
    """Reads the command line."""
    match sys.argv[1:]:
        case ["append", path, batch, seconds]:
            print(json.dumps(append(path, int(batch), float(seconds))))
        case ["project", path, seconds]:
            print(json.dumps(project(path, float(seconds))))
        case _:
            sys.exit(__doc__)


main()
