-- One atomic step of one workspace: all guards hold and all writes happen, or nothing does.
--
-- Returns {'ok', ms} | {'guard', index from 0} | {'stale', ms} | {'epoch'} | {'full'}, or an error
-- reply; ms is Redis time. After anything but 'ok' nothing has been written.
-- Running it twice is harmless as far as its guards make it so; that is the caller's part.
--
-- Its twin, CommitScript, counts arguments and checks what can be known before; here stands what
-- depends on what is stored. A call of Redis costs a microsecond whatever it does, so few are made.
--
-- KEYS[1]  string  the store epoch of the workspace
-- KEYS[…]  any     every other key, once; guards, looks and writes name them by index
-- ARGV[1]  string  the epoch the caller knows
-- ARGV[2]  ms      the time the decision was made with
-- ARGV[3]  i | s | r  intake, refused at maxmemory by its first write (i) or by a look (s);
--                  releasing (r) passes
-- ARGV[4]  string  topics to publish, empty: none
-- ARGV[5]  string  the channel to publish them on
-- ARGV[6]  number  guards that follow, each: verb, key index, arguments
--    a key number key …             absent   A key field                       absent field or member
--    N key field count key …                 field in none of these hashes
--    p key                          present  P key field                       present field or member
--    e key value                    equals   E key field value
--    g key number                   at least G key field number
--    b key number                   below    B key field number
--    w key delta bound              within   W key field delta bound   sum within bound
-- then     number  looks that follow, each: verb, key index, arguments
--    h z l x s key                  the key has this type, or is absent
--    i key number field delta …     so much can be added to these fields
--    f key                          whether the key is new, for F
-- then to the end: writes, each: verb, key index, arguments. The order within a key matters.
--    S Z P R D key number …         hash set, sorted set add, list push, sorted set and hash remove
--    I key number field delta …     hash add
--    L key index value · T key length   list replace, keep the newest
--    V key value ttl                string set (ttl 0: no expiry)
--    X Y key value length           stream append and trim, Y if it exists
--    U key · E key ttl · F key ttl  delete, expire, expire if this commit made the key
-- Nothing may fail after the first write: each key's type is looked at before, except that of the
-- first write, which leaves nothing behind if it fails.
local K, A = KEYS, ARGV
local call, pcall = redis.call, redis.pcall
local last = #A
local LARGEST = 9007199254740992 -- 2^53: doubles count exactly up to here

if last + #K > 5000 or last < 7 then
  return redis.error_reply('MALFORMED header')
end

-- At maxmemory a script may go on once its first write is one that needs no memory; one whose first
-- write needs memory is refused there. Neither of these two changes anything.
local urgency = A[3]
if urgency == 's' then
  local room = pcall('SETRANGE', K[1], 0, '')
  if type(room) == 'table' then
    if string.find(room.err, 'OOM', 1, true) then
      return { 'full' }
    end
    return room
  end
elseif urgency == 'r' then
  call('PERSIST', K[1])
end

local time = call('TIME')
local ms = time[1] * 1000 + math.floor(time[2] / 1000)
local now = tonumber(A[2])
if now > ms + 1000 or now < ms - 1000 then
  return { 'stale', ms }
end
if call('GET', K[1]) ~= A[1] then
  return { 'epoch' }
end

-- Keys that were seen to be hashes or absent, for a field was asked of them.
local hashes = {}

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
local guard, guards = 0, tonumber(A[6])
while guard < guards do
  local verb, key = A[i], K[tonumber(A[i + 1])]
  local holds
  if verb == 'E' then
    holds = read(key, A[i + 2]) == A[i + 3]
    i = i + 4
  elseif verb == 'e' then
    holds = call('GET', key) == A[i + 2]
    i = i + 3
  elseif verb == 'N' then
    local field = A[i + 2]
    holds = not read(key, field)
    local to = i + 3 + tonumber(A[i + 3])
    for at = i + 4, to do
      holds = holds and not read(K[tonumber(A[at])], field)
    end
    i = to + 1
  elseif verb == 'a' then
    local further = tonumber(A[i + 2])
    if further == 0 then
      holds = call('EXISTS', key) == 0
    else
      local all = { key }
      for at = 1, further do
        all[at + 1] = K[tonumber(A[i + 2 + at])]
      end
      if call('EXISTS', unpack(all)) > 0 then
        for at = 1, further + 1 do
          if call('EXISTS', all[at]) > 0 then
            return { 'guard', guard + at - 1 }
          end
        end
      end
      holds = true
    end
    guard = guard + further
    i = i + 3 + further
  elseif verb == 'A' then
    holds = not read(key, A[i + 2])
    i = i + 3
  elseif verb == 'P' then
    holds = read(key, A[i + 2])
    i = i + 3
  elseif verb == 'p' then
    holds = call('EXISTS', key) == 1
    i = i + 2
  else
    local upper = verb == 'G' or verb == 'B' or verb == 'W'
    local stored
    if upper then
      stored = read(key, A[i + 2])
      i = i + 3
    else
      stored = call('GET', key)
      i = i + 2
    end
    stored = tonumber(stored or 0)
    if not stored then
      return redis.error_reply('WRONGTYPE guard ' .. guard .. ' compares what is no number')
    end
    if verb == 'G' or verb == 'g' then
      holds = stored >= tonumber(A[i])
      i = i + 1
    elseif verb == 'B' or verb == 'b' then
      holds = stored < tonumber(A[i])
      i = i + 1
    elseif verb == 'W' or verb == 'w' then
      holds = stored + tonumber(A[i]) <= tonumber(A[i + 1])
      i = i + 2
    else
      return redis.error_reply('MALFORMED verb of guard ' .. guard)
    end
  end
  if not holds then
    return { 'guard', guard }
  end
  guard = guard + 1
