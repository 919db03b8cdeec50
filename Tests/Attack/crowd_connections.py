"""Attacks that hold connections: by the thousand, slow, or half done."""

from __future__ import annotations

import asyncio
import contextlib
import random
import select

from crowd import Attack, Field
from wire import Connection


def head(path: str, key: str | None = None, *lines: str, method: str = "GET") -> bytes:
    """A request's head without its empty line."""
    fields = ["Host: martlet", *([f"api-key: {key}"] if key else []), *lines]
    return "\r\n".join((f"{method} {path} HTTP/1.1", *fields, "")).encode()


class IdleConnections(Attack):
    """Connections that do nothing"""
    turn = 0

    async def run(self) -> None:
        held: dict[int, Connection] = {}
        ended = select.epoll()
        try:
            while not self.field.is_over:
                for descriptor, _ in ended.poll(0, 1000):
                    held.pop(descriptor).close()
                    self.counts["cut off"] += 1
                for _ in range(min(100, self.field.idle - len(held))):
                    connection = self.field.target.begin()
                    # Every second one has asked something before, and has not read the answer.
                    self.turn += 1
                    if self.turn % 2:
                        with contextlib.suppress(OSError):
                            connection.end.send(head("/healthz") + b"\r\n")
                    held[connection.end.fileno()] = connection
                    ended.register(connection.end, select.EPOLLRDHUP)
                self.counts["at most"] = max(self.counts["at most"], len(held))
                await asyncio.sleep(0.2 if len(held) >= self.field.idle else 0)
                await self.field.pace.breathe()
        finally:
            for connection in held.values():
                connection.close()


class Slow(Attack):
    """A connection that sends one byte a second"""
    at_once = 300
    start = b""

    def request(self, number: int) -> tuple[bytes, bytes]:
        """What is sent at once, and the byte that follows each second."""
        raise NotImplementedError

    async def work(self, number: int) -> None:
        connection = await self.field.target.connect()
        try:
            first, drop = self.request(number)
            await connection.send(first)

            async def step() -> bool:
                if not await connection.send(drop):
                    return False
                # An answer, or an end, shows itself as something to read.
                try:
                    return bool(connection.end.recv(65536))
                except BlockingIOError:
                    return True
                except ConnectionError:
                    return False

            await self.hold(connection, step)
        finally:
            connection.close()


class SlowHeads(Slow):
    """Heads that come byte by byte"""
    deadline = 10.0

    def request(self, number: int) -> tuple[bytes, bytes]:
        return head("/api/tweets", self.key(number)) + b"X-Slow: ", b"a"


class SlowBodies(Slow):
    """Bodies that come byte by byte"""
    deadline = 30.0

    def request(self, number: int) -> tuple[bytes, bytes]:
        if number % 2:
            return head("/api/tweets", self.key(number), "Content-Length: 1000", method="POST") + b"\r\n{", b" "
        return head("/api/tweets", self.key(number), "Transfer-Encoding: chunked", method="POST") + b"\r\n3e8\r\n{", b" "


class SlowChunkLines(Slow):
    """Chunk lines that come byte by byte"""
    at_once = 50
    deadline = 30.0

    def request(self, number: int) -> tuple[bytes, bytes]:
        path = ("/healthz", "/api/tweets", "/nope")[number % 3]
        return head(path, self.key(number), "Transfer-Encoding: chunked", method="POST") + b"\r\n1;", b"a"


class LargeHeads(Slow):
    """Heads of 30 KB that do not end"""
    deadline = 10.0

    def request(self, number: int) -> tuple[bytes, bytes]:
        return head("/api/tweets", self.key(number)) + b"X: " + b"a" * 30_000, b"a"


class StoppedUploads(Slow):
    """Uploads that stop after 256 KB"""
    at_once = 30
    # What came in was fast enough for a second span of 30 s.
    deadline = 60.0

    def request(self, number: int) -> tuple[bytes, bytes]:
        lines = "Content-Type: multipart/form-data; boundary=x", "Content-Length: 10000000"
        start = b"\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n\x89PNG\r\n\x1a\n"
        return head("/api/medias", self.key(number), *lines, method="POST") + start + bytes(262_144), b""


class SlowReaders(Attack):
    """Readers of long pages who take 64 bytes a second"""
    at_once = 60
    # Four answers, each with 60 s, and then the connection idles.
    deadline = 300.0

    async def work(self, number: int) -> None:
        connection = await self.field.target.connect(receive_buffer=2048)
        try:
            request = head("/api/tweets?limit=1000", self.key(number)) + b"\r\n"
            await connection.send(request * 4)
            with contextlib.suppress(asyncio.TimeoutError, TimeoutError):
                await self.hold(connection, lambda: self._take(connection))
        finally:
            connection.close()

    async def _take(self, connection: Connection) -> bool:
        taken = await connection.receive(64, seconds=70)
        if taken.startswith(b"HTTP/1.1 "):
            self.counts[taken[9:12].decode()] += 1
        return bool(taken)


class Resets(Attack):
    """Connections that are reset in the middle"""
    at_once = 8

    async def work(self, number: int) -> None:
        key = self.key(number)
        whole = head("/api/tweets?limit=1000", key) + b"\r\n"
        post = head("/api/tweets", key, "Content-Length: 30", method="POST") + b"\r\n{\"tweet_data\": \"reset\"}       "
        request = random.choice([whole, whole * 20, post, post[:-9], b"", b"\r"])
        connection = await self.field.target.connect()
        try:
            await connection.send(request[:random.choice([len(request), random.randint(0, len(request))])])
            if random.random() < 0.5:
                await asyncio.sleep(random.random() * 0.02)
        finally:
            connection.reset()
        self.counts["resets"] += 1
        await asyncio.sleep(0.02)


class Connects(Attack):
    """A thousand connects at once, closed at once"""

    async def work(self, number: int) -> None:
        opened: list[Connection] = []
        try:
            while len(opened) < 1000:
                opened += [self.field.target.begin() for _ in range(100)]
                self.counts["connects"] += 100
                await self.field.pace.breathe()
        finally:
            for index, connection in enumerate(opened):
                connection.reset() if index % 2 else connection.close()
        await asyncio.sleep(3)


class SilentFloods(Attack):
    """Requests by the thousand from those who never read an answer"""
    at_once = 20
    # 60 s from when the kernel's buffers are full, which takes a while.
    deadline = 90.0

    async def work(self, number: int) -> None:
        connection = await self.field.target.connect(receive_buffer=2048)
        try:
            request = head("/api/tweets?limit=100", self.key(number)) + b"\r\n"

            async def step() -> bool:
                try:
                    return await connection.send(request * 200, seconds=20)
                except (asyncio.TimeoutError, TimeoutError):
                    return True

            await self.hold(connection, step, pause=0.2)
        finally:
            connection.reset()


def attacks(field: Field) -> list[Attack]:
    kinds = (IdleConnections, SlowHeads, SlowBodies, SlowChunkLines, LargeHeads, StoppedUploads, SlowReaders, Resets, Connects,
             SilentFloods)
    return [kind(field) for kind in kinds]
