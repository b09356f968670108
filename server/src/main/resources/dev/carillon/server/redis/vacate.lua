-- Takes some of a dead node's subscriptions out.
-- KEYS occupancy, held (of the dead node)
-- Returns 1 if some are left, else 0; the channels that are vacated by this; those with less now.
local some = redis.call('HSCAN', KEYS[2], 0, 'COUNT', 200)[2]
local vacated, fewer = {}, {}
for i = 1, #some, 2 do
  local channel = some[i]
  local count = tonumber(string.match(some[i + 1], '^%d+'))
  redis.call('HDEL', KEYS[2], channel)
  if redis.call('HINCRBY', KEYS[1], channel, -count) <= 0 then
    redis.call('HDEL', KEYS[1], channel)
    table.insert(vacated, channel)
  else
    table.insert(fewer, channel)
  end
end
return {redis.call('EXISTS', KEYS[2]), vacated, fewer}