end

-- Everything that could make a write fail is looked at before the first one: a script that stops
-- half-way keeps what it wrote.
local sizes = { h = 'HLEN', z = 'ZCARD', l = 'LLEN', x = 'XLEN', s = 'STRLEN' }
local made, present = {}, {}
local looks = tonumber(A[i])
i = i + 1
for _ = 1, looks do
  local verb, key = A[i], K[tonumber(A[i + 1])]
  i = i + 2
  if verb == 'f' then
    made[key] = not present[key] and call('EXISTS', key) == 0
  elseif verb == 'i' then
    local count = tonumber(A[i])
    local fields = {}
    for at = 1, count do
      fields[at] = A[i + 2 * at - 1]
    end
    local sums = pcall('HMGET', key, unpack(fields))
    if sums.err then
      return sums
    end
    for at = 1, count do
      present[key] = present[key] or sums[at]
      local stored, delta = tonumber(sums[at] or 0), tonumber(A[i + 2 * at])
      if not stored or stored % 1 ~= 0 then
        return redis.error_reply('WRONGTYPE adds to what is no whole number')
      end
      -- asked without the sum: 2^53 + 1 would be rounded to 2^53
      if delta >= 0 and stored > LARGEST - delta or delta < 0 and stored < -LARGEST - delta then
        return redis.error_reply('MALFORMED sum')
      end
    end
    i = i + 1 + 2 * count
  elseif verb ~= 'h' or not hashes[key] then
    local size = pcall(sizes[verb], key)
    if type(size) == 'table' then
      return size
    end
  end
end

local first = i
while i <= last do
  local verb, key = A[i], K[tonumber(A[i + 1])]
  local from = i + 3
  if verb == 'S' or verb == 'Z' or verb == 'P' then
    local command = verb == 'S' and 'HSET' or verb == 'Z' and 'ZADD' or 'RPUSH'
    local is_first = i == first
    i = i + 3 + tonumber(A[i + 2])
    if is_first then
      local done = pcall(command, key, unpack(A, from, i - 1))
      if type(done) == 'table' then
        if string.find(done.err, 'OOM', 1, true) then
          return { 'full' }
        end
        return done
      end
    else
      call(command, key, unpack(A, from, i - 1))
    end
  elseif verb == 'I' then
    i = i + 3 + 2 * tonumber(A[i + 2])
    for at = from, i - 1, 2 do
      call('HINCRBY', key, A[at], A[at + 1])
    end
  elseif verb == 'X' then
    call('XADD', key, 'MAXLEN', A[from], '*', 'v', A[from - 1])
    i = from + 1
  elseif verb == 'Y' then
    call('XADD', key, 'NOMKSTREAM', 'MAXLEN', A[from], '*', 'v', A[from - 1])
    i = from + 1
  elseif verb == 'R' or verb == 'D' then
    i = i + 3 + tonumber(A[i + 2])
    call(verb == 'R' and 'ZREM' or 'HDEL', key, unpack(A, from, i - 1))
  elseif verb == 'F' or verb == 'E' then
    if verb == 'E' or made[key] then
      call('PEXPIRE', key, A[i + 2])
    end
    i = from
  elseif verb == 'V' then
    if A[from] == '0' then
      call('SET', key, A[from - 1])
    else
      call('SET', key, A[from - 1], 'PX', A[from])
    end
    i = from + 1
  elseif verb == 'U' then
    call('DEL', key)
    i = i + 2
  elseif verb == 'T' then
    call('LTRIM', key, '-' .. A[i + 2], '-1')
    i = from
  elseif verb == 'L' then
    pcall('LSET', key, A[i + 2], A[from]) -- a shorter list is left as it is
    i = from + 1
  end
end

if A[4] ~= '' then
  call('PUBLISH', A[5], A[4])
end
return { 'ok', ms }
