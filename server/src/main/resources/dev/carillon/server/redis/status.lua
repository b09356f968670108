-- KEYS nodes, absence, sequence: as arrive.lua
-- Returns whether the user is online, and a sequence: at least that of the last change, also if
-- that is forgotten, and less than that of the next.
local online = redis.call('EXISTS', KEYS[1], KEYS[2]) > 0 and 1 or 0
local last = tonumber(redis.call('GET', KEYS[3]) or '0')
return {online, string.format('%.0f', math.max(last, micros() - 1))}
