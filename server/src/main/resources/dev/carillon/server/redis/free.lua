-- Publishes all that wait, in order. KEYS and ARGV as held.lua
-- Returns how many.
local count = 0
local event = oldest()
-- Without a node that would get it, it goes on waiting: whoever has asked has lost its subscription.
while event and deliver(event:match('^%d+:(.*)$'), '\0', false) > 0 do
  redis.call('LPOP', KEYS[1])
  count = count + 1
  event = redis.call('LINDEX', KEYS[1], 0)
end
return count
