-- A user's first connection on a node signs in.
-- KEYS nodes: the nodes that the user is on -> operation by which they came
--      left: as nodes, of those that the user has left lately
--      absence: until when who went may come back without being news, in microseconds
--      sequence, pub/sub channel
-- ARGV node id, operation, publish verb (empty: nobody is told), envelope
-- Returns 1 if the user came online by this, else 0.
local node, operation = ARGV[1], tonumber(ARGV[2])
local gone = redis.call('HGET', KEYS[2], node)
if redis.call('HEXISTS', KEYS[1], node) == 1 or (gone and tonumber(gone) > operation) then
  return 0 -- sent again
end
redis.call('HSET', KEYS[1], node, ARGV[2])
if redis.call('HLEN', KEYS[1]) > 1 or redis.call('DEL', KEYS[3]) == 1 then
  return 0
end
if ARGV[3] ~= '' then
  publish(ARGV[3], KEYS[5], next_sequence(KEYS[4]), ARGV[4])
end
return 1
