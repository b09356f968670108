-- KEYS nodes: node id -> end of its lease, in microseconds
--      epoch: when what nodes share was begun; gone if Redis has lost it
-- ARGV node id, lease in microseconds, 1 if it is new
-- Returns whether the lease stood, the epoch, its age in microseconds, and the nodes whose lease is
-- over.
local now = micros()
local epoch = redis.call('GET', KEYS[2])
if not epoch then
  epoch = string.format('%.0f', now)
  redis.call('SET', KEYS[2], epoch)
end
local stood = 0
local lease = redis.call('ZSCORE', KEYS[1], ARGV[1])
if ARGV[3] == '1' or (lease and tonumber(lease) > now) then
  stood = 1
  redis.call('ZADD', KEYS[1], string.format('%.0f', now + tonumber(ARGV[2])), ARGV[1])
end
local answer = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now))
table.insert(answer, 1, stood)
table.insert(answer, 2, epoch)
table.insert(answer, 3, now - tonumber(epoch))
return answer
