-- The event that is kept, as cache.lua keeps it, and how much longer, in ms.
-- KEYS kept
local event = redis.call('GET', KEYS[1])
if not event then
  return {}
end
return {event, redis.call('PTTL', KEYS[1])}
