-- Events that wait until their user may be disturbed: what hold.lua, pass.lua, waiting.lua and free.lua
-- share.
-- KEYS of each of the user's own channels six: that of the event first
--      waiting: a list, each event with four numbers and a colon behind each: since when it waits in
--      microseconds (it rises over the lists), for how long a cache channel keeps it when it is
--      published in ms (0 in other channels), the lengths of its data and of its frame; then the
--      envelope without version and sequence
--      done: publisher -> the number of its last event here
--      kept, sequence, missed, pub/sub channel: as cache.lua
-- ARGV publish verb, for how long an event waits in ms, then those of the script
local OF_EACH = 6

-- Whether a publisher has done that already.
local function is_done(publisher, number)
  if tonumber(redis.call('HGET', KEYS[2], publisher) or '0') >= tonumber(number) then
    return true
  end
  redis.call('HSET', KEYS[2], publisher, number)
  redis.call('PEXPIRE', KEYS[2], 60000)
  return false
end

-- Since when an event waits.
local function since(event)
  return tonumber(event:match('^%d+'))
end

-- Takes out what has waited too long in a list; returns the event that has waited longest, if there
-- is one.
local function oldest(list)
  local from = micros() - ARGV[2] * 1000
  local event = redis.call('LINDEX', list, 0)
  while event and since(event) <= from do
    redis.call('LPOP', list)
    event = redis.call('LINDEX', list, 0)
  end
  return event
end

-- The same of all lists, but for those that are left out: where in KEYS its list is, and the event.
local function oldest_of_all(left_out)
  local at, found
  for i = 1, #KEYS, OF_EACH do
    local event = not left_out[i] and oldest(KEYS[i])
    if event and (not found or since(event) < since(found)) then
      at, found = i, event
    end
  end
  return at, found
end

-- Since when the last event of a list waits; 0 without one.
local function last_since(list)
  local event = redis.call('LINDEX', list, -1)
  return event and since(event) or 0
end

-- Puts an event behind all others; returns how many are lost by that.
local function append(event, most)
  local at, count = micros(), 1
  oldest_of_all({})
  for i = 1, #KEYS, OF_EACH do
    at = math.max(at, last_since(KEYS[i]) + 1)
    count = count + redis.call('LLEN', KEYS[i])
  end
  redis.call('RPUSH', KEYS[1], string.format('%.0f', at) .. ':' .. event)
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  local lost = math.max(0, count - most)
  for _ = 1, lost do
    redis.call('LPOP', KEYS[oldest_of_all({})])
  end
  return lost
end

-- Publishes what follows the time in the channel whose keys begin there, and keeps it where that is
-- done, if anybody gets it or to_nobody is true; returns how many nodes get it. Again: the byte that
-- says so.
local function deliver(at, event, again, to_nobody)
  local ttl, data, frame, from = event:match('^(%d+):(%d+):(%d+):()')
  local envelope = event:sub(from)
  local tail = envelope:sub(1, 1) .. again .. envelope:sub(3)
  if ttl == '0' then
    return publish(ARGV[1], KEYS[at + 5], string.rep('0', 16), tail)
  end
  local sequence = next_sequence(KEYS[at + 3])
  local nodes = publish(ARGV[1], KEYS[at + 5], sequence, tail)
  if nodes > 0 or to_nobody then
    redis.call('SET', KEYS[at + 2], sequence .. data .. ':' .. envelope:sub(-frame), 'PX', ttl)
    redis.call('DEL', KEYS[at + 4])
  end
  return nodes
end
