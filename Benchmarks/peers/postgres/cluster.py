"""A PostgreSQL cluster of its own, in a directory that goes away with it."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
from pathlib import Path

from harness.processes import Failure, Server, free_port, run, wait_until
from harness.workplace import Workplace

SETTINGS = {
    # Durability as it is by default, said aloud.
    "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on",
    # What whoever runs it for speed on a machine of its own would set.
    "effective_io_concurrency": "200", "random_page_cost": "1.1", "work_mem": "16MB", "maintenance_work_mem": "512MB",
    "max_wal_size": "8GB", "min_wal_size": "1GB", "checkpoint_timeout": "30min", "wal_level": "minimal",
    "max_wal_senders": "0", "wal_buffers": "64MB", "jit": "off", "max_connections": "100", "max_parallel_workers": "0",
    "max_parallel_workers_per_gather": "0", "autovacuum_naptime": "10s", "huge_pages": "try",
    "listen_addresses": "", "logging_collector": "off",
}


class Cluster:
    """Starts, loads and stops `postgres`, which refuses to run as root."""

    def __init__(self, place: Workplace, directory: Path) -> None:
        self.binaries = _binaries(place)
        self.directory = directory
        self.user = _user()
        self.port = free_port()
        data = directory / "data"
        if self.user:
            shutil.chown(directory, self.user, self.user)
        self.as_user = {"user": self.user, "group": self.user, "extra_groups": []} if self.user else {}
        run([self.binaries / "initdb", "-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
             "--no-sync"], cwd=directory, **self.as_user)
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20
        settings = SETTINGS | {
            "shared_buffers": f"{min(8192, memory // 4)}MB", "effective_cache_size": f"{memory * 3 // 4}MB",
            "port": str(self.port), "unix_socket_directories": str(directory)}
        arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self.server = Server([self.binaries / "postgres", "-D", data, *arguments], place.log("postgres"),
                             user=self.user, directory=directory)
        try:
            wait_until(self._is_ready, "postgres", 60, self.server.process)
            self.sql("CREATE DATABASE bench", database="postgres")
        except Failure as failure:
            words = self.server.last_words()
            self.stop()
            raise Failure(f"{failure}; it said: {words}") from None

    @property
    def url(self) -> str:
        """For SQLAlchemy."""
        return f"postgresql+asyncpg://bench@/bench?host={self.directory}&port={self.port}"

    def psql(self, *arguments: str | Path, database: str = "bench", text: str | None = None) -> str:
        """Runs the client."""
        options = {} if text is None else {"input": text.encode()}
        return run([self.binaries / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", self.directory, "-p",
                    str(self.port), "-U", "bench", "-d", database, *arguments], cwd=self.directory, **options)

    def sql(self, statement: str, database: str = "bench") -> str:
        """Runs a statement."""
        return self.psql("-At", "-c", statement, database=database).strip()

    def version(self) -> str:
        """For the report."""
        return self.sql("SHOW server_version")

    def stop(self) -> None:
        """Stops it; SIGINT is its quick and orderly end."""
        self.server.stop(signal.SIGINT)

    def _is_ready(self) -> bool:
        try:
            self.sql("SELECT 1", database="postgres")
            return True
        except Failure:
            return False


def _binaries(place: Workplace) -> Path:
    def found() -> list[Path]:
        return sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if not found():
        place.install("postgresql")
    if not found():
        raise Failure("there is no server under /usr/lib/postgresql")
    return found()[-1].parent


def _user() -> str | None:
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
            return name
        except KeyError:
            continue
    raise Failure("postgres refuses to run as root, and there is no other user")
