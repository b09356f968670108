-- Puts a user's record in place of the one that is expected, and publishes what that tells.
-- KEYS record: revision, basis, writers and the record, by blanks
--      dues: users -> when their records are to be looked at, in microseconds
-- ARGV expected revision (0: there is none; ?: to look only), publisher, operation (of one user's it
-- rises), basis (0: the revision that this becomes), record (empty: none is kept), for how long in
-- ms (0: without end), user, due (empty: never), publish verb, channels and envelopes by turns
-- Returns 1 if it is done, 2 if it was done before, 0 if another record is there; the time; the new
-- revision, or else what is there.
local now = micros()
local kept = redis.call('GET', KEYS[1])
local revision, writers = '0', ','
if kept then
  revision, writers = string.match(kept, '^(%d+) %d+ (%S+) ')
end
local answer = {0, string.format('%.0f', now), kept or ''}
if string.find(writers, ',' .. ARGV[2] .. ':' .. ARGV[3] .. ',', 1, true) then
  answer[1] = 2
  return answer
end
if revision ~= ARGV[1] then
  return answer
end
local becomes = string.format('%.0f', math.max(tonumber(revision) + 1, now))
if ARGV[5] == '' then
  redis.call('DEL', KEYS[1])
else
  -- Each writer's last operation, the latest writers only: it serves for seconds.
  local others = string.gsub(writers, ',' .. ARGV[2] .. ':%d+,', ',')
  writers = string.match(string.sub(',' .. ARGV[2] .. ':' .. ARGV[3] .. others, 1, 400), '^.*,')
  local basis = ARGV[4] == '0' and becomes or ARGV[4]
  local record = table.concat({becomes, basis, writers, ARGV[5]}, ' ')
  if ARGV[6] == '0' then
    redis.call('SET', KEYS[1], record)
  else
    redis.call('SET', KEYS[1], record, 'PX', ARGV[6])
  end
end
if ARGV[5] == '' or ARGV[8] == '' then
  redis.call('ZREM', KEYS[2], ARGV[7])
else
  redis.call('ZADD', KEYS[2], ARGV[8], ARGV[7])
end
for i = 10, #ARGV, 2 do
  redis.call(ARGV[9], ARGV[i], ARGV[i + 1])
end
return {1, answer[2], becomes}
