-- Which of some nodes that have left entries are dead. Of one that nobody knows any more the lease
-- ends now, so that all know that.
-- KEYS nodes
-- ARGV node ids
local now = micros()
local dead = {}
for _, id in ipairs(ARGV) do
  local lease = redis.call('ZSCORE', KEYS[1], id)
  if not lease then
    redis.call('ZADD', KEYS[1], string.format('%.0f', now), id)
  end
  if not lease or tonumber(lease) <= now then
    dead[#dead + 1] = id
  end
end
return dead
