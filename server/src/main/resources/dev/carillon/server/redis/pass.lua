-- Publishes an event, or lets it wait behind those of its channel that do. KEYS and ARGV as hold.lua, and
-- ARGV the byte that tells whether the event may have come
-- Returns whether it is published, and how many are lost.
if is_done(ARGV[3], ARGV[4]) then
  return {oldest(KEYS[1]) and 0 or 1, 0}
end
if oldest(KEYS[1]) then
  return {0, append(ARGV[6], ARGV[5])}
end
deliver(1, ARGV[6], ARGV[7], true)
return {1, 0}
