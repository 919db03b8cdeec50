"""Starts and stops servers, and reads what the kernel says of them."""

from __future__ import annotations

import ctypes
import dataclasses
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)
TICKS = os.sysconf("SC_CLK_TCK")


class Failure(Exception):
    """Something that was to be measured cannot be; the text is the reason that the report gives."""


@dataclasses.dataclass
class Usage:
    """What processes used."""

    cpu_seconds: float
    rss_anon: int


def free_port() -> int:
    """A TCP port of 127.0.0.1 on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def descendants(root: int) -> list[int]:
    """A process and everything that it started."""
    found = [root]
    for pid in found:
        try:
            tasks = list(Path(f"/proc/{pid}/task").iterdir())
        except OSError:
            continue
        for task in tasks:
            try:
                found += [int(child) for child in (task / "children").read_text().split()]
            except OSError:
                pass
    return found


def usage(roots: Sequence[int]) -> Usage:
    """What processes and everything that they started used so far; children that ended count with their parent."""
    ticks = memory = 0
    for root in roots:
        for pid in descendants(root):
            try:
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                status = Path(f"/proc/{pid}/status").read_text()
            except OSError:
                continue
            ticks += sum(int(field) for field in fields[11:15])
            for line in status.splitlines():
                if line.startswith("RssAnon:"):
                    memory += int(line.split()[1]) * 1024
    return Usage(ticks / TICKS, memory)


def wait_until(condition: Callable[[], bool], what: str, seconds: float = 30, process: subprocess.Popen | None = None,
               pause: float = 0.02) -> None:
    """Waits for a condition; fails when a process that should bring it about has ended."""
    deadline = time.monotonic() + seconds
    while not condition():
        if process is not None and process.poll() is not None:
            raise Failure(f"{what}: the process ended with status {process.returncode}")
        if time.monotonic() > deadline:
            raise Failure(f"{what}: nothing after {seconds:.0f} s")
        time.sleep(pause)


def accepts(port: int) -> bool:
    """Whether somebody listens on a port of 127.0.0.1."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _end_with_parent() -> None:
    """Runs in the child: whatever ends the harness also ends its servers, so that none is left to disturb others."""
    _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Server:
    """A process that runs in the background until it is told to stop; use it in a `with` statement."""

    def __init__(self, arguments: Sequence[str | Path], log: Path, environment: Mapping[str, str] | None = None,
                 user: str | None = None, directory: Path | None = None) -> None:
        self.log = log
        with open(log, "ab") as output:
            # A session of its own: a Ctrl-C at the terminal then ends the harness, which stops servers in order.
            self.process = subprocess.Popen(
                [str(argument) for argument in arguments], stdout=output, stderr=output, stdin=subprocess.DEVNULL,
                env={**os.environ, **(environment or {})}, start_new_session=True, cwd=directory, user=user,
                group=user, extra_groups=[] if user else None, preexec_fn=_end_with_parent)

    @property
    def pid(self) -> int:
        """The process."""
        return self.process.pid

    def wait_for_port(self, port: int, seconds: float = 30) -> None:
        """Waits until it listens."""
        try:
            wait_until(lambda: accepts(port), f"port {port}", seconds, self.process)
        except Failure as failure:
            raise Failure(f"{failure}; it said: {self.last_words()}") from None

    def last_words(self) -> str:
        """The end of what it wrote."""
        try:
            return self.log.read_text(errors="replace").strip()[-400:]
        except OSError:
            return ""

    def stop(self, stop_signal: int = signal.SIGTERM, seconds: float = 60) -> None:
        """Asks it to end, and ends it if it does not."""
        if self.process.poll() is None:
            self.process.send_signal(stop_signal)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def run(arguments: Sequence[str | Path], timeout: float = 3600, **options: object) -> str:
    """Runs a program and returns what it wrote.

    Raises `Failure` with the end of its standard error when its status is not 0.
    """
    done = subprocess.run([str(argument) for argument in arguments], capture_output=True, timeout=timeout,
                          **options)  # type: ignore[call-overload]
    if done.returncode != 0:
        words = done.stderr.decode(errors="replace").strip()[-400:]
        raise Failure(f"{Path(str(arguments[0])).name} ended with status {done.returncode}: {words}")
    return str(done.stdout.decode(errors="replace"))
