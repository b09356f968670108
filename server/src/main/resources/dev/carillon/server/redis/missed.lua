-- A subscriber found no event.
-- KEYS missed: who was the first to tell
-- ARGV who tells it, for how long it is no news then, in ms
-- Returns 1 if it is news, else 0.
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
  return 1
end
-- Sent again it says what it said.
return redis.call('GET', KEYS[1]) == ARGV[1] and 1 or 0
