-- Who is in a presence channel, and the sequence of the last change; how they are.
-- KEYS members, sequence, how
return {
  redis.call('GET', KEYS[2]) or '0',
  redis.call('HGETALL', KEYS[1]),
  redis.call('HGETALL', KEYS[3])
}
