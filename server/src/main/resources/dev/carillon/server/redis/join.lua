-- A user's first connection on a node joins a presence channel.
-- KEYS members: user id -> sequence of joining and what the first connection said
--      holders: user id -> on how many nodes the user is
--      held: the node's users -> operation and whether it was the user's first node
--      left: users who have left it lately -> operation, whether it was the last node, and what
--      held had
--      sequence, pub/sub channel
--      user counts: channels of this partition -> how many members each has
--      how: as update.lua
-- ARGV user id, member, operation, limit of members (0: none), publish verb (empty: nobody is told),
-- envelope, channel, version and status (empty: none)
-- Returns whether the user is new (1), was in (0), or finds the channel full (-1); the sequence;
-- the members; how they are.
local user, operation = ARGV[1], tonumber(ARGV[3])
local held = redis.call('HGET', KEYS[3], user)
local gone = redis.call('HGET', KEYS[4], user)
local first = '0'
if gone and tonumber(string.match(gone, '^%d+')) > operation then
  -- Sent again, and the user has left since: it says what it said.
  local before, was = string.match(gone, ':(%d+):(%d)$')
  if tonumber(before) == operation then
    first = was
  end
elseif held then
  local before, was = string.match(held, '^(%d+):(%d)$')
  if tonumber(before) == operation then
    first = was
  end
else
  local limit = tonumber(ARGV[4])
  local nodes = redis.call('HINCRBY', KEYS[2], user, 1)
  if nodes == 1 then
    if limit > 0 and redis.call('HLEN', KEYS[2]) > limit then
      redis.call('HDEL', KEYS[2], user)
      return {-1, redis.call('HLEN', KEYS[2])}
    end
    first = '1'
    local sequence = next_sequence(KEYS[5])
    redis.call('HSET', KEYS[1], user, sequence .. ARGV[2])
    redis.call('HSET', KEYS[7], ARGV[7], redis.call('HLEN', KEYS[1]))
    if ARGV[8] ~= '' then
      redis.call('HSET', KEYS[8], user, ARGV[8])
    end
    if ARGV[5] ~= '' then
      publish(ARGV[5], KEYS[6], sequence, ARGV[6])
    end
  end
  redis.call('HSET', KEYS[3], user, ARGV[3] .. ':' .. first)
end
return {
  tonumber(first),
  redis.call('GET', KEYS[5]) or '0',
  redis.call('HGETALL', KEYS[1]),
  redis.call('HGETALL', KEYS[8])
}
