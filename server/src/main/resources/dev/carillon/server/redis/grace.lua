-- When a user's absence is to be looked at.
-- KEYS graces: users -> that time, in microseconds
-- ARGV user, grace in microseconds
-- Returns that time.
redis.call('ZADD', KEYS[1], string.format('%.0f', micros() + tonumber(ARGV[2])), ARGV[1])
return redis.call('ZSCORE', KEYS[1], ARGV[1])
