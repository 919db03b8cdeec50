"""Fills Redis from a history, through `redis-cli --pipe`."""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from harness.survey import Survey
from peers.history import History

KEPT = 800
"""How many posts a feed holds."""


def command(*parts: str | int) -> bytes:
    """A command in Redis's protocol."""
    wire = [f"*{len(parts)}\r\n".encode()]
    for part in parts:
        value = str(part).encode()
        wire.append(b"$%d\r\n%b\r\n" % (len(value), value))
    return b"".join(wire)


def write(path: Path, history: History, survey: Survey) -> Path:
    """Writes the commands that load everything."""
    with open(path, "wb") as file:
        file.writelines(_posts(history))
        file.writelines(_follows(history))
        file.writelines(_feeds(history, survey))
        file.writelines(command("SET", f"writer:{number:012d}", account.id)
                        for number, account in enumerate(survey.accounts))
        file.write(command("SET", "star:000000000000", survey.top.id))
        file.write(command("SET", "position", history.last))
    return path


def _posts(history: History) -> Iterator[bytes]:
    for post in history.posts.values():
        author = history.users[post.author]
        shown = {
            "id": post.id, "content": post.text, "attachments": [], "author": {"id": author.id, "name": author.name},
            "likes": [], "created_at": post.created_at, "likes_count": len(history.likes.get(post.id, ())),
            "liked": False, "reply_to": post.reply_to}
        yield command("SET", f"post:{post.id}", json.dumps(shown, separators=(",", ":"), ensure_ascii=False))


def _follows(history: History) -> Iterator[bytes]:
    followers: dict[int, list[int]] = {}
    for follower, people in history.follows.items():
        for followed in people:
            followers.setdefault(followed, []).append(follower)
    for followed, people in followers.items():
        for start in range(0, len(people), 5000):
            yield command("SADD", f"followers:{followed}", *people[start:start + 5000])


def _feeds(history: History, survey: Survey) -> Iterator[bytes]:
    posts: dict[int, list[int]] = {}
    for post in history.posts.values():
        posts.setdefault(post.author, []).append(post.id)
    # Readers under measurement are known by class and number too, as redis-benchmark makes up numbers.
    names: dict[int, list[str]] = {}
    for following, readers in survey.readers.items():
        for number, reader in enumerate(readers):
            names.setdefault(reader.id, []).append(f"reader-{following}:{number:012d}")
    for user in history.users:
        logs = [posts.get(author, [])[-KEPT:] for author in [user, *history.follows.get(user, ())]]
        newest: Sequence[int] = heapq.nlargest(KEPT, (post for log in logs for post in log))
        if newest:
            for name in [f"feed:{user}", *names.get(user, ())]:
                yield command("RPUSH", name, *newest)
