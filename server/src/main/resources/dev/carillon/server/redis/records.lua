-- KEYS records of users: as apply.lua
-- Returns the time, and the records; empty where there is none.
local answer = {string.format('%.0f', micros())}
if #KEYS > 0 then
  local kept = redis.call('MGET', unpack(KEYS))
  for i = 1, #KEYS do
    answer[i + 1] = kept[i] or ''
  end
end
return answer
