// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.CommitCheck;
import dev.frontdesk.gateway.store.Guard;
import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.Write;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The twin of {@code commit.lua}: writes a commit down as KEYS and ARGV. Writes are grouped by key
 * (keys are independent, the order within one is kept) and neighbours of one verb become one
 * command, so a message that writes twenty rows costs about ten commands. Beside guards and writes
 * stands what {@link Looks} has to look at.
 */
final class CommitScript {

  static final Script SCRIPT = Script.load("commit");

  static final int MAX_VARIADIC = 1_000;

  /** Indexes and counts as they are written down, nearly always small. */
  private static final String[] SMALL = new String[64];

  static {
    Arrays.setAll(SMALL, Integer::toString);
  }

  /** Keys that fit without growing: a message has some ten, one that opens twenty. */
  private static final int USUAL_KEYS = 24;

  private final Map<Key, Integer> indexes = new HashMap<>(2 * USUAL_KEYS);
  private final List<String> keys = new ArrayList<>(USUAL_KEYS);
  private final List<String> arguments = new ArrayList<>(4 * USUAL_KEYS);

  private CommitScript() {}

  /** The call of a sound commit; see {@link CommitCheck}. */
  static ScriptCall call(Commit commit, String epoch) {
    RedisKeys glossary = new RedisKeys(commit.workspace());
    CommitScript script = new CommitScript();
    Map<Key, List<Write>> groups = new LinkedHashMap<>();
    for (Write write : commit.writes()) {
      groups.computeIfAbsent(write.key(), key -> new ArrayList<>(4)).add(write);
    }
    Looks looks = new Looks(commit.guards());
    Key first = looks.first(groups);
    script.indexOf(glossary.epoch());
    script.add(epoch);
    script.add(Long.toString(commit.now().toEpochMilli()));
    script.add(commit.urgency() == Commit.Urgency.RELEASING ? "r" : first == null ? "s" : "i");
    script.add(String.join(" ", commit.wakeUps()));
    script.add(glossary.wakeChannel());
    script.add(numeral(commit.guards().size()));
    script.guards(commit.guards());
    script.looks(looks, groups, first);
    if (first != null) {
      script.group(first, groups.remove(first));
    }
    groups.forEach(script::group);
    return new ScriptCall(
        SCRIPT, script.keys.toArray(String[]::new), script.arguments.toArray(String[]::new));
  }

  private void add(String argument) {
    arguments.add(argument);
  }

  private static String numeral(int number) {
    return number < SMALL.length ? SMALL[number] : Integer.toString(number);
  }

  /** Adds a number that is known later; where it stands. */
  private int place() {
    arguments.add("0");
    return arguments.size() - 1;
  }

  private void fill(int place, int number) {
    arguments.set(place, numeral(number));
  }

  private String indexOf(Key key) {
    Integer known = indexes.get(key);
    if (known == null) {
      keys.add(key.name());
      known = keys.size();
      indexes.put(key, known);
    }
    return numeral(known);
  }

  private void guards(List<Guard> guards) {
    for (int from = 0; from < guards.size(); ) {
      int to = from + 1;
      if (isAbsentKey(guards.get(from))) {
        while (to < guards.size() && isAbsentKey(guards.get(to))) {
          to++;
        }
        absent(guards, from, to);
      } else {
        guard(guards.get(from));
      }
      from = to;
    }
  }

  private static boolean isAbsentKey(Guard guard) {
    return guard instanceof Guard.Absent absent && absent.field() == null;
  }

  /** Neighbours, asked at once; one by one only to name the first that is there. */
  private void absent(List<Guard> guards, int from, int to) {
    add("a");
    add(indexOf(guards.get(from).key()));
    add(numeral(to - from - 1));
    for (int i = from + 1; i < to; i++) {
      add(indexOf(guards.get(i).key()));
    }
  }

  private void guard(Guard guard) {
    if (guard instanceof Guard.Absent g) {
      guard('a', g.key(), g.field());
    } else if (guard instanceof Guard.AbsentFromAll g) {
      add("N");
      add(indexOf(g.key()));
      add(g.field());
      add(numeral(g.keys().size() - 1));
      for (int i = 1; i < g.keys().size(); i++) {
        add(indexOf(g.keys().get(i)));
      }
    } else if (guard instanceof Guard.Present g) {
      guard('p', g.key(), g.field());
    } else if (guard instanceof Guard.Equals g) {
      guard('e', g.key(), g.field(), g.value());
    } else if (guard instanceof Guard.AtLeast g) {
      guard('g', g.key(), g.field(), Long.toString(g.value()));
    } else if (guard instanceof Guard.Below g) {
      guard('b', g.key(), g.field(), Long.toString(g.value()));
    } else if (guard instanceof Guard.Within g) {
      guard('w', g.key(), g.field(), Long.toString(g.delta()), Long.toString(g.bound()));
    }
  }

