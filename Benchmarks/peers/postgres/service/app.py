"""The calls that are measured, over FastAPI."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import AsyncIterator
from typing import Annotated

import orjson
from fastapi import Depends, FastAPI, Header, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from . import answers, queries
from .tables import User

# Autocommit: a statement is a transaction of its own, so there are no round trips to begin and end one.
engine = create_async_engine(os.environ["BENCH_DATABASE"], isolation_level="AUTOCOMMIT", max_overflow=0,
                             pool_size=int(os.environ.get("BENCH_POOL", "8")))
sessions = async_sessionmaker(engine, expire_on_commit=False, autoflush=False)


class Refused(Exception):
    """An error in the contract's form."""

    def __init__(self, status: int, kind: str) -> None:
        self.status, self.kind = status, kind


class NewTweet(BaseModel):
    """What a post is made of."""

    tweet_data: str = Field(min_length=1, max_length=1000)
    tweet_media_ids: list[int] | None = None
    reply_to: int | None = None


@contextlib.asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Closes the connections in the end."""
    yield
    await engine.dispose()


app = FastAPI(lifespan=lifespan, openapi_url=None)


@app.exception_handler(Refused)
async def refused(_: Request, error: Refused) -> Response:
    """Answers an error."""
    return answer({"result": False, "error_type": error.kind, "error_message": error.kind}, error.status)


def answer(value: object, status: int = 200) -> Response:
    """A JSON answer, without a pass through response models."""
    return Response(orjson.dumps(value), status, media_type="application/json")


async def database() -> AsyncIterator[AsyncSession]:
    """A session for the request."""
    async with sessions() as session:
        yield session


Database = Annotated[AsyncSession, Depends(database)]


async def caller(session: Database, api_key: Annotated[str, Header()] = "") -> int:
    """Who calls."""
    key = hashlib.blake2b(api_key.encode(), digest_size=32).digest()
    account = await session.scalar(queries.CALLER, {"key": key})
    if account is None:
        raise Refused(401, "unauthorized")
    return int(account)


Caller = Annotated[int, Depends(caller)]


@app.get("/api/tweets")
async def feed(session: Database, me: Caller, sort: str = "popular", limit: int = 100, likes: int = 1000,
               offset: int = 1, cursor: str | None = None) -> Response:
    """A page of the feed."""
    # One more than is shown tells whether there is a next page.
    skip = (offset - 1) * limit
    asked: dict[str, object] = {"me": me, "limit": limit + 1, "count": skip + limit + 1}
    if cursor is not None:
        asked["likes"], asked["post"] = answers.place(cursor)
        statement = queries.NEWEST_AFTER if sort == "newest" else queries.POPULAR_AFTER
        if sort == "newest":
            del asked["likes"]
    else:
        asked["skip"] = skip
        statement = queries.NEWEST if sort == "newest" else queries.POPULAR
    ids = list(await session.scalars(statement, asked))
    tweets = await answers.tweets(session, me, ids[:limit], min(likes, 1000))
    following = None
    if len(ids) > limit and tweets:
        last = tweets[-1]
        following = answers.cursor("n", 0, ids[limit - 1]) if sort == "newest" else answers.cursor(
            "p", last["likes_count"], ids[limit - 1])  # type: ignore[arg-type]
    return answer({"result": True, "tweets": tweets, "next_cursor": following})


@app.post("/api/tweets")
async def publish(session: Database, me: Caller, tweet: NewTweet) -> Response:
    """A new post."""
    if not tweet.tweet_data.strip():
        raise Refused(422, "text_blank")
    id = await session.scalar(queries.PUBLISH, {"me": me, "text": tweet.tweet_data, "reply_to": tweet.reply_to})
    return answer({"result": True, "tweet_id": id}, 201)


@app.get("/api/tweets/{id}")
async def tweet(session: Database, me: Caller, id: int, likes: int = 1000) -> Response:
    """One post."""
    found = await answers.tweets(session, me, [id], min(likes, 1000))
    if not found:
        raise Refused(404, "unknown_post")
    return answer({"result": True, "tweet": found[0]})


@app.post("/api/tweets/{id}/likes")
async def like(session: Database, me: Caller, id: int) -> Response:
    """A like."""
    return await change(session, queries.LIKE, me, id)


@app.post("/api/users/{id}/follow")
async def follow(session: Database, me: Caller, id: int) -> Response:
    """A follow."""
    if id == me:
        raise Refused(400, "cannot_follow_yourself")
    return await change(session, queries.FOLLOW, me, id)


async def change(session: AsyncSession, statement: object, me: int, id: int) -> Response:
    """Runs a command; a foreign key that points to nothing means that there is no such thing."""
    try:
        await session.execute(statement, {"me": me, "id": id})  # type: ignore[call-overload]
    except IntegrityError:
        raise Refused(404, "unknown") from None
    return answer({"result": True})


@app.get("/api/users/me")
async def own_profile(session: Database, me: Caller) -> Response:
    """The caller."""
    return await profile(session, me, me)


@app.get("/api/users/{id}")
async def profile(session: Database, me: Caller, id: int) -> Response:
    """An account."""
    account = await session.get(User, id)
    if account is None:
        raise Refused(404, "unknown_account")
    return answer({"result": True, "user": await answers.user(session, account)})


@app.get("/api/users/{id}/tweets")
async def tweets_of(session: Database, me: Caller, id: int, limit: int = 100, likes: int = 1000,
                    cursor: str | None = None) -> Response:
    """An account's posts."""
    return await posts(session, queries.POSTS_OF_AUTHOR, "t", me, id, limit, likes, cursor)


