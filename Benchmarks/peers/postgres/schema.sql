-- Counts are kept with their row, as the contract's answers need them; ids come from one sequence, as Martlet's do.
CREATE TABLE users (
    id bigint PRIMARY KEY,
    handle text NOT NULL,
    name text NOT NULL,
    key_hash bytea,
    created_at timestamptz NOT NULL,
    followers_count integer NOT NULL DEFAULT 0,
    following_count integer NOT NULL DEFAULT 0,
    tweets_count integer NOT NULL DEFAULT 0
) WITH (fillfactor = 80);
CREATE TABLE posts (
    id bigint PRIMARY KEY,
    author_id bigint NOT NULL,
    text text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT date_trunc('milliseconds', now()),
    reply_to bigint,
    likes_count integer NOT NULL DEFAULT 0
);
CREATE TABLE likes (post_id bigint NOT NULL, user_id bigint NOT NULL, id bigint NOT NULL);
CREATE TABLE follows (follower_id bigint NOT NULL, followed_id bigint NOT NULL, id bigint NOT NULL);
