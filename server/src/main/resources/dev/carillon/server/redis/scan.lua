-- Looks at some of the keys of one server of a cluster, for entries of nodes.
-- KEYS one by which the server is found
-- ARGV cursor, pattern of the keys, how many to look at, length of the prefix
-- Returns the next cursor; nodes and names of topics by turns, as in the nodes' indexes; and the
-- names of users who are absent. The keys are those of RedisKeys.
local function fields(key)
  local all = redis.pcall('HKEYS', key)
  return all.err and {} or all -- is just being moved to another server, which is asked too
end

local found, absent = {}, {}
local function add(node, name)
  found[#found + 1] = node
  found[#found + 1] = name
end

local answer = redis.call('SCAN', ARGV[1], 'MATCH', ARGV[2], 'COUNT', ARGV[3])
for _, key in ipairs(answer[2]) do
  local app, part, rest = string.match(string.sub(key, ARGV[4] + 1), '^{([^/}]+)/?%d*}:([%w-]+):?(.*)$')
  if part == 'held' then
    local node, channel = string.match(rest, '^(%x+):(.*)$')
    if node then
      add(node, app .. '/' .. channel)
    end
  elseif part == 'nodes' then
    for _, node in ipairs(fields(key)) do
      add(node, app .. '/' .. rest)
    end
  elseif part == 'occupancy' and rest ~= '' then
    add(rest, app .. '/')
  elseif part == 'connections' then
    for _, node in ipairs(fields(key)) do
      add(node, app .. '/')
    end
  elseif part == 'absence' then
    absent[#absent + 1] = app .. '/' .. rest
  end
end
return {answer[1], found, absent}
