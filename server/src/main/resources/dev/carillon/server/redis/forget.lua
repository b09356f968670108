-- KEYS nodes
-- ARGV node id, for how long the dead are remembered, in microseconds
-- A node of which nothing is left is forgotten, but not while it may wake and write once more.
local lease = redis.call('ZSCORE', KEYS[1], ARGV[1])
if lease and tonumber(lease) <= micros() - tonumber(ARGV[2]) then
  return redis.call('ZREM', KEYS[1], ARGV[1])
end
return 0
