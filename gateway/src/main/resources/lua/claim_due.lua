-- Takes members of a sorted set that are due by Redis's own time, oldest first, and re-scores them
-- to the end of the lease. Never early. What is not removed until then is taken again.
--
-- Returns {'epoch'} or {'ok', ms, lowest score left or -1, {member, due, member, due, …}}; the
-- lowest score left may be the lease end of something claimed. Running it twice claims each member
-- once.
--
-- KEYS[1]  string  the store epoch of the workspace
-- KEYS[2]  zset    members by due time (ms)
-- ARGV[1]  string  the epoch the caller knows
-- ARGV[2]  ms      length of the lease
-- ARGV[3]  number  how many at most, 1 to 1000
local epoch = ARGV[1]
local lease = tonumber(ARGV[2])
local limit = tonumber(ARGV[3])
if not lease or lease < 1 or not limit or limit < 1 or limit > 1000 then
  return redis.error_reply('MALFORMED lease or limit')
end
if redis.call('GET', KEYS[1]) ~= epoch then
  return { 'epoch' }
end

local time = redis.call('TIME')
local ms = time[1] * 1000 + math.floor(time[2] / 1000)
local due =
  redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ms, 'WITHSCORES', 'LIMIT', 0, limit)
if #due > 0 then
  redis.call('PERSIST', KEYS[1]) -- changes nothing, but lets the next write pass at maxmemory
  local rows, score = {}, string.format('%.0f', ms + lease)
  for n = 1, #due, 2 do
    rows[n] = score
    rows[n + 1] = due[n]
  end
  redis.call('ZADD', KEYS[2], unpack(rows))
end
local first = redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')
return { 'ok', ms, first[2] or '-1', due }
