-- KEYS nodes
-- ARGV node id
-- The lease is over from now on; what is left of the node is evicted by the others.
redis.call('ZADD', KEYS[1], 'XX', string.format('%.0f', micros()), ARGV[1])
return 1
