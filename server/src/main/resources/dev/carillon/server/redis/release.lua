-- A request has failed: the next of its name is to be done.
-- KEYS request: as claim.lua
-- ARGV claim
-- Returns 1, or 0 if another has taken it over, or its time is over.
if redis.call('HGET', KEYS[1], 'claim') == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
