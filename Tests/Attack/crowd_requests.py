"""Attacks by requests: floods, and such that cost a server more than they cost to send."""

from __future__ import annotations

import asyncio
import random

import grammar_bodies
import grammar_forms
import grammar_heads
from crowd import Attack, Field
from crowd_connections import head


class Asking(Attack):
    """Requests one after the other on one connection"""

    def request(self, number: int) -> bytes:
        raise NotImplementedError

    async def work(self, number: int) -> None:
        connection = await self.field.target.connect()
        try:
            while not self.field.is_over:
                await connection.send(self.request(number))
                answer = await connection.answer(seconds=30)
                self.note(answer)
                if not answer or answer.closes:
                    return
                await self.field.pace.breathe()
        finally:
            connection.close()


class Floods(Attack):
    """500 requests in one go"""
    at_once = 4

    async def work(self, number: int) -> None:
        connection = await self.field.target.connect()
        try:
            sending = asyncio.ensure_future(connection.send((head("/healthz") + b"\r\n") * 500, 30))
            for _ in range(500):
                self.note(await connection.answer(seconds=30))
            await sending
        finally:
            connection.close()
        await asyncio.sleep(0.2)


class HugeOffsets(Asking):
    """Pages far down in a feed"""
    at_once = 8

    def request(self, number: int) -> bytes:
        offset, limit = random.choice([(1_000_000, 1), (999_999, 1), (10**15, 1000), (9, 1000), (100, 100), (2**63 - 1, 1000), (5000, 1)])
        return head(f"/api/tweets?offset={offset}&limit={limit}", self.key(number)) + b"\r\n"


class JSONBombs(Asking):
    """Bodies of 1 MB that are much work to read"""
    at_once = 3
    SIZE = 1_000_000

    def __init__(self, field: Field):
        super().__init__(field)
        size = self.SIZE
        self.bodies = [
            b"[" * size, b"[" + b"{}," * (size // 3 - 1) + b"{}]", b'{"a":' * (size // 5), b"[" + b"1," * (size // 2 - 1) + b"1]",
            b'{"tweet_data": "' + b"\\u0041" * (size // 6 - 10) + b'"}', b'{"tweet_data": "x", "tweet_media_ids": [' + b"1," * 400_000 + b"1]}",
            b"{" + b",".join(b'"%d":0' % n for n in range(90_000)) + b"}", b" " * size, b"9" * size, b'"' * size]

    def request(self, number: int) -> bytes:
        body = random.choice(self.bodies)
        return head("/api/tweets", self.key(number), f"Content-Length: {len(body)}", method="POST") + b"\r\n" + body

    async def work(self, number: int) -> None:
        await super().work(number)
        await asyncio.sleep(0.5)


class WrongKeys(Asking):
    """Guesses of keys"""
    at_once = 4

    def request(self, number: int) -> bytes:
        return head("/api/tweets", f"key-{random.getrandbits(64)}") + b"\r\n"


class Waits(Asking):
    """Those who want to wait for what never comes, with and without a key"""
    at_once = 20

    def request(self, number: int) -> bytes:
        key = self.key(number) if number % 2 else None
        return head("/api/tweets?limit=1", key, f"Martlet-Wait: {random.choice([10**7, 10**15, 60_000])}") + b"\r\n"


class EndlessChunkLines(Attack):
    """Chunk lines without end, sent at once"""
    at_once = 8

    async def work(self, number: int) -> None:
        line = random.choice([b"1;" + b"a" * 40_000, b"0" * 40_000, b"1" + b" " * 40_000])
        path = random.choice(["/healthz", "/api/tweets", "/api/medias", "/nope"])
        connection = await self.field.target.connect()
        try:
            await connection.send(head(path, self.key(number), "Transfer-Encoding: chunked", method="POST") + b"\r\n" + line)
            self.note(await connection.answer(seconds=40))
        finally:
            connection.close()
        await asyncio.sleep(0.1)


class Garbage(Attack):
    """Legal requests with some bytes changed, and bytes at random"""
    at_once = 8

    def __init__(self, field: Field):
        super().__init__(field)
        self.legal = [row.request for module in (grammar_heads, grammar_bodies, grammar_forms) for row in module.rows(field.keys[0])
                      if len(row.request) < 2000 and row.method != "HEAD"]

    async def work(self, number: int) -> None:
        data = bytearray(random.choice(self.legal) if random.random() < 0.9 else random.randbytes(500))
        for _ in range(random.choice([0, 1, 2, 8])):
            at = random.randrange(len(data))
            data[at:at + random.choice([0, 1, 1, 1, 4])] = random.choice([b"", b"\r\n", b"\n", b" ", b":", b"\0", random.randbytes(1), b"0" * 20])
        connection = await self.field.target.connect()
        try:
            cut = random.randint(0, len(data))
            await connection.send(bytes(data[:cut]))
            await asyncio.sleep(random.random() * 0.01)
            await connection.send(bytes(data[cut:]))
            connection.finish()
            while (answer := await connection.answer(seconds=45)) is not None and answer.status != 101:
                self.note(answer)
        finally:
            connection.close()
        await asyncio.sleep(0.05)


class GrammarRows(Attack):
    """Every row of the grammar's table, again and again"""
    at_once = 4

    def __init__(self, field: Field):
        super().__init__(field)
        self.rows = [row for module in (grammar_heads, grammar_bodies, grammar_forms) for row in module.rows(field.row_key)]
        self.turn = random.randrange(len(self.rows))

    async def work(self, number: int) -> None:
        row = self.rows[self.turn % len(self.rows)]
        self.turn += 1
        # At most 80 a second by all workers: what one account may ask.
        await asyncio.sleep(0.05)
        complaint = await row.check(self.field.target, seconds=40)
        self.counts["wrong" if complaint else "right"] += 1
        if complaint:
            self.complain(f"{row.name}: {complaint}")


def attacks(field: Field) -> list[Attack]:
    kinds = (Floods, HugeOffsets, JSONBombs, WrongKeys, Waits, EndlessChunkLines, Garbage, GrammarRows)
    return [kind(field) for kind in kinds]
