-- Events that wait until their user may be disturbed: what hold.lua, pass.lua and free.lua share.
-- KEYS waiting: a list, each event with four numbers and a colon behind each: since when it waits in
--      microseconds, for how long a cache channel keeps it when it is published in ms (0 in other
--      channels), the lengths of its data and of its frame; then the envelope without version and
--      sequence
--      done: publisher -> the number of its last event here
--      kept, sequence, missed, pub/sub channel: as cache.lua
-- ARGV publish verb, for how long an event waits in ms, then those of the script

-- Whether a publisher has done that already.
local function is_done(publisher, number)
  if tonumber(redis.call('HGET', KEYS[2], publisher) or '0') >= tonumber(number) then
    return true
  end
  redis.call('HSET', KEYS[2], publisher, number)
  redis.call('PEXPIRE', KEYS[2], 60000)
  return false
end

-- Takes out what has waited too long; returns the event that has waited longest, if there is one.
local function oldest()
  local from = micros() - ARGV[2] * 1000
  local event = redis.call('LINDEX', KEYS[1], 0)
  while event and tonumber(event:match('^%d+')) <= from do
    redis.call('LPOP', KEYS[1])
    event = redis.call('LINDEX', KEYS[1], 0)
  end
  return event
end

-- Puts an event behind the others; returns how many are lost by that.
local function append(event, most)
  redis.call('RPUSH', KEYS[1], string.format('%.0f', micros()) .. ':' .. event)
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  local lost = 0
  while redis.call('LLEN', KEYS[1]) > tonumber(most) do
    redis.call('LPOP', KEYS[1])
    lost = lost + 1
  end
  return lost
end

-- Publishes what follows the time, and keeps it where that is done, if anybody gets it or to_nobody is
-- true; returns how many nodes get it. Again: the byte that says so.
local function deliver(event, again, to_nobody)
  local ttl, data, frame, from = event:match('^(%d+):(%d+):(%d+):()')
  local envelope = event:sub(from)
  local tail = envelope:sub(1, 1) .. again .. envelope:sub(3)
  if ttl == '0' then
    return publish(ARGV[1], KEYS[6], string.rep('0', 16), tail)
  end
  local sequence = next_sequence(KEYS[4])
  local nodes = publish(ARGV[1], KEYS[6], sequence, tail)
  if nodes > 0 or to_nobody then
    redis.call('SET', KEYS[3], sequence .. data .. ':' .. envelope:sub(-frame), 'PX', ttl)
    redis.call('DEL', KEYS[5])
  end
  return nodes
end
