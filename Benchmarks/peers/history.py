"""What a history comes to: the rows that a peer begins with, folded from Martlet's exported events."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable


@dataclasses.dataclass(slots=True)
class User:
    """An account."""

    id: int
    handle: str
    name: str
    key_hash: str
    created_at: str
    followers: int = 0
    following: int = 0
    tweets: int = 0


@dataclasses.dataclass(slots=True)
class Post:
    """A post; its likes are in `History.likes`."""

    id: int
    author: int
    text: str
    created_at: str
    reply_to: int | None


@dataclasses.dataclass
class History:
    """Users and posts by id; likes by post and follows by follower, each with the position at which it began."""

    users: dict[int, User] = dataclasses.field(default_factory=dict)
    posts: dict[int, Post] = dataclasses.field(default_factory=dict)
    likes: dict[int, dict[int, int]] = dataclasses.field(default_factory=dict)
    follows: dict[int, dict[int, int]] = dataclasses.field(default_factory=dict)
    last: int = 0


def fold(lines: Iterable[bytes]) -> History:
    """Applies events, one JSON object a line, as `martlet export` writes them. Media are passed over."""
    history = History()
    for line in lines:
        event = json.loads(line)
        apply(history, event["position"], event["time"], event["type"], event["actor"], event["data"])
    return history


def apply(history: History, position: int, time: str, kind: str, actor: int, data: dict[str, object]) -> None:
    """Applies one event."""
    history.last = position
    match kind:
        case "account_registered":
            history.users[position] = User(position, str(data["handle"]), str(data["name"]),
                                           str(data["key_hash"] or ""), time)
        case "post_published":
            reply_to = data["reply_to"]
            history.posts[position] = Post(position, actor, str(data["text"]), time,
                                           reply_to if isinstance(reply_to, int) else None)
            history.users[actor].tweets += 1
        case "post_deleted":
            post = history.posts.pop(int(data["post"]), None)  # type: ignore[call-overload]
            if post is not None:
                history.likes.pop(post.id, None)
                history.users[post.author].tweets -= 1
        case "post_liked":
            history.likes.setdefault(int(data["post"]), {})[actor] = position  # type: ignore[call-overload]
        case "post_unliked":
            history.likes.get(int(data["post"]), {}).pop(actor, None)  # type: ignore[call-overload]
        case "account_followed":
            followed = int(data["account"])  # type: ignore[call-overload]
            history.follows.setdefault(actor, {})[followed] = position
            history.users[actor].following += 1
            history.users[followed].followers += 1
        case "account_unfollowed":
            followed = int(data["account"])  # type: ignore[call-overload]
            if history.follows.get(actor, {}).pop(followed, None) is not None:
                history.users[actor].following -= 1
                history.users[followed].followers -= 1
        case _:
            pass
