-- Who is in a presence channel, and the sequence of the last change.
-- KEYS members, sequence
return {redis.call('GET', KEYS[2]) or '0', redis.call('HGETALL', KEYS[1])}