@app.get("/api/tweets/{id}/replies")
async def replies(session: Database, me: Caller, id: int, limit: int = 100, likes: int = 1000,
                  cursor: str | None = None) -> Response:
    """The replies to a post."""
    return await posts(session, queries.REPLIES, "r", me, id, limit, likes, cursor)


async def posts(session: AsyncSession, statement: object, kind: str, me: int, id: int, limit: int, likes: int,
                cursor: str | None) -> Response:
    """A list of posts, newest first."""
    before = answers.place(cursor)[1] if cursor else answers.HIGHEST
    ids = list(await session.scalars(
        statement, {"id": id, "before": before, "limit": limit + 1}))  # type: ignore[call-overload]
    tweets = await answers.tweets(session, me, ids[:limit], min(likes, 1000))
    following = answers.cursor(kind, 0, ids[limit - 1]) if len(ids) > limit else None
    return answer({"result": True, "tweets": tweets, "next_cursor": following})


@app.get("/api/tweets/{id}/likes")
async def likes_of(session: Database, me: Caller, id: int, limit: int = 100, cursor: str | None = None) -> Response:
    """Who likes a post."""
    return await people(session, queries.LIKES, "l", "likes", "user_id", id, limit, cursor)


@app.get("/api/users/{id}/followers")
async def followers(session: Database, me: Caller, id: int, limit: int = 100,
                    cursor: str | None = None) -> Response:
    """Who follows an account."""
    return await people(session, queries.FOLLOWERS, "f", "users", "id", id, limit, cursor)


@app.get("/api/users/{id}/following")
async def following(session: Database, me: Caller, id: int, limit: int = 100,
                    cursor: str | None = None) -> Response:
    """Whom an account follows."""
    return await people(session, queries.FOLLOWING, "g", "users", "id", id, limit, cursor)


async def people(session: AsyncSession, statement: object, kind: str, name: str, field: str, id: int, limit: int,
                 cursor: str | None) -> Response:
    """A list of people, newest first."""
    before = answers.place(cursor)[1] if cursor else answers.HIGHEST
    rows = list(await session.execute(
        statement, {"id": id, "before": before, "limit": limit + 1}))  # type: ignore[call-overload]
    shown = [{field: user, "name": text} for _, user, text in rows[:limit]]
    following = answers.cursor(kind, 0, rows[limit - 1][0]) if len(rows) > limit else None
    return answer({"result": True, name: shown, "next_cursor": following})
