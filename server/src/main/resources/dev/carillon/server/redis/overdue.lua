-- KEYS graces
-- ARGV since when they are due, in microseconds; how many at most
-- Returns users and times by turns.
local until_then = string.format('%.0f', micros() - tonumber(ARGV[1]))
return redis.call(
  'ZRANGEBYSCORE', KEYS[1], '-inf', until_then, 'WITHSCORES', 'LIMIT', 0, tonumber(ARGV[2]))
