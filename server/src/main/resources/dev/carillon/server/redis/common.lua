-- What the scripts share. Numbers that must rise are microseconds of Redis' clock: they rise also
-- where nothing was kept in between, and after Redis has lost what it had.

local function micros()
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end

local function next_sequence(key)
  local last = tonumber(redis.call('GET', key) or '0')
  local sequence = math.max(last + 1, micros())
  redis.call('SET', key, string.format('%.0f', sequence), 'EX', 3600)
  return string.format('%016.0f', sequence)
end

-- One byte of version, the sequence, and what Java made: see EnvelopeCodec. Returns to how many nodes
-- it went.
local function publish(verb, channel, sequence, tail)
  return redis.call(verb, channel, '\1' .. sequence .. tail)
end
