"""Fills the database from a history, by COPY."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from peers.history import History

from .cluster import Cluster

ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def load(cluster: Cluster, history: History, directory: Path) -> None:
    """Makes the tables, fills them, then makes their indexes, as the manual advises for bulk loads."""
    here = Path(__file__).parent
    cluster.psql("-f", here / "schema.sql")
    for table, columns, rows in tables(history):
        path = directory / f"{table}.tsv"
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.writelines(rows())
        cluster.psql("-c", f"\\copy {table} ({columns}) FROM '{path}'")
        path.unlink()
    cluster.psql("-f", here / "indexes.sql")
    cluster.sql(f"CREATE SEQUENCE positions START {history.last + 1} CACHE 32")
    cluster.sql("VACUUM ANALYZE")
    cluster.sql("CHECKPOINT")


def tables(history: History) -> list[tuple[str, str, Callable[[], Iterable[str]]]]:
    """Table, columns, and lines in COPY's text format."""
    users = lambda: (  # noqa: E731
        f"{u.id}\t{u.handle}\t{u.name.translate(ESCAPES)}\t"
        + (f"\\\\x{u.key_hash}" if u.key_hash else "\\N")
        + f"\t{u.created_at}\t{u.followers}\t{u.following}\t{u.tweets}\n" for u in history.users.values())
    posts = lambda: (  # noqa: E731
        f"{p.id}\t{p.author}\t{p.text.translate(ESCAPES)}\t{p.created_at}\t"
        f"{p.reply_to if p.reply_to else chr(92) + 'N'}\t{len(history.likes.get(p.id, ()))}\n"
        for p in history.posts.values())
    likes = lambda: (  # noqa: E731
        f"{post}\t{user}\t{position}\n" for post, people in history.likes.items()
        for user, position in people.items())
    follows = lambda: (  # noqa: E731
        f"{follower}\t{followed}\t{position}\n" for follower, people in history.follows.items()
        for followed, position in people.items())
    return [
        ("users", "id, handle, name, key_hash, created_at, followers_count, following_count, tweets_count", users),
        ("posts", "id, author_id, text, created_at, reply_to, likes_count", posts),
        ("likes", "post_id, user_id, id", likes), ("follows", "follower_id, followed_id, id", follows),
    ]
