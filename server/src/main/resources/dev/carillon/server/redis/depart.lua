-- A user's last connection on a node is gone. If it was the last of all, the grace begins.
-- KEYS nodes, left, absence: as arrive.lua
-- ARGV node id, operation (0 for a node that is dead), grace in microseconds
-- Returns 1 if the user is absent now, else 0.
local node, operation = ARGV[1], tonumber(ARGV[2])
local held = redis.call('HGET', KEYS[1], node)
if held and (operation == 0 or tonumber(held) < operation) then
  redis.call('HDEL', KEYS[1], node)
  redis.call('HSET', KEYS[2], node, ARGV[2])
  redis.call('PEXPIRE', KEYS[2], 60000)
  if redis.call('EXISTS', KEYS[1]) == 0 then
    redis.call('SET', KEYS[3], string.format('%.0f', micros() + tonumber(ARGV[3])))
  end
end
return redis.call('EXISTS', KEYS[3])
