"""The statements. Where plain SQL is quicker than what the mapper would write, it is plain SQL."""

from __future__ import annotations

from sqlalchemy import BigInteger, Integer, any_, bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import load_only, selectinload

from .tables import Post, User

NUMBERS = ARRAY(BigInteger)

CALLER = text("SELECT id FROM users WHERE key_hash = :key")

# The best of each author through an index on the author's posts alone, then the best of these: its cost follows the number
# of authors and not of posts, unlike `author_id IN (...) ORDER BY ... LIMIT`.
_AUTHORS = "SELECT followed_id AS id FROM follows WHERE follower_id = :me UNION ALL SELECT CAST(:me AS bigint)"
POPULAR = text(f"""
    SELECT best.id FROM ({_AUTHORS}) author CROSS JOIN LATERAL (
        SELECT likes_count, id FROM posts WHERE author_id = author.id
        ORDER BY likes_count DESC, id DESC LIMIT :count) best
    ORDER BY best.likes_count DESC, best.id DESC LIMIT :limit OFFSET :skip""")
NEWEST = text(f"""
    SELECT best.id FROM ({_AUTHORS}) author CROSS JOIN LATERAL (
        SELECT id FROM posts WHERE author_id = author.id ORDER BY id DESC LIMIT :count) best
    ORDER BY best.id DESC LIMIT :limit OFFSET :skip""")
POPULAR_AFTER = text(f"""
    SELECT best.id FROM ({_AUTHORS}) author CROSS JOIN LATERAL (
        SELECT likes_count, id FROM posts
        WHERE author_id = author.id AND (likes_count, id) < (CAST(:likes AS integer), CAST(:post AS bigint))
        ORDER BY likes_count DESC, id DESC LIMIT :count) best
    ORDER BY best.likes_count DESC, best.id DESC LIMIT :limit""")
NEWEST_AFTER = text(f"""
    SELECT best.id FROM ({_AUTHORS}) author CROSS JOIN LATERAL (
        SELECT id FROM posts WHERE author_id = author.id AND id < :post ORDER BY id DESC LIMIT :count) best
    ORDER BY best.id DESC LIMIT :limit""")

# An array, and not a list of parameters, so that it is one prepared statement for any number of posts.
POSTS = select(Post).where(Post.id == any_(bindparam("ids", type_=NUMBERS))).options(
    selectinload(Post.author).options(load_only(User.name)))

POSTS_OF_AUTHOR = text("SELECT id FROM posts WHERE author_id = :id AND id < :before ORDER BY id DESC LIMIT :limit")
REPLIES = text("SELECT id FROM posts WHERE reply_to = :id AND id < :before ORDER BY id DESC LIMIT :limit")

LIKED = text("SELECT post_id FROM likes WHERE user_id = :me AND post_id = ANY(:ids)").bindparams(
    bindparam("ids", type_=NUMBERS))
# Whole lists as arrays: twenty rows instead of thousands.
LIKES_OF_POSTS = text("""
    SELECT shown.id, liked.users, liked.names
    FROM unnest(CAST(:ids AS bigint[])) AS shown (id) CROSS JOIN LATERAL (
        SELECT array_agg(newest.user_id ORDER BY newest.id DESC) AS users,
            array_agg(users.name ORDER BY newest.id DESC) AS names
        FROM (SELECT user_id, id FROM likes WHERE post_id = shown.id ORDER BY id DESC LIMIT :limit) newest
        JOIN users ON users.id = newest.user_id) liked""").bindparams(
    bindparam("ids", type_=NUMBERS), bindparam("limit", type_=Integer))

LIKES = text("""SELECT likes.id, user_id, name FROM likes JOIN users ON users.id = user_id
    WHERE post_id = :id AND likes.id < :before ORDER BY likes.id DESC LIMIT :limit""")
FOLLOWERS = text("""SELECT follows.id, users.id AS user_id, name FROM follows JOIN users ON users.id = follower_id
    WHERE followed_id = :id AND follows.id < :before ORDER BY follows.id DESC LIMIT :limit""")
FOLLOWING = text("""SELECT follows.id, users.id AS user_id, name FROM follows JOIN users ON users.id = followed_id
    WHERE follower_id = :id AND follows.id < :before ORDER BY follows.id DESC LIMIT :limit""")

# A row and the counts that it changes in one statement: one round trip, and locks are held for one commit only.
PUBLISH = text("""
    WITH made AS (INSERT INTO posts (id, author_id, text, reply_to)
        VALUES (nextval('positions'), :me, :text, :reply_to) RETURNING id),
    counted AS (UPDATE users SET tweets_count = tweets_count + 1 WHERE id = :me)
    SELECT id FROM made""").bindparams(bindparam("reply_to", type_=BigInteger))
LIKE = text("""
    WITH made AS (INSERT INTO likes (post_id, user_id, id) VALUES (:id, :me, nextval('positions'))
        ON CONFLICT DO NOTHING RETURNING post_id)
    UPDATE posts SET likes_count = likes_count + 1 FROM made WHERE posts.id = made.post_id""")
FOLLOW = text("""
    WITH made AS (INSERT INTO follows (follower_id, followed_id, id) VALUES (:me, :id, nextval('positions'))
        ON CONFLICT DO NOTHING RETURNING follower_id, followed_id)
    UPDATE users SET followers_count = followers_count + (users.id = made.followed_id)::int,
        following_count = following_count + (users.id = made.follower_id)::int
    FROM made WHERE users.id IN (made.follower_id, made.followed_id)""")
