"""FastAPI, SQLAlchemy 2 and PostgreSQL, measured with the same requests as Martlet."""

from __future__ import annotations

import json
from pathlib import Path

from harness import case_life, case_reads, case_writes
from harness.bench import Stage
from harness.dataset import DataSet
from harness.loads import Loads, Request
from harness.martlet import Martlet, get
from harness.processes import Failure, Server, free_port
from harness.workplace import Workplace
from peers.history import fold

from .cluster import Cluster
from .loading import load

NAME = "postgres"
WORKERS = 2


class Service:
    """The service under uvicorn, and the cluster behind it."""

    sync = "synchronous_commit on"

    def __init__(self, place: Workplace, cluster: Cluster) -> None:
        self._cluster = cluster
        self.port = free_port()
        here = Path(__file__).parent
        venv = place.venv("postgres", here / "requirements.txt")
        self.server = Server(
            [venv / "bin/python", "-m", "uvicorn", "service.app:app", "--host", "127.0.0.1", "--port", str(self.port),
             "--workers", str(WORKERS), "--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level",
             "warning", "--backlog", "2048", "--timeout-keep-alive", "60"],
            place.log("uvicorn"), {"BENCH_DATABASE": cluster.url, "PYTHONDONTWRITEBYTECODE": "1"}, directory=here)
        self.server.wait_for_port(self.port)

    @property
    def pids(self) -> list[int]:
        """Both: what the service costs is what it and its database use."""
        return [self.server.pid, self._cluster.server.pid]


def measure(stage: Stage) -> None:
    """Starts it, loads the data set, checks that it answers as Martlet does, and measures."""
    place, progress = stage.bench.place, stage.bench.progress
    with open(stage.data.events(place), "rb") as lines, place.scratch("postgres") as directory:
        history = fold(lines)
        cluster = Cluster(place, directory)
        try:
            load(cluster, history, stage.requests)
            del history
            service = Service(place, cluster)
            try:
                size = int(cluster.sql("SELECT pg_database_size('bench')"))
                stage.row("disk", NAME, variant="database", unit="bytes/event", rate=size / stage.data.size,
                          note=f"{size:,} bytes, indexes included; PostgreSQL {cluster.version()}")
                progress.result(f"PostgreSQL {cluster.version()}, {size / 1e6:.0f} MB, {WORKERS} workers")
                progress.step(f"{stage.data.name}: {NAME}: comparing its answers with Martlet's")
                progress.result(compare(stage, stage.data, service))
                case_reads.feed_of_peer(stage, NAME, service)
                case_reads.profile(stage, NAME, service)
                case_writes.of_peer(stage, NAME, service)
                if not stage.bench.plan.is_quick:
                    case_life.star(stage, NAME, service)
            finally:
                service.server.stop()
        finally:
            cluster.stop()


def compare(stage: Stage, data: DataSet, service: Service) -> str:
    """Asks both the same, and fails where the JSON differs: a peer that answers something else is no peer."""
    loads = Loads(stage.survey)
    asked: list[Request] = []
    for following in stage.survey.readers:
        for sort in ("popular", "newest"):
            asked += loads.feed(following, sort, 0)[:3] + loads.feed(following, sort, None)[:3]
    asked += loads.profiles(60)
    with stage.bench.place.scratch("compare") as directory:
        martlet = Martlet(stage.bench.place, data.copy(directory / "data"), "compare")
        try:
            for _, wire in asked:
                target, key = _parts(wire)
                ours, theirs = (json.loads(get(port, target, key)[0]) for port in (martlet.port, service.port))
                if ours != theirs:
                    raise Failure(f"{target} for {key}: {_difference(ours, theirs)}")
        finally:
            martlet.stop()
    return f"{len(asked)} answers are the same"


def _parts(wire: bytes) -> tuple[str, str]:
    lines = wire.decode().split("\r\n")
    key = next(line for line in lines if line.startswith("api-key: ")).removeprefix("api-key: ")
    return lines[0].split(" ")[1], key


def _difference(ours: object, theirs: object, path: str = "answer") -> str:
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for name in ours.keys() | theirs.keys():
            if ours.get(name) != theirs.get(name):
                return _difference(ours.get(name), theirs.get(name), f"{path}.{name}")
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for index, (one, other) in enumerate(zip(ours, theirs)):
            if one != other:
                return _difference(one, other, f"{path}[{index}]")
    return f"{path} is {str(ours)[:120]} with Martlet and {str(theirs)[:120]} here"
