-- KEYS nodes
-- ARGV node id
-- The lease is over from now on, also where it was lost; what is left of the node is evicted.
redis.call('ZADD', KEYS[1], string.format('%.0f', micros()), ARGV[1])
return 1
