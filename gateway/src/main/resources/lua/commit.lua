-- One atomic step of one workspace: all guards hold and all writes happen, or nothing does.
--
-- Returns {'ok', ms} | {'guard', index from 0} | {'stale', ms} | {'epoch'} | {'full'}, or an error
-- reply; ms is Redis time. After anything but 'ok' nothing has been written.
-- Running it twice is harmless as far as its guards make it so; that is the caller's part.
--
-- KEYS[1]  string  the store epoch of the workspace
-- KEYS[…]  any     every other key, once; guards and writes name them by index
-- ARGV[1]  string  the epoch the caller knows
-- ARGV[2]  ms      the time the decision was made with
-- ARGV[3]  i | r   intake (refused at maxmemory) or releasing (passes)
-- ARGV[4]  string  topics to publish, empty: none
-- ARGV[5]  string  the channel to publish them on
-- ARGV[6]  number  guards that follow, each: verb, key index, arguments
--    a key              absent            A key field              absent field or member
--    N key field count key …                        field in none of these hashes
--    p key              present           P key field              present field or member
--    e key value        equals            E key field value
--    g key number       at least          G key field number
--    b key number       below             B key field number
--    w key delta bound  sum within bound  W key field delta bound
-- then to the end: groups of writes, one group per key: type, key index, number of writes, each
-- write: verb, number of arguments, arguments. Keys are independent, so only the order within a
-- key matters, and each key's type is checked once.
--    type h hash:    S field value … set, D field … delete, I field delta add
--    type z zset:    Z score member … add, R member … remove
--    type l list:    P value … push, L index value replace, T length keep newest
--    type s string:  V value ttl set (ttl 0: no expiry)
--    type x stream:  X value length append and trim, Y the same if it exists
--    every type, and - for any:  U delete, E ttl expire, F ttl expire if this commit made the key
local K, A = KEYS, ARGV
local call, pcall = redis.call, redis.pcall
local last = #A
local LARGEST = 9007199254740992 -- 2^53: doubles count exactly up to here

if last + #K > 4000 then
  return redis.error_reply('MALFORMED more than 4000 arguments')
end
if last < 6 then
  return redis.error_reply('MALFORMED header')
end

-- At maxmemory a script may go on once its first write is one that needs no memory; one whose first
-- write needs memory is refused there. Neither of these two changes anything.
if A[3] == 'i' then
  local room = pcall('SETRANGE', K[1], 0, '')
  if type(room) == 'table' then
    if string.find(room.err, 'OOM', 1, true) then
      return { 'full' }
    end
    return room
  end
else
  call('PERSIST', K[1])
end

local time = call('TIME')
local ms = time[1] * 1000 + math.floor(time[2] / 1000)
local now = tonumber(A[2])
if not now then
  return redis.error_reply('MALFORMED time')
end
if now > ms + 1000 or now < ms - 1000 then
  return { 'stale', ms }
end
if call('GET', K[1]) ~= A[1] then
  return { 'epoch' }
end

-- Keys that were seen to be hashes or absent, for a field was asked of them; keys seen absent.
local hashes, absent = {}, {}

-- The value of a string, a field of a hash, or the score of a member; false when absent.
local function read(key, field)
  if not field then
    return call('GET', key)
  end
  local value = pcall('HGET', key, field)
  if type(value) == 'table' then
    return call('ZSCORE', key, field)
  end
  hashes[key] = true
  return value
end

