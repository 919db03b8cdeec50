"""A row of the grammar's table: bytes for a connection of their own, and what must come back."""

from __future__ import annotations

import asyncio
import dataclasses

from wire import Answer, BadAnswer, Connection, Target


@dataclasses.dataclass
class Row:
    """What is sent, and what is right.

    `statuses` has one set for each answer that must come, in order. `then` says what comes of the connection: it is
    closed by the server, without another byte, or it goes on: then a further request on it is answered. Where both are
    right it is `None`.
    """
    name: str
    request: bytes
    statuses: list[set[int]]
    then: str | None = "open"
    method: str = "GET"
    pause_at: int | None = None  # after so many bytes the client waits for a moment
    finish: bool = False  # the client ends its side with its last byte
    may_be_silent: bool = False  # closing without an answer is right too
    field: str | None = None  # a field that the last answer must have
    text: str | None = None  # what the last answer's body must contain

    async def check(self, target: Target, seconds: float = 15) -> str | None:
        """Sends it; the complaint, or `None` when all is right."""
        connection = None
        try:
            connection = await target.connect()
            return await self._converse(connection, seconds)
        except BadAnswer as problem:
            return str(problem)
        except (asyncio.TimeoutError, TimeoutError):
            return f"nothing came for {seconds:.0f} s"
        except OSError as problem:
            return f"the connection failed: {problem}"
        finally:
            if connection:
                connection.close()

    async def _converse(self, connection: Connection, seconds: float) -> str | None:
        # Reading begins while it is sent: a server may answer long before the end of what it refuses.
        sending = asyncio.ensure_future(self._send(connection, seconds))
        try:
            for right in self.statuses:
                answer = await connection.answer(self.method == "HEAD", seconds)
                if answer is None:
                    if self.may_be_silent:
                        return None
                    return f"closed without an answer, {_words(right)} was to come"
                if answer.status not in right:
                    return f"{answer.status} instead of {_words(right)}: {answer.body[:70].decode('utf-8', 'replace')}"
                if complaint := self._look_at(answer):
                    return complaint
            if self.field and not answer.field(self.field):
                return f"{answer.status} without {self.field}"
            if self.text and self.text.encode() not in answer.body:
                return f"{answer.status} says {answer.body[:90]!r}, not {self.text}"
            if self.then == "closed":
                return await self._closed(connection, answer, seconds)
            return await self._goes_on(connection) if self.then == "open" else None
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    async def _send(self, connection: Connection, seconds: float) -> None:
        if self.pause_at:
            await connection.send(self.request[:self.pause_at], seconds)
            await asyncio.sleep(0.3)
        await connection.send(self.request[self.pause_at or 0:], seconds)
        if self.finish:
            connection.finish()

    def _look_at(self, answer: Answer) -> str | None:
        if answer.status >= 400 and self.method != "HEAD":
            answer.check_error()
        if answer.status == 405 and not answer.field("Allow"):
            return "405 without Allow"
        return None

    async def _closed(self, connection: Connection, answer: Answer, seconds: float) -> str | None:
        if not self.finish and not answer.closes and answer.status >= 400:
            return f"{answer.status} does not say Connection: close"
        rest = await connection.rest(seconds)
        return f"after the answer came {rest[:60]!r}" if rest else None

    async def _goes_on(self, connection: Connection) -> str | None:
        await connection.send(b"GET /healthz HTTP/1.1\r\nHost: martlet\r\n\r\n")
        answer = await connection.answer()
        if answer is None:
            return "the server closed a connection that was to go on"
        return None if answer.status == 200 else f"the next request got {answer.status}: {answer.body[:70]!r}"


def _words(statuses: set[int]) -> str:
    return " or ".join(str(status) for status in sorted(statuses))


async def check_rows(rows: list[Row], target: Target, at_once: int = 16) -> list[tuple[Row, str]]:
    """Checks all rows, some at a time; those that are wrong, with their complaints."""
    room = asyncio.Semaphore(at_once)

    async def one(row: Row) -> str | None:
        async with room:
            return await row.check(target)

    complaints = await asyncio.gather(*(one(row) for row in rows))
    return [(row, complaint) for row, complaint in zip(rows, complaints) if complaint]
