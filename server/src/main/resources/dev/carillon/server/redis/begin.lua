-- KEYS nodes
--      apps: node id -> its apps, each a line of a fingerprint and an id
-- ARGV node id, lease in microseconds, the node's apps
-- A node begins its lease, unless another node that is there means another app by one of these ids.
-- Returns these apps.
local now = micros()
local mine = {}
for print, app in string.gmatch(ARGV[3], '(%S+) ([^\n]*)\n') do
  mine[app] = print
end
local refused = {}
local all = redis.call('HGETALL', KEYS[2])
for i = 1, #all, 2 do
  local lease = redis.call('ZSCORE', KEYS[1], all[i])
  if not lease or tonumber(lease) <= now then
    redis.call('HDEL', KEYS[2], all[i])
  elseif all[i] ~= ARGV[1] then
    for print, app in string.gmatch(all[i + 1], '(%S+) ([^\n]*)\n') do
      if mine[app] and mine[app] ~= print then
        table.insert(refused, app)
      end
    end
  end
end
if #refused == 0 then
  redis.call('ZADD', KEYS[1], string.format('%.0f', now + tonumber(ARGV[2])), ARGV[1])
  redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
end
return refused
