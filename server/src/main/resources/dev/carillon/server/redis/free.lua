-- Publishes all that has waited at a mark, in order over all channels. KEYS and ARGV as held.lua, and
-- ARGV the mark: an event that has waited since later is left
-- Returns how many.
local count = 0
local unheard = {}
local at, event = oldest_of_all(unheard)
while at and since(event) <= tonumber(ARGV[3]) do
  if deliver(at, event:match('^%d+:(.*)$'), '\0', false) > 0 then
    redis.call('LPOP', KEYS[at])
    count = count + 1
  else
    -- Without a node that would get it, it goes on waiting: whoever has asked has lost its subscription.
    unheard[at] = true
  end
  at, event = oldest_of_all(unheard)
end
return count
