-- A request was answered. It was remembered since it came; here it is for as long as is left.
-- KEYS request: as claim.lua
-- ARGV claim, answer
-- Returns 1, or 0 if another has taken it over, or its time is over.
if redis.call('HGET', KEYS[1], 'claim') == ARGV[1] then
  redis.call('HSET', KEYS[1], 'answer', ARGV[2])
  return 1
end
return 0
