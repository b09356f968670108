-- Lets an event wait. KEYS and ARGV as held.lua, and
-- ARGV publisher, number (it rises), how many events may wait, event
-- Returns how many are lost by that.
if is_done(ARGV[3], ARGV[4]) then
  return 0
end
return append(ARGV[6], ARGV[5])