local i = 7
for guard = 0, (tonumber(A[6]) or 0) - 1 do
  local verb, key = A[i], K[tonumber(A[i + 1])]
  if not key then
    return redis.error_reply('MALFORMED key of guard ' .. guard)
  end
  i = i + 2
  local field
  if verb == 'A' or verb == 'P' or verb == 'E' or verb == 'G' or verb == 'B' or verb == 'W' then
    field = A[i]
    i = i + 1
  end
  local holds
  if verb == 'a' then
    holds = call('EXISTS', key) == 0
    absent[key] = holds
  elseif verb == 'p' then
    holds = call('EXISTS', key) == 1
  elseif verb == 'A' then
    holds = not read(key, field)
  elseif verb == 'P' then
    holds = read(key, field)
  elseif verb == 'E' or verb == 'e' then
    holds = read(key, field) == A[i]
    i = i + 1
  elseif verb == 'N' then
    field = A[i]
    local further = tonumber(A[i + 1])
    if not further or not A[i + 1 + further] then
      return redis.error_reply('MALFORMED keys of guard ' .. guard)
    end
    holds = not read(key, field)
    for at = i + 2, i + 1 + further do
      key = K[tonumber(A[at])]
      if not key then
        return redis.error_reply('MALFORMED key of guard ' .. guard)
      end
      holds = holds and not read(key, field)
    end
    i = i + 2 + further
  else
    local stored, asked = tonumber(read(key, field) or 0), tonumber(A[i])
    if not stored or not asked then
      return redis.error_reply('WRONGTYPE guard ' .. guard .. ' compares what is no number')
    end
    if verb == 'G' or verb == 'g' then
      holds = stored >= asked
      i = i + 1
    elseif verb == 'B' or verb == 'b' then
      holds = stored < asked
      i = i + 1
    elseif verb == 'W' or verb == 'w' then
      local bound = tonumber(A[i + 1])
      if not bound then
        return redis.error_reply('MALFORMED bound of guard ' .. guard)
      end
      holds = stored + asked <= bound
      i = i + 2
    else
      return redis.error_reply('MALFORMED verb of guard ' .. guard)
    end
  end
  if not holds then
    return { 'guard', guard }
  end
end