  private void guard(char verb, Key key, @Nullable String field, String... values) {
    add(String.valueOf(field == null ? verb : Character.toUpperCase(verb)));
    add(indexOf(key));
    if (field != null) {
      add(field);
    }
    for (String value : values) {
      add(value);
    }
  }

  private void looks(Looks looks, Map<Key, List<Write>> groups, @Nullable Key first) {
    int place = place();
    int count = 0;
    for (Map.Entry<Key, List<Write>> group : groups.entrySet()) {
      Key key = group.getKey();
      List<Write.HashAdd> sums = looks.sums(group.getValue());
      if (!sums.isEmpty()) {
        add("i");
        add(indexOf(key));
        add(numeral(sums.size()));
        for (Write.HashAdd sum : sums) {
          add(sum.field());
          add(Long.toString(sum.delta()));
        }
        count++;
      } else if (!(key.equals(first) && looks.failsWhole(group.getValue()))
          && looks.typeOf(key, group.getValue()) != CommitCheck.Type.ANY) {
        add(codeOf(looks.typeOf(key, group.getValue())));
        add(indexOf(key));
        count++;
      }
      if (looks.asksWhetherNew(group.getValue())) {
        add("f");
        add(indexOf(key));
        count++;
      }
    }
    fill(place, count);
  }

  private void group(Key key, List<Write> writes) {
    for (int from = 0; from < writes.size(); ) {
      String verb = verbOf(writes.get(from));
      int to = from + 1;
      while (isVariadic(verb)
          && to < writes.size()
          && to - from < MAX_VARIADIC
          && verbOf(writes.get(to)).equals(verb)) {
        to++;
      }
      add(verb);
      add(indexOf(key));
      if (isVariadic(verb)) {
        int place = place();
        for (int i = from; i < to; i++) {
          arguments(writes.get(i));
        }
        int added = arguments.size() - place - 1;
        fill(place, verb.equals("I") ? added / 2 : added);
      } else {
        arguments(writes.get(from));
      }
      from = to;
    }
  }

  private void arguments(Write write) {
    if (write instanceof Write.HashSet w) {
      add(w.field());
      add(w.value());
    } else if (write instanceof Write.HashDelete w) {
      add(w.field());
    } else if (write instanceof Write.HashAdd w) {
      add(w.field());
      add(Long.toString(w.delta()));
    } else if (write instanceof Write.SortedAdd w) {
      add(score(w.score()));
      add(w.member());
    } else if (write instanceof Write.SortedRemove w) {
      add(w.member());
    } else if (write instanceof Write.Push w) {
      add(w.value());
    } else if (write instanceof Write.Replace w) {
      add(Long.toString(w.index()));
      add(w.value());
    } else if (write instanceof Write.Trim w) {
      add(Long.toString(w.length()));
    } else if (write instanceof Write.Set w) {
      add(w.value());
      add(Long.toString(w.ttlMillis()));
    } else if (write instanceof Write.Append w) {
      add(w.value());
      add(Long.toString(w.maxLength()));
    } else if (write instanceof Write.AppendExisting w) {
      add(w.value());
      add(Long.toString(w.maxLength()));
    } else if (write instanceof Write.ExpireNew w) {
      add(Long.toString(w.ttlMillis()));
    } else if (write instanceof Write.Expire w) {
      add(Long.toString(w.ttlMillis()));
    }
  }

  private static String verbOf(Write write) {
    if (write instanceof Write.HashSet) {
      return "S";
    } else if (write instanceof Write.SortedAdd) {
      return "Z";
    } else if (write instanceof Write.HashAdd) {
      return "I";
    } else if (write instanceof Write.SortedRemove) {
      return "R";
    } else if (write instanceof Write.Push) {
      return "P";
    } else if (write instanceof Write.Append) {
      return "X";
    } else if (write instanceof Write.AppendExisting) {
      return "Y";
    } else if (write instanceof Write.HashDelete) {
      return "D";
    } else if (write instanceof Write.Set) {
      return "V";
    } else if (write instanceof Write.ExpireNew) {
      return "F";
    } else if (write instanceof Write.Expire) {
      return "E";
    } else if (write instanceof Write.Replace) {
      return "L";
    } else if (write instanceof Write.Trim) {
      return "T";
    }
    return "U";
  }

  private static boolean isVariadic(String verb) {
    return "SZRPDI".contains(verb);
  }

  private static String codeOf(CommitCheck.Type type) {
    return type == CommitCheck.Type.HASH
        ? "h"
        : type == CommitCheck.Type.SORTED_SET
            ? "z"
            : type == CommitCheck.Type.LIST ? "l" : type == CommitCheck.Type.STRING ? "s" : "x";
  }

  /** Whole scores as whole numbers (shorter, and what a person reads), others exactly. */
  static String score(double score) {
    long whole = (long) score;
    return whole == score && Math.abs(score) <= CommitCheck.LARGEST
        ? Long.toString(whole)
        : Double.toString(score);
  }
}
