-- How many connections of an app a node has, and how many more it wants. The same again changes
-- nothing.
-- KEYS connections: node id -> how many it has
-- ARGV node id, how many it has, how many more it wants, how many the app may have (0: no limit)
-- Returns how many the node may have; never less than it has.
local others = 0
local counts = redis.call('HGETALL', KEYS[1])
for i = 1, #counts, 2 do
  if counts[i] ~= ARGV[1] then
    others = others + tonumber(counts[i + 1])
  end
end
local has, max = tonumber(ARGV[2]), tonumber(ARGV[4])
local may = has + tonumber(ARGV[3])
if max > 0 then
  may = math.max(has, math.min(may, max - others))
end
if may > 0 then
  redis.call('HSET', KEYS[1], ARGV[1], may)
else
  redis.call('HDEL', KEYS[1], ARGV[1])
end
return may
