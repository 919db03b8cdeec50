-- A new post: KEYS[1] names its author, who is looked up since redis-benchmark makes up numbers only. It is pushed to the
-- feed of each follower, of which the newest 800 are kept.
local author = redis.call('GET', KEYS[1])
local id = redis.call('INCR', 'position')
redis.call('SET', 'post:' .. id, ARGV[1])
redis.call('LPUSH', 'feed:' .. author, id)
for _, follower in ipairs(redis.call('SMEMBERS', 'followers:' .. author)) do
    local feed = 'feed:' .. follower
    redis.call('LPUSH', feed, id)
    redis.call('LTRIM', feed, 0, 799)
end
return id
