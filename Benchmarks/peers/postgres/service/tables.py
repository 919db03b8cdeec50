"""The mapped classes."""

from __future__ import annotations

import datetime

from sqlalchemy import BigInteger, DateTime, ForeignKey, LargeBinary
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    """The registry."""


class User(Base):
    """An account."""

    __tablename__ = "users"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    handle: Mapped[str]
    name: Mapped[str]
    key_hash: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    created_at: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True))
    followers_count: Mapped[int]
    following_count: Mapped[int]
    tweets_count: Mapped[int]


class Post(Base):
    """A post."""

    __tablename__ = "posts"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    text: Mapped[str]
    created_at: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True))
    reply_to: Mapped[int | None] = mapped_column(BigInteger)
    likes_count: Mapped[int]
    author: Mapped[User] = relationship(lazy="raise")
