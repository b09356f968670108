-- Keeps an event in place of the one before, and publishes it.
-- KEYS kept: sequence, length of the data, colon, frame
--      sequence
--      done: publisher -> the number of its last event here
--      missed
--      pub/sub channel
--      until: channels of this partition -> when the event is forgotten, in microseconds
-- ARGV publisher, number (it rises), for how long the event is kept in ms, length of the data and
-- frame, publish verb, envelope, channel
-- Returns 1, or 0 if it was done before.
local number = tonumber(ARGV[2])
if tonumber(redis.call('HGET', KEYS[3], ARGV[1]) or '0') >= number then
  return 0
end
redis.call('HSET', KEYS[3], ARGV[1], ARGV[2])
redis.call('PEXPIRE', KEYS[3], 60000)
local sequence = next_sequence(KEYS[2])
redis.call('SET', KEYS[1], sequence .. ARGV[4], 'PX', ARGV[3])
redis.call('DEL', KEYS[4])
local now = micros()
redis.call('ZREMRANGEBYSCORE', KEYS[6], '-inf', string.format('%.0f', now))
redis.call('ZADD', KEYS[6], string.format('%.0f', now + tonumber(ARGV[3]) * 1000), ARGV[7])
redis.call('PEXPIRE', KEYS[6], ARGV[3])
publish(ARGV[5], KEYS[5], sequence, ARGV[6])
return 1
