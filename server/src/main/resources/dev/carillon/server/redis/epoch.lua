-- KEYS epoch: when what this master keeps was begun; gone if it has lost it
-- Returns the epoch, and its age in microseconds.
local now = micros()
local epoch = redis.call('GET', KEYS[1])
if not epoch then
  epoch = string.format('%.0f', now)
  redis.call('SET', KEYS[1], epoch)
end
return {epoch, now - tonumber(epoch)}
