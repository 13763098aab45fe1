// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code commit.lua} with the verbs, key indexes and counts of one shape of commits put in (partial
 * evaluation): what is left is a straight line of calls, and only values are sent. It asks, answers
 * and writes what {@code commit.lua} does with the whole list of arguments, in the same order; the
 * comments are there.
 *
 * <p>KEYS are the same. ARGV are the arguments that are {@link CommitScript#VALUE values}, in their
 * order. Not thread-safe: one compiles one shape.
 */
final class CommitCompiler {

  private static final String HEAD =
      """
      local K, A = KEYS, ARGV
      local call, pcall = redis.call, redis.pcall
      local function refused(answer)
        if string.find(answer.err, 'OOM', 1, true) then
          return { 'full' }
        end
        return answer
      end
      """;

  private static final String TIME =
      """
      local time = call('TIME')
      local ms = time[1] * 1000 + math.floor(time[2] / 1000)
      local now = tonumber(A[2])
      if now > ms + 1000 or now < ms - 1000 then
        return { 'stale', ms }
      end
      if call('GET', K[1]) ~= A[1] then
        return { 'epoch' }
      end
      local hashes, made, present = {}, {}, {}
      local function read(key, field)
        local value = pcall('HGET', K[key], field)
        if type(value) == 'table' then
          return call('ZSCORE', K[key], field)
        end
        hashes[key] = true
        return value
      end
      local stored
      """;

  private static final Map<String, String> SIZES =
      Map.of("h", "HLEN", "z", "ZCARD", "l", "LLEN", "x", "XLEN", "s", "STRLEN");
  private static final Map<String, String> VARIADIC =
      Map.of("S", "HSET", "Z", "ZADD", "P", "RPUSH", "R", "ZREM", "D", "HDEL");

  private final List<String> arguments;
  private final CharSequence kinds;
  private final StringBuilder lua = new StringBuilder(4_000);

  /** Per key what of its sums was written already, and where the next one's values stand. */
  private final Map<String, Integer> sums = new HashMap<>();

  private int at;
  private int values;

  private CommitCompiler(List<String> arguments, CharSequence kinds) {
    this.arguments = arguments;
    this.kinds = kinds;
  }

  /**
   * The text for every commit of the shape that this one has.
   *
   * @param arguments of {@code commit.lua}
   * @param kinds of each of them
   */
  static String compile(List<String> arguments, CharSequence kinds) {
    return new CommitCompiler(arguments, kinds).text();
  }

  private String text() {
    lua.append(HEAD);
    value();
    value();
    urgency(verb());
    lua.append(TIME);
    boolean tells = kinds.charAt(at) == CommitScript.VALUE;
    String publish = "";
    if (tells) {
      String topics = value();
      publish = line("call('PUBLISH', ", value(), ", ", topics, ")");
    } else {
      at += 2;
    }
    guards(count());
    for (int looks = count(); looks > 0; looks--) {
      look(verb(), verb());
    }
    for (int first = at; at < arguments.size(); ) {
      boolean isFirst = at == first;
      write(verb(), verb(), isFirst);
    }
    return lua.append(publish).append("return { 'ok', ms }\n").toString();
  }

  private void urgency(String urgency) {
    if (urgency.equals("s")) {
      lua.append("local room = pcall('SETRANGE', K[1], 0, '')\n");
      lua.append("if type(room) == 'table' then return refused(room) end\n");
    } else if (urgency.equals("r")) {
      lua.append("call('PERSIST', K[1])\n");
    }
  }

  private void guards(int guards) {
    for (int guard = 0; guard < guards; guard++) {
      String verb = verb();
      String key = verb();
      switch (verb) {
        case "a" -> guard += absent(guard, key);
        case "e" -> unless(guard, "call('GET', K[" + key + "]) == " + value());
        case "p" -> unless(guard, "call('EXISTS', K[" + key + "]) == 1");
        case "E" -> unless(guard, read(key, value()) + " == " + value());
        case "A" -> unless(guard, "not " + read(key, value()));
        case "P" -> unless(guard, read(key, value()));
        case "N" -> {
          String field = value();
          StringBuilder none = new StringBuilder("not ").append(read(key, field));
          for (int further = count(); further > 0; further--) {
            none.append(" and not ").append(read(verb(), field));
          }
          unless(guard, none.toString());
        }
        default -> number(guard, verb, key);
      }
    }
  }

  /** How many further guards it stands for. */
  private int absent(int guard, String key) {
    int further = count();
    StringBuilder keys = new StringBuilder("K[").append(key).append(']');
    for (int n = 0; n < further; n++) {
      keys.append(", K[").append(verb()).append(']');
    }
    lua.append("if call('EXISTS', ").append(keys).append(") > 0 then\n");
    lua.append("  for at, key in ipairs({ ").append(keys).append(" }) do\n");
    lua.append("    if call('EXISTS', key) > 0 then return { 'guard', ");
    lua.append(guard).append(" + at - 1 } end\n  end\nend\n");
    return further;
  }

  private void number(int guard, String verb, String key) {
    boolean ofField = Character.isUpperCase(verb.charAt(0));
    String of = ofField ? read(key, value()) : "call('GET', K[" + key + "])";
    lua.append(line("stored = tonumber(", of, " or 0)"));
    lua.append("if not stored then return redis.error_reply('WRONGTYPE guard ").append(guard);
    lua.append(" compares what is no number') end\n");
    String number = "tonumber(" + value() + ")";
    switch (verb) {
      case "G", "g" -> unless(guard, "stored >= " + number);
      case "B", "b" -> unless(guard, "stored < " + number);
      case "W", "w" -> unless(guard, "stored + " + number + " <= tonumber(" + value() + ")");
      default -> throw new IllegalArgumentException("no guard " + verb);
    }
  }

  private void unless(int guard, String holds) {
    lua.append("if not (").append(holds).append(") then return { 'guard', ");
    lua.append(guard).append(" } end\n");
  }

  private static String read(String key, String field) {
    return "read(" + key + ", " + field + ")";
  }

  private void look(String verb, String key) {
    if (verb.equals("f")) {
      lua.append(
          line("made[", key, "] = not present[", key, "] and call('EXISTS', K[", key, "]) == 0"));
    } else if (verb.equals("i")) {
      sums(key);
    } else {
      String size = "pcall('" + SIZES.get(verb) + "', K[" + key + "])";
      lua.append(verb.equals("h") ? "if not hashes[" + key + "] then " : "do ");
      lua.append("local size = ").append(size);
      lua.append(" if type(size) == 'table' then return size end end\n");
    }
  }

  private void sums(String key) {
    int count = count();
    sums.put(key, values + 1);
    StringBuilder fields = new StringBuilder();
    for (int n = 0; n < count; n++) {
      fields.append(", ").append(value());
      value();
    }
    int before = values - 2 * count;
    lua.append(
        String.format(
            Locale.ROOT,
            """
      do
        local sums = pcall('HMGET', K[%1$s]%2$s)
        if sums.err then return sums end
        for at = 1, %3$d do
          present[%1$s] = present[%1$s] or sums[at]
          local stored, delta = tonumber(sums[at] or 0), tonumber(A[%4$d + 2 * at])
          if not stored or stored %% 1 ~= 0 then
            return redis.error_reply('WRONGTYPE adds to what is no whole number')
          end
          if delta >= 0 and stored > 9007199254740992 - delta
              or delta < 0 and stored < -9007199254740992 - delta then
            return redis.error_reply('MALFORMED sum')
          end
        end
      end
      """,
            key,
            fields,
            count,
            before));
  }

  private void write(String verb, String key, boolean isFirst) {
    String on = "K[" + key + "]";
    switch (verb) {
      case "S", "Z", "P", "R", "D" -> {
        StringBuilder call = new StringBuilder("'" + VARIADIC.get(verb) + "', ").append(on);
        for (int count = count(); count > 0; count--) {
          call.append(", ").append(value());
        }
        boolean mayFail = isFirst && "SZP".contains(verb);
        lua.append(
            mayFail
                ? line(
                    "do local done = pcall(",
                    call.toString(),
                    ") if type(done) == 'table' then return refused(done) end end")
                : line("call(", call.toString(), ")"));
      }
      case "I" -> {
        for (int count = count(); count > 0; count--) {
          at += 2;
          int value = sums.merge(key, 2, Integer::sum) - 2;
          lua.append(line("call('HINCRBY', ", on, ", A[" + value + "], A[" + (value + 1) + "])"));
        }
      }
      case "X", "Y" -> {
        String value = value();
        String made = verb.equals("Y") ? "'NOMKSTREAM', " : "";
        lua.append(
            line(
                "call('XADD', ",
                on,
                ", ",
                made,
                "'MAXLEN', ",
                value(),
                ", '*', 'v', ",
                value,
                ")"));
      }
      case "F" ->
          lua.append(line("if made[", key, "] then call('PEXPIRE', ", on, ", ", value(), ") end"));
      case "E" -> lua.append(line("call('PEXPIRE', ", on, ", ", value(), ")"));
      case "V" -> {
        String value = value();
        String ttl = value();
        lua.append(line("if ", ttl, " == '0' then call('SET', ", on, ", ", value, ")"));
        lua.append(line("else call('SET', ", on, ", ", value, ", 'PX', ", ttl, ") end"));
      }
      case "U" -> lua.append(line("call('DEL', ", on, ")"));
      case "T" -> lua.append(line("call('LTRIM', ", on, ", '-' .. ", value(), ", '-1')"));
      case "L" -> {
        String index = value();
        lua.append(line("pcall('LSET', ", on, ", ", index, ", ", value(), ")"));
      }
      default -> throw new IllegalArgumentException("no write " + verb);
    }
  }

  private static String line(String... parts) {
    return String.join("", parts) + "\n";
  }

  private String verb() {
    if (kinds.charAt(at) != CommitScript.STRUCTURE) {
      throw new IllegalArgumentException("a value stands where a verb should, at " + at);
    }
    return arguments.get(at++);
  }

  private int count() {
    return Integer.parseInt(verb());
  }

  private String value() {
    if (kinds.charAt(at) != CommitScript.VALUE) {
      throw new IllegalArgumentException("a verb stands where a value should, at " + at);
    }
    at++;
    values++;
    return "A[" + values + "]";
  }
}
