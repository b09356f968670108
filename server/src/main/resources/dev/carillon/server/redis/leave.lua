-- A user's last connection on a node leaves a presence channel.
-- KEYS as join.lua
-- ARGV user id, operation (0 for a node that is dead) and what else makes it unique, publish verb,
-- envelope, envelope if the id is a number, channel
-- Returns whether the user was on no other node (1) or still is (0).
local user = ARGV[1]
local operation = tonumber(string.match(ARGV[2], '^%d+'))
local held = redis.call('HGET', KEYS[3], user)
if not held or (operation > 0 and tonumber(string.match(held, '^%d+')) > operation) then
  -- Not in, or sent again: then it says what it said.
  local said = ARGV[2] .. ':1:'
  local gone = redis.call('HGET', KEYS[4], user)
  return gone and string.sub(gone, 1, #said) == said and 1 or 0
end
redis.call('HDEL', KEYS[3], user)
local last = 0
if redis.call('HINCRBY', KEYS[2], user, -1) <= 0 then
  last = 1
  local member = redis.call('HGET', KEYS[1], user) or ''
  redis.call('HDEL', KEYS[2], user)
  redis.call('HDEL', KEYS[1], user)
  local left = redis.call('HLEN', KEYS[1])
  if left > 0 then
    redis.call('HSET', KEYS[7], ARGV[6], left)
  else
    redis.call('HDEL', KEYS[7], ARGV[6])
  end
  redis.call('HDEL', KEYS[8], user)
  local envelope = string.sub(member, 17, 17) == 'n' and ARGV[5] or ARGV[4]
  publish(ARGV[3], KEYS[6], next_sequence(KEYS[5]), envelope)
end
redis.call('HSET', KEYS[4], user, ARGV[2] .. ':' .. last .. ':' .. held)
redis.call('PEXPIRE', KEYS[4], 60000)
return last
