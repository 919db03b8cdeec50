-- Made after loading. Each serves a query of service/queries.py.
CREATE UNIQUE INDEX users_key ON users (key_hash) INCLUDE (id);
CREATE UNIQUE INDEX users_handle ON users (handle);
CREATE INDEX posts_popular ON posts (author_id, likes_count DESC, id DESC);
CREATE INDEX posts_newest ON posts (author_id, id DESC);
CREATE INDEX posts_replies ON posts (reply_to, id DESC) WHERE reply_to IS NOT NULL;
ALTER TABLE likes ADD PRIMARY KEY (post_id, user_id);
CREATE INDEX likes_newest ON likes (post_id, id DESC) INCLUDE (user_id);
ALTER TABLE follows ADD PRIMARY KEY (follower_id, followed_id);
CREATE INDEX follows_following ON follows (follower_id, id DESC) INCLUDE (followed_id);
CREATE INDEX follows_followers ON follows (followed_id, id DESC) INCLUDE (follower_id);
ALTER TABLE posts ADD FOREIGN KEY (author_id) REFERENCES users (id);
ALTER TABLE likes ADD FOREIGN KEY (post_id) REFERENCES posts (id) ON DELETE CASCADE;
ALTER TABLE likes ADD FOREIGN KEY (user_id) REFERENCES users (id);
ALTER TABLE follows ADD FOREIGN KEY (follower_id) REFERENCES users (id);
ALTER TABLE follows ADD FOREIGN KEY (followed_id) REFERENCES users (id);
