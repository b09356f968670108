-- KEYS one under the prefix
-- ARGV a pub/sub channel under the prefix, how many commands of pub/sub there are, these, the others
-- Returns the commands that this user may not send; a Redis before 7 does not tell.
local missing = {}
if redis.acl_check_cmd then
  for i = 3, #ARGV do
    local target = i < 3 + tonumber(ARGV[2]) and ARGV[1] or KEYS[1]
    if not redis.acl_check_cmd(ARGV[i], target) then
      table.insert(missing, ARGV[i])
    end
  end
end
return missing
