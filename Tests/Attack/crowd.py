"""What every attack of the crowd has: its loop, its counts, and the bound on the attackers' own use of the machine."""

from __future__ import annotations

import asyncio
import collections
import dataclasses
import time
from collections.abc import Callable, Coroutine

from wire import Answer, BadAnswer, Connection, Target

# What a server may take for something slow beyond its deadline, in seconds: the machine is busy.
GRACE = 5.0


class Pace:
    """Keeps the attackers to a share of one core, so that what is measured is the server and not a machine used up."""

    def __init__(self, share: float):
        self.share = share
        self._begin()

    def _begin(self) -> None:
        self._since, self._used = time.monotonic(), time.process_time()

    async def breathe(self) -> None:
        """Waits while more than the share is used, and lets others have their turn."""
        used = time.process_time() - self._used
        ahead = used / self.share - (time.monotonic() - self._since)
        await asyncio.sleep(min(max(ahead, 0), 1))
        if time.monotonic() - self._since > 2:
            # What was not used is not saved up for a rush.
            self._begin()


@dataclasses.dataclass
class Field:
    """Where the attack takes place."""
    target: Target
    keys: list[str]
    row_key: str  # of an account that nothing else uses, so that no limit of an account meets it
    pace: Pace
    seconds: float
    idle: int

    def __post_init__(self) -> None:
        self.end = time.monotonic() + self.seconds

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self.end


class Attack:
    """One way to upset a server; `crowd_connections.py` and `crowd_requests.py` have them.

    `at_once` workers run at the same time, each on connections of its own. Where a server has a deadline for what the
    attack does, `deadline` is that, and a connection that is held longer is a complaint.
    """
    at_once = 1
    deadline: float | None = None

    def __init__(self, field: Field):
        self.field = field
        self.counts: collections.Counter[str] = collections.Counter()
        self.complaints: list[str] = []
        self.longest = 0.0

    @property
    def name(self) -> str:
        return (self.__doc__ or "").split("\n")[0].rstrip(".")

    async def work(self, number: int) -> None:
        """One round of one worker; it is called again until the time is over."""
        raise NotImplementedError

    async def run(self) -> None:
        await asyncio.gather(*(self._worker(number) for number in range(self.at_once)))

    async def _worker(self, number: int) -> None:
        # Not all at the same moment.
        await asyncio.sleep(0.5 * number / self.at_once)
        while not self.field.is_over:
            try:
                await self.work(number)
            except (asyncio.TimeoutError, TimeoutError):
                self.counts["timed out"] += 1
            except BadAnswer as problem:
                self.complain(str(problem))
            except OSError as problem:
                self.counts[type(problem).__name__] += 1
                await asyncio.sleep(0.1)
            await self.field.pace.breathe()

    def key(self, number: int) -> str:
        return self.field.keys[number % len(self.field.keys)]

    def complain(self, text: str) -> None:
        self.counts["complaints"] += 1
        if len(self.complaints) < 5 and text not in self.complaints:
            self.complaints.append(text)

    def note(self, answer: Answer | None) -> None:
        """Counts an answer; 5xx but 503 is the server's own fault."""
        self.counts[str(answer.status) if answer else "closed"] += 1
        if answer and answer.status >= 400:
            answer.check_error()
            if answer.status >= 500 and answer.status not in (503, 505, 501):
                self.complain(f"the server answers {answer.status}: {answer.body[:80]!r}")

    async def hold(self, connection: Connection, step: Callable[[], Coroutine], pause: float = 1) -> None:
        """Goes on step by step until the server ends the connection, or the time is over.

        A step returns whether the connection still stands.
        """
        start = stood = time.monotonic()
        self.counts["held"] += 1
        while not self.field.is_over:
            if not await step():
                self.counts["cut off"] += 1
                break
            # When it was last seen to stand: on a busy machine the end is seen long after it came.
            stood = time.monotonic()
            await asyncio.sleep(pause)
        held = stood - start
        self.longest = max(self.longest, held)
        if self.deadline and held > self.deadline + GRACE:
            self.complain(f"a connection stood for {held:.0f} s, and {self.deadline:.0f} s is its deadline")


async def run_attacks(attacks: list[Attack]) -> None:
    """Runs all at once until the field's time is over, and a few seconds for what is under way."""
    tasks = [asyncio.ensure_future(attack.run()) for attack in attacks]
    _, late = await asyncio.wait(tasks, timeout=attacks[0].field.seconds + 3)
    for task in late:
        task.cancel()
    for result in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(result, Exception):
            raise result
