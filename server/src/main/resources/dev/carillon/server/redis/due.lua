-- Takes users whose records are due. They are due again some time later: should whoever took them
-- die before, another takes them then.
-- KEYS dues: as apply.lua
-- ARGV how many at most, that time in microseconds
-- Returns the time, and the users.
local now = micros()
local answer = {string.format('%.0f', now)}
local again = string.format('%.0f', now + tonumber(ARGV[2]))
local due =
  redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', answer[1], 'LIMIT', 0, tonumber(ARGV[1]))
for _, user in ipairs(due) do
  redis.call('ZADD', KEYS[1], again, user)
  table.insert(answer, user)
end
return answer
