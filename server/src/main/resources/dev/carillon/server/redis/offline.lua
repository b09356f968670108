-- A user has not come back.
-- KEYS absence, sequence, pub/sub channel: as arrive.lua
-- ARGV publish verb, envelope
-- Returns 1 if the user went offline by this, 0 if the user is not absent, -1 if it is too early.
local due = redis.call('GET', KEYS[1])
if not due then
  return 0
end
if tonumber(due) > micros() then
  return -1
end
redis.call('DEL', KEYS[1])
publish(ARGV[1], KEYS[3], next_sequence(KEYS[2]), ARGV[2])
return 1
