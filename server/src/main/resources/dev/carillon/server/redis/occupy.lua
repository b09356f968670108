-- How many subscriptions a node has in a channel.
-- KEYS occupancy: channel -> subscriptions on all nodes
--      held: channel -> the node's, the operation, and what it changed
--      left: as held, of channels that the node has left lately
-- ARGV channel, subscriptions, operation
-- Returns 1 if the channel was occupied by this, -1 if it was vacated, 0 if neither.
local channel, count = ARGV[1], tonumber(ARGV[2])
local held = redis.call('HGET', KEYS[2], channel) or redis.call('HGET', KEYS[3], channel)
local before = 0
if held then
  local had, operation, change = string.match(held, '^(%d+):(%d+):(-?%d)$')
  if operation == ARGV[3] then
    return tonumber(change)
  end
  before = tonumber(had)
end
local total = redis.call('HINCRBY', KEYS[1], channel, count - before)
local change = 0
if total > 0 and total - (count - before) <= 0 then
  change = 1
elseif total <= 0 then
  redis.call('HDEL', KEYS[1], channel)
  if total - (count - before) > 0 then
    change = -1
  end
end
local now = count .. ':' .. ARGV[3] .. ':' .. change
if count > 0 then
  redis.call('HSET', KEYS[2], channel, now)
  redis.call('HDEL', KEYS[3], channel)
else
  redis.call('HDEL', KEYS[2], channel)
  redis.call('HSET', KEYS[3], channel, now)
  redis.call('PEXPIRE', KEYS[3], 60000)
end
return change
