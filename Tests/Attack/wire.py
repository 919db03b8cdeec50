"""One connection, byte for byte: sends what it is given, however wrong, and reads answers strictly."""

from __future__ import annotations

import asyncio
import dataclasses
import errno
import itertools
import json
import os
import re
import socket
import struct
import urllib.parse

STATUS_LINE = re.compile(rb"HTTP/1\.1 ([1-5][0-9][0-9]) [\x20-\x7e]*$")
FIELD_LINE = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*?)[ \t]*$")

IP_BIND_ADDRESS_NO_PORT = 24  # from <linux/in.h>; Python has no name for it
# One address has some 28,000 ports to connect from, and a closed connection keeps one for a minute. All of 127/8 is this
# machine, so connections come from several of its addresses in turn.
_SOURCES = itertools.cycle([f"127.0.0.{last}" for last in range(1, 9)])


class BadAnswer(Exception):
    """The server sent what is no sound answer."""


@dataclasses.dataclass
class Answer:
    status: int
    fields: list[tuple[str, str]]
    body: bytes

    def field(self, name: str) -> str | None:
        values = [value for key, value in self.fields if key.lower() == name.lower()]
        if len(values) > 1:
            raise BadAnswer(f"{name} stands {len(values)} times in the head")
        return values[0] if values else None

    @property
    def closes(self) -> bool:
        return (self.field("Connection") or "").lower() == "close"

    def check_error(self) -> None:
        """Every error is the contract's JSON."""
        kind = self.field("Content-Type") or "no Content-Type"
        if kind.split(";")[0] != "application/json":
            raise BadAnswer(f"{self.status} comes as {kind}: {self.body[:60]!r}")
        try:
            error = json.loads(self.body)
        except ValueError:
            raise BadAnswer(f"{self.status} is no JSON: {self.body[:60]!r}") from None
        if not (isinstance(error, dict) and error.get("result") is False and isinstance(error.get("error_type"), str)
                and isinstance(error.get("error_message"), str)):
            raise BadAnswer(f"{self.status} is not the contract's error: {self.body[:80]!r}")


class Target:
    """Where the server listens."""

    def __init__(self, url: str):
        parts = urllib.parse.urlsplit(url)
        self.address = (parts.hostname, parts.port or 80)

    async def connect(self, receive_buffer: int | None = None, seconds: float = 10) -> Connection:
        """Connects; a small receive buffer makes a slow reader."""
        connection = self._prepare(receive_buffer)
        try:
            await asyncio.wait_for(asyncio.get_running_loop().sock_connect(connection.end, self.address), seconds)
        except BaseException:
            connection.close()
            raise
        return connection

    def begin(self) -> Connection:
        """Begins to connect and does not wait: on this machine the connection mostly stands at once. For thousands."""
        connection = self._prepare(None)
        error = connection.end.connect_ex(self.address)
        if error not in (0, errno.EINPROGRESS):
            connection.close()
            raise OSError(error, os.strerror(error))
        return connection

    def _prepare(self, receive_buffer: int | None) -> Connection:
        end = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        end.setblocking(False)
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if receive_buffer:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        if self.address[0] == "127.0.0.1":
            # The kernel chooses the port when it knows the other end, so that one port serves several pairs.
            end.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
            end.bind((next(_SOURCES), 0))
        return Connection(end)


class Connection:
    def __init__(self, end: socket.socket):
        self.end = end
        self.received = bytearray()

    async def send(self, data: bytes, seconds: float = 10) -> bool:
        """Sends all bytes; false when the server has closed meanwhile, which is its right after an error."""
        try:
            await asyncio.wait_for(asyncio.get_running_loop().sock_sendall(self.end, data), seconds)
            return True
        except (ConnectionError, BrokenPipeError):
            return False

    def finish(self) -> None:
        try:
            self.end.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self) -> None:
        self.end.close()

    def reset(self) -> None:
        """Closes with a reset, as a client does that crashes."""
        self.end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.end.close()

    async def receive(self, count: int = 65536, seconds: float = 10) -> bytes:
        """Some bytes; none at the end of the connection, or after a reset."""
        try:
            return await asyncio.wait_for(asyncio.get_running_loop().sock_recv(self.end, count), seconds)
        except ConnectionError:
            return b""

    async def answer(self, is_head: bool = False, seconds: float = 10) -> Answer | None:
        """The next answer; `None` when the connection ends before one begins."""
        while (end := self.received.find(b"\r\n\r\n")) < 0:
            more = await self.receive(seconds=seconds)
            if not more:
                if self.received:
                    raise BadAnswer(f"the connection ends within a head: {bytes(self.received[:80])!r}")
                return None
            self.received += more
        answer = _head(bytes(self.received[:end]))
        del self.received[:end + 4]
        if is_head or answer.status < 200 or answer.status in (204, 304):
            return answer
        length = answer.field("Content-Length")
        if length is None or not length.isdecimal():
            raise BadAnswer(f"{answer.status} has the Content-Length {length}")
        while len(self.received) < int(length):
            more = await self.receive(seconds=seconds)
            if not more:
                raise BadAnswer(f"{answer.status} ends after {len(self.received)} of {length} bytes")
            self.received += more
        answer.body = bytes(self.received[:int(length)])
        del self.received[:int(length)]
        return answer

    async def rest(self, seconds: float = 10) -> bytes:
        """Everything until the server closes."""
        while more := await self.receive(seconds=seconds):
            self.received += more
        return bytes(self.received)


def _head(text: bytes) -> Answer:
    lines = text.split(b"\r\n")
    status = STATUS_LINE.match(lines[0])
    if not status:
        raise BadAnswer(f"no status line: {lines[0][:80]!r}")
    fields = []
    for line in lines[1:]:
        field = FIELD_LINE.match(line)
        if not field:
            raise BadAnswer(f"no field line: {line[:80]!r}")
        fields.append((field[1].decode(), field[2].decode("latin-1")))
    return Answer(int(status[1]), fields, b"")