-- The fields of a hash that the group of `count` writes from `at` on adds to, once for each time.
local function added(at, count)
  local fields = {}
  for _ = 1, count do
    if A[at] == 'I' then
      fields[#fields + 1] = A[at + 2]
    end
    at = at + 2 + (tonumber(A[at + 1]) or last) -- past the end: said below
  end
  return fields
end

-- Everything that could make a write fail is looked at before the first one: a script that stops
-- half-way keeps what it wrote. Each look costs as much as a write, so one is made for many fields.
local writes = i
local made = {}
while i <= last do
  local kind, key, count = A[i], K[tonumber(A[i + 1])], tonumber(A[i + 2])
  if not key or not count then
    return redis.error_reply('MALFORMED group at ' .. i)
  end
  local size, sums -- how much there is; what it adds to; nil: not asked
  if absent[key] then
    size = 0
  elseif kind == 'h' then
    local fields = added(i + 3, count)
    if #fields > 0 then
      sums = pcall('HMGET', key, unpack(fields))
      if sums.err then
        return sums
      end
      for _, sum in ipairs(sums) do
        size = sum and 1 or size
      end
    elseif not hashes[key] then
      size = pcall('HLEN', key)
    end
  elseif kind == 'z' then
    size = pcall('ZCARD', key)
  elseif kind == 'l' then
    size = pcall('LLEN', key)
  elseif kind == 's' then
    size = pcall('STRLEN', key)
    if size == 0 then
      size = nil -- absent or empty
    end
  elseif kind == 'x' then
    size = pcall('XLEN', key)
  elseif kind ~= '-' then
    return redis.error_reply('MALFORMED type at ' .. i)
  end
  if type(size) == 'table' then
    return size
  end
  i = i + 3
  local sum = 0
  for _ = 1, count do
    local verb, arguments = A[i], tonumber(A[i + 1])
    if not arguments or i + 1 + arguments > last then
      return redis.error_reply('MALFORMED write at ' .. i)
    end
    local ok = false
    if verb == 'S' then
      ok = kind == 'h' and arguments >= 2 and arguments % 2 == 0
    elseif verb == 'Z' then
      ok = kind == 'z' and arguments >= 2 and arguments % 2 == 0
      for at = i + 2, i + arguments, 2 do
        local score = tonumber(A[at])
        ok = ok and score and score == score
      end
    elseif verb == 'P' then
      ok = kind == 'l' and arguments >= 1
    elseif verb == 'R' then
      ok = kind == 'z' and arguments >= 1
    elseif verb == 'X' or verb == 'Y' then
      local length = tonumber(A[i + 3])
      ok = kind == 'x' and arguments == 2 and length and length >= 0
    elseif verb == 'I' then
      local delta = tonumber(A[i + 3])
      ok = kind == 'h' and arguments == 2 and delta and delta % 1 == 0
      if ok then
        sum = sum + 1
        local stored = tonumber(sums and sums[sum] or 0)
        if not stored or stored % 1 ~= 0 then
          return redis.error_reply('WRONGTYPE adds to what is no whole number')
        end
        -- asked without the sum: 2^53 + 1 would be rounded to 2^53
        if delta >= 0 then
          ok = delta <= LARGEST and stored <= LARGEST - delta
        else
          ok = delta >= -LARGEST and stored >= -LARGEST - delta
        end
      end
    elseif verb == 'V' then
      local ttl = tonumber(A[i + 3])
      ok = kind == 's' and arguments == 2 and ttl and ttl >= 0
    elseif verb == 'D' then
      ok = kind == 'h' and arguments >= 1
    elseif verb == 'L' then
      local index = tonumber(A[i + 2])
      ok = kind == 'l' and arguments == 2 and index and index >= 0
    elseif verb == 'T' then
      local length = tonumber(A[i + 2])
      ok = kind == 'l' and arguments == 1 and length and length >= 1
    elseif verb == 'E' or verb == 'F' then
      if verb == 'F' then
        made[key] = (size or call('EXISTS', key)) == 0
      end
      local ttl = tonumber(A[i + 2])
      ok = arguments == 1 and ttl and ttl >= 1
    elseif verb == 'U' then
      ok = arguments == 0
    end
    if not ok then
      return redis.error_reply('MALFORMED write at ' .. i)
    end
    i = i + 2 + arguments
  end
end

i = writes
while i <= last do
  local key = K[tonumber(A[i + 1])]
  local count = tonumber(A[i + 2])
  i = i + 3
  for _ = 1, count do
    local verb, arguments = A[i], tonumber(A[i + 1])
    local from, to = i + 2, i + 1 + arguments
    if verb == 'S' then
      call('HSET', key, unpack(A, from, to))
    elseif verb == 'Z' then
      call('ZADD', key, unpack(A, from, to))
    elseif verb == 'P' then
      call('RPUSH', key, unpack(A, from, to))
    elseif verb == 'R' then
      call('ZREM', key, unpack(A, from, to))
    elseif verb == 'X' then
      call('XADD', key, 'MAXLEN', A[to], '*', 'v', A[from])
    elseif verb == 'Y' then
      call('XADD', key, 'NOMKSTREAM', 'MAXLEN', A[to], '*', 'v', A[from])
    elseif verb == 'I' then
      call('HINCRBY', key, A[from], A[to])
    elseif verb == 'E' or verb == 'F' and made[key] then
      call('PEXPIRE', key, A[from])
    elseif verb == 'V' then
      if A[to] == '0' then
        call('SET', key, A[from])
      else
        call('SET', key, A[from], 'PX', A[to])
      end
    elseif verb == 'D' then
      call('HDEL', key, unpack(A, from, to))
    elseif verb == 'U' then
      call('DEL', key)
    elseif verb == 'T' then
      call('LTRIM', key, '-' .. A[from], '-1')
    elseif verb == 'L' then
      pcall('LSET', key, A[from], A[to]) -- a shorter list is left as it is
    end
    i = to + 1
  end
end

if A[4] ~= '' then
  call('PUBLISH', A[5], A[4])
end
return { 'ok', ms }
