-- An absence was looked at; it is to be again only if the user has gone again since.
-- KEYS graces
-- ARGV user, the time that was known
if redis.call('ZSCORE', KEYS[1], ARGV[1]) == ARGV[2] then
  return redis.call('ZREM', KEYS[1], ARGV[1])
end
return 0
