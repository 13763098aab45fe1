-- Everything a decision about one contact or conversation needs, in one round trip. Reads only.
--
-- Returns {ms, id or nil, version or nil, state or nil, {known or nil per digest}, {parked per target},
-- link or nil, lookup or nil}; ms is Redis time.
--
-- KEYS[1]  string|hash  the contact's pointer (by contact) or the conversation (by id)
-- KEYS[…]  hash         per digest its dedupe hashes, newest period first
-- KEYS[…]  list         per target its waiting events
-- KEYS[…]  string       the contact's link, then its lookup; only where ARGV ends with 'u'
-- ARGV[1]  p | fF | c   whether KEYS[1] is a pointer, a hash with a pointer in field F, or the conversation
-- ARGV[2]  string       what stands before the id in the key of a conversation (same hash tag)
-- ARGV[3]  number       dedupe hashes per digest
-- ARGV[4]  number       digests
-- ARGV[…]  string       the digests
-- ARGV[…]  u            the last two keys are the link and the lookup; may be absent
local kind = string.sub(ARGV[1], 1, 1)
local prefix = ARGV[2]
local periods = tonumber(ARGV[3])
local digests = tonumber(ARGV[4])

local id, conversation = false, KEYS[1]
if kind == 'p' then
  id = redis.call('GET', KEYS[1])
elseif kind == 'f' then
  id = redis.call('HGET', KEYS[1], string.sub(ARGV[1], 2))
end
if kind ~= 'c' then
  conversation = id and prefix .. id
end
local row = { false, false }
if conversation then
  row = redis.call('HMGET', conversation, 'v', 's')
end

local known, key = {}, 2
for n = 1, digests do
  local found = false
  for back = 0, periods - 1 do
    if not found then
      found = redis.call('HGET', KEYS[key + back], ARGV[4 + n])
    end
  end
  known[n] = found
  key = key + periods
end

local customer = ARGV[5 + digests] == 'u'
local parked = {}
for n = key, #KEYS - (customer and 2 or 0) do
  parked[n - key + 1] = redis.call('LRANGE', KEYS[n], 0, -1)
end

local link, lookup = false, false
if customer then
  link = redis.call('GET', KEYS[#KEYS - 1])
  lookup = redis.call('GET', KEYS[#KEYS])
end

local time = redis.call('TIME')
return { time[1] * 1000 + math.floor(time[2] / 1000), id, row[1], row[2], known, parked, link, lookup }
