-- A request wants to be done, or to know what it was answered before.
-- KEYS request: fingerprint, claim: who does it, begun: when, in microseconds, and its answer
-- ARGV fingerprint, claim, for how long all is remembered in ms, after how long without an answer
-- whoever does it is taken for dead, in microseconds
-- Returns 'mine': to be done, 'pending': another does it, 'other': it asks for something else, or
-- 'answered' and the answer.
local known = redis.call('HMGET', KEYS[1], 'fingerprint', 'claim', 'begun', 'answer')
if known[1] and known[1] ~= ARGV[1] then
  return {'other'}
elseif known[4] then
  return {'answered', known[4]}
elseif known[2] == ARGV[2] then
  return {'mine'}
elseif known[3] and micros() - tonumber(known[3]) < tonumber(ARGV[4]) then
  return {'pending'}
end
local now = string.format('%.0f', micros())
redis.call('HSET', KEYS[1], 'fingerprint', ARGV[1], 'claim', ARGV[2], 'begun', now)
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return {'mine'}
