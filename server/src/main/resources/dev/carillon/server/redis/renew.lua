-- KEYS nodes: node id -> end of its lease, in microseconds
-- ARGV node id, lease in microseconds
-- Returns whether the lease stood, and the nodes whose lease is over.
local now = micros()
local stood = 0
local lease = redis.call('ZSCORE', KEYS[1], ARGV[1])
if lease and tonumber(lease) > now then
  stood = 1
  redis.call('ZADD', KEYS[1], string.format('%.0f', now + tonumber(ARGV[2])), ARGV[1])
end
local answer = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now))
table.insert(answer, 1, stood)
return answer
