-- KEYS nodes: node id -> end of its lease, in microseconds
-- ARGV node id, lease in microseconds, 1 if it is new
-- Returns 1 and the nodes whose lease is over, or 0 if this node's lease is over or gone.
local now = micros()
local lease = redis.call('ZSCORE', KEYS[1], ARGV[1])
if ARGV[3] == '0' and (not lease or tonumber(lease) <= now) then
  return {0}
end
redis.call('ZADD', KEYS[1], string.format('%.0f', now + tonumber(ARGV[2])), ARGV[1])
local answer = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now))
table.insert(answer, 1, 1)
return answer
