-- What waits. KEYS the waiting of each channel
-- Returns since when the last event waits, in microseconds; 0 without one.
local mark = 0
for _, list in ipairs(KEYS) do
  mark = math.max(mark, last_since(list))
end
return mark
