-- How a user is who may be in a presence channel.
-- KEYS members: as join.lua
--      how: user id -> 16 digits of the version, and the status
--      sequence, pub/sub channel
-- ARGV user id, member as the caller believes it to be, version and status, how many bytes of the
-- status tell what is seen, publish verb, envelope
-- Returns the member as it is, where the envelope is of another one; else nothing.
local member = redis.call('HGET', KEYS[1], ARGV[1])
local known = redis.call('HGET', KEYS[2], ARGV[1])
if not member or (known and string.sub(known, 1, 16) >= string.sub(ARGV[3], 1, 16)) then
  return ''
end
local seen = 16 + tonumber(ARGV[4])
local news = not known or string.sub(known, 17, seen) ~= string.sub(ARGV[3], 17, seen)
if news and string.sub(member, 17) ~= ARGV[2] then
  return member
end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
if news and ARGV[6] ~= '' then
  publish(ARGV[5], KEYS[4], next_sequence(KEYS[3]), ARGV[6])
end
return ''
