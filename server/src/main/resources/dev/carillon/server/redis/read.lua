-- Several reads in one step, of all that one server of a cluster has of what is asked. Their keys
-- may be of several slots, so they are arguments: that they are here is the asker's map of slots,
-- which may be old.
-- KEYS one of them, by which the server is found
-- ARGV by threes: what is read, its key, and
--   field: which field of a hash
--   begin: how the fields of a hash begin that are wanted; they come with their values
--   living: nothing; how many members a sorted set has whose score, a time in microseconds, is to come
--   kept: nothing; an event as cache.lua keeps it, and how much longer, in ms
-- Returns the answers, in this order.
local function read(...)
  local answer = redis.pcall(...)
  if type(answer) == 'table' and answer.err then
    if string.find(answer.err, 'non local key', 1, true) then
      answer = {err = 'NOTHERE a key has moved to another server'}
    end
    error(answer)
  end
  return answer
end

local readers = {}

function readers.field(key, field)
  return read('HGET', key, field)
end

function readers.begin(key, prefix)
  local all = read('HGETALL', key)
  local wanted = {}
  for i = 1, #all, 2 do
    if string.sub(all[i], 1, #prefix) == prefix then
      wanted[#wanted + 1] = all[i]
      wanted[#wanted + 1] = all[i + 1]
    end
  end
  return wanted
end

function readers.kept(key)
  local event = read('GET', key)
  return event and {event, read('PTTL', key)} or {}
end

local now
function readers.living(key)
  now = now or string.format('%.0f', micros())
  return read('ZCOUNT', key, now, '+inf')
end

local answers = {}
for i = 1, #ARGV, 3 do
  local ok, answer = pcall(readers[ARGV[i]], ARGV[i + 1], ARGV[i + 2])
  if not ok then
    return answer
  end
  answers[#answers + 1] = answer
end
return answers
