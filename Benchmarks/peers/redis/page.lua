-- The newest twenty of a feed: KEYS[1] is the feed. Posts are kept as the JSON that a page shows.
local ids = redis.call('LRANGE', KEYS[1], 0, 19)
for index, id in ipairs(ids) do ids[index] = 'post:' .. id end
if #ids == 0 then return {} end
return redis.call('MGET', unpack(ids))
