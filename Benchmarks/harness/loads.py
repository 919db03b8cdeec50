"""Writes the requests of each load to a file that both senders take."""

from __future__ import annotations

import itertools
import json
import random
import struct
from collections.abc import Iterable, Sequence
from pathlib import Path

from .survey import Account, Survey

Request = tuple[int, bytes]
"""A kind and a request as it goes over the wire."""

MIXED = {"feed": 550, "next page": 60, "profile": 180, "list": 110, "like": 60, "post": 20, "follow": 20}
"""The mixed load, per 1000 requests."""
MIXED_KINDS = list(MIXED)

WORDS = "swift martlet roof wind chimney dusk insect flight nest summer tower river morning feather cloud".split()


def request(method: str, target: str, key: str, body: object = None) -> bytes:
    """One HTTP/1.1 request."""
    payload = b"" if body is None else json.dumps(body, separators=(",", ":")).encode()
    lines = [f"{method} {target} HTTP/1.1", "Host: bench", f"api-key: {key}"]
    if payload:
        lines.append("Content-Type: application/json")
    if payload or method == "POST":
        lines.append(f"Content-Length: {len(payload)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + payload


def write(path: Path, requests: Iterable[Request]) -> Path:
    """Writes a file of requests: kind (1 byte), size (4, little-endian), request."""
    with open(path, "wb") as file:
        for kind, wire in requests:
            file.write(struct.pack("<BI", kind, len(wire)) + wire)
    return path


def write_parts(path: Path, requests: Sequence[Request]) -> list[Path]:
    """Three files, for warming up, for the closed loop and for the open one, since a like or a follow counts once.

    Each has every third request, so that what is mixed stays mixed.
    """
    return [write(path.with_name(f"{path.name}-{part}"), requests[part::3]) for part in range(3)]


class Loads:
    """The loads over one data set. The same seed gives the same requests."""

    def __init__(self, survey: Survey, seed: int = 1) -> None:
        self._survey = survey
        self._random = random.Random(seed)

    def feed(self, following: int, sort: str, likes: int | None) -> list[Request]:
        """First pages of 20 posts, for each reader who follows so many in turn."""
        target = feed_target(sort, likes)
        return [(0, request("GET", target, reader.key)) for reader in self._survey.readers[following]]

    def profiles(self, count: int = 2000) -> list[Request]:
        """Profiles, an account's posts, and single posts, in equal parts."""
        return [(0, self._page()) for _ in range(count)]

    def posts(self, count: int = 5000) -> list[Request]:
        """New posts by accounts drawn at random."""
        return [(0, self._post(self._account().key)) for _ in range(count)]

    def likes(self, count: int) -> list[Request]:
        """Likes, no two the same."""
        pairs = self._pairs(count, self._survey.posts)
        return [(0, request("POST", f"/api/tweets/{post}/likes", key)) for key, post in pairs]

    def follows(self, count: int) -> list[Request]:
        """Follows, no two the same, nobody of himself."""
        ids = {account.key: account.id for account in self._survey.accounts}
        pairs = self._pairs(count, [account.id for account in self._survey.accounts])
        return [(0, request("POST", f"/api/users/{id}/follow", key)) for key, id in pairs if ids[key] != id]

    def mixed(self, cursors: dict[str, str], count: int) -> list[Request]:
        """The mixed load; `cursors` has, by key, where the second page of a reader's feed begins.

        No like and no follow comes twice, as long as there are so many: a second one would change nothing and be cheap.
        """
        # A tenth of all is more than either has of the mixture.
        likes, follows = (itertools.cycle(made(count // 10 + 1)) for made in (self.likes, self.follows))
        makers = {
            "feed": lambda: request("GET", feed_target("popular", 0), self._reader()),
            "next page": lambda: self._next_page(cursors), "profile": self._page, "list": self._list,
            "like": lambda: next(likes)[1], "post": lambda: self._post(self._account().key),
            "follow": lambda: next(follows)[1],
        }
        kinds = self._random.choices(range(len(MIXED)), weights=list(MIXED.values()), k=count)
        return [(kind, makers[MIXED_KINDS[kind]]()) for kind in kinds]

    def storm(self, count: int, posts_in_thousand: int = 50) -> list[Request]:
        """Feed pages by time (kind 0), and among them posts by the account that most follow (kind 1)."""
        def one() -> Request:
            if self._random.randrange(1000) < posts_in_thousand:
                return (1, self._post(self._survey.top.key))
            return (0, request("GET", feed_target("newest", 0), self._reader()))
        return [one() for _ in range(count)]

    def star_posts(self, count: int = 2000) -> list[Request]:
        """Posts by the account that most follow."""
        return [(0, self._post(self._survey.top.key)) for _ in range(count)]

    def _account(self) -> Account:
        return self._random.choice(self._survey.accounts)

    def _a_post(self) -> int:
        return self._random.choice(self._survey.posts)

    def _reader(self) -> str:
        readers = self._survey.readers
        return self._random.choice(readers[self._random.choice(list(readers))]).key

    def _post(self, key: str) -> bytes:
        words = self._random.choices(WORDS, k=self._random.randint(6, 20))
        return request("POST", "/api/tweets", key, {"tweet_data": " ".join(words), "tweet_media_ids": []})

    def _page(self) -> bytes:
        key = self._account().key
        match self._random.randrange(3):
            case 0: return request("GET", f"/api/users/{self._account().id}", key)
            case 1: return request("GET", f"/api/users/{self._account().id}/tweets?limit=20&likes=0", key)
            case _: return request("GET", f"/api/tweets/{self._a_post()}?likes=20", key)

    def _list(self) -> bytes:
        key = self._account().key
        match self._random.randrange(4):
            case 0: return request("GET", f"/api/users/{self._account().id}/followers?limit=50", key)
            case 1: return request("GET", f"/api/users/{self._account().id}/following?limit=50", key)
            case 2: return request("GET", f"/api/tweets/{self._a_post()}/likes?limit=50", key)
            case _: return request("GET", f"/api/tweets/{self._a_post()}/replies?limit=20&likes=0", key)

    def _next_page(self, cursors: dict[str, str]) -> bytes:
        key = self._random.choice(list(cursors))
        return request("GET", f"{feed_target('popular', 0)}&cursor={cursors[key]}", key)

    def _pairs(self, count: int, targets: list[int]) -> list[tuple[str, int]]:
        keys = sorted({account.key for account in self._survey.accounts})
        numbers = sorted(set(targets))
        count = min(count, len(keys) * len(numbers))
        picks = self._random.sample(range(len(keys) * len(numbers)), count)
        return [(keys[pick % len(keys)], numbers[pick // len(keys)]) for pick in picks]


def feed_target(sort: str, likes: int | None) -> str:
    """The address of a feed page of 20 posts."""
    return "/api/tweets?limit=20" + ("&sort=newest" if sort == "newest" else "") + (
        "" if likes is None else f"&likes={likes}")
