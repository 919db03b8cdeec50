"""Makes the contract's objects out of rows."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from . import queries
from .tables import Post, User

HIGHEST = 2**62
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


async def tweets(session: AsyncSession, me: int, ids: Sequence[int], likes: int) -> list[dict[str, object]]:
    """Posts in the order of their ids given, as one caller sees them."""
    if not ids:
        return []
    posts = {post.id: post for post in await session.scalars(queries.POSTS, {"ids": ids})}
    some = [post.id for post in posts.values() if post.likes_count > 0]
    liked = set(await session.scalars(queries.LIKED, {"me": me, "ids": some})) if some else set()
    lists = await _likes(session, me, some, liked, likes) if some and likes > 0 else {}
    return [tweet(posts[id], id in liked, lists.get(id, [])) for id in ids if id in posts]


async def _likes(session: AsyncSession, me: int, ids: Sequence[int], liked: set[int],
                 limit: int) -> dict[int, list[dict[str, object]]]:
    lists: dict[int, list[dict[str, object]]] = {}
    for post, users, names in await session.execute(queries.LIKES_OF_POSTS, {"ids": ids, "limit": limit}):
        lists[post] = [{"user_id": user, "name": name} for user, name in zip(users or (), names or ())]
        if post in liked and me in users:
            # The caller's own comes first.
            lists[post].insert(0, lists[post].pop(users.index(me)))
    missing = [post for post in liked if not lists.get(post) or lists[post][0]["user_id"] != me]
    if missing:
        user = await session.get(User, me)
        mine = {"user_id": me, "name": user.name if user else ""}
        for post in missing:
            lists[post] = [mine, *lists.get(post, [])[:limit - 1]]
    return lists


def tweet(post: Post, liked: bool, likes: list[dict[str, object]]) -> dict[str, object]:
    """A Tweet of the contract."""
    return {
        "id": post.id, "content": post.text, "attachments": [],
        "author": {"id": post.author_id, "name": post.author.name}, "likes": likes,
        "created_at": moment(post.created_at), "likes_count": post.likes_count, "liked": liked,
        "reply_to": post.reply_to,
    }


async def user(session: AsyncSession, account: User) -> dict[str, object]:
    """A User of the contract."""
    asked = {"id": account.id, "before": HIGHEST, "limit": 1000}
    followers = [{"id": id, "name": name} for _, id, name in await session.execute(queries.FOLLOWERS, asked)]
    following = [{"id": id, "name": name} for _, id, name in await session.execute(queries.FOLLOWING, asked)]
    return {
        "id": account.id, "name": account.name, "followers": followers, "following": following,
        "handle": account.handle, "created_at": moment(account.created_at),
        "followers_count": account.followers_count, "following_count": account.following_count,
        "tweets_count": account.tweets_count,
    }


def moment(time: datetime.datetime) -> str:
    """RFC 3339 in UTC with milliseconds."""
    return time.astimezone(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def cursor(kind: str, likes: int, post: int) -> str:
    """A place in a list, as Martlet writes it."""
    return f"{kind}-{base36(likes)}-{base36(post)}"


def place(text: str) -> tuple[int, int]:
    """Likes and post of a cursor."""
    _, likes, post = text.split("-")
    return int(likes, 36), int(post, 36)


def base36(value: int) -> str:
    """A number to the base of 36."""
    digits = ""
    while value:
        value, digit = divmod(value, 36)
        digits = DIGITS[digit] + digits
    return digits or "0"
