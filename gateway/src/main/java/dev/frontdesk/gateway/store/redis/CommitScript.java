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
 *
 * <p>Each argument has a kind: verbs, key indexes and counts are the {@link #STRUCTURE} of a
 * commit, and two that have the same have one shape; the rest are {@link #VALUE values}.
 */
final class CommitScript {

  static final Script SCRIPT = Script.load("commit");

  static final int MAX_VARIADIC = 1_000;

  static final char STRUCTURE = 's';
  static final char VALUE = 'v';

  /** A value that stood before: what is added to a field was looked at. */
  static final char REPEATED = 'r';

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
  private final StringBuilder kinds = new StringBuilder(4 * USUAL_KEYS);

  private CommitScript() {}

  /**
   * The call of a sound commit, see {@link CommitCheck}; by the script of its shape if it has one.
   */
  static ScriptCall call(Commit commit, String epoch, CommitShapes shapes) {
    CommitScript written = new CommitScript();
    written.write(commit, epoch);
    String[] keys = written.keys.toArray(String[]::new);
    Script script = shapes.scriptOf(written.shape(), written.arguments, written.kinds);
    return script == null
        ? new ScriptCall(SCRIPT, keys, written.arguments.toArray(String[]::new))
        : new ScriptCall(script, keys, written.values());
  }

  private void write(Commit commit, String epoch) {
    RedisKeys glossary = new RedisKeys(commit.workspace());
    Map<Key, List<Write>> groups = new LinkedHashMap<>();
    for (Write write : commit.writes()) {
      groups.computeIfAbsent(write.key(), key -> new ArrayList<>(4)).add(write);
    }
    Looks looks = new Looks(commit.guards());
    Key first = looks.first(groups);
    indexOf(glossary.epoch());
    value(epoch);
    value(Long.toString(commit.now().toEpochMilli()));
    add(commit.urgency() == Commit.Urgency.RELEASING ? "r" : first == null ? "s" : "i");
    boolean silent = commit.wakeUps().isEmpty();
    add(String.join(" ", commit.wakeUps()), silent ? STRUCTURE : VALUE);
    add(glossary.wakeChannel(), silent ? REPEATED : VALUE);
    add(numeral(commit.guards().size()));
    guards(commit.guards());
    looks(looks, groups, first);
    if (first != null) {
      group(first, groups.remove(first));
    }
    groups.forEach(this::group);
  }

  /** What commits of one shape have in common. */
  private String shape() {
    StringBuilder shape = new StringBuilder(arguments.size() * 3);
    for (int i = 0; i < arguments.size(); i++) {
      char kind = kinds.charAt(i);
      if (kind == STRUCTURE) {
        shape.append(arguments.get(i)).append(' ');
      } else if (kind == VALUE) {
        shape.append('.');
      }
    }
    return shape.toString();
  }

  private String[] values() {
    List<String> values = new ArrayList<>(arguments.size());
    for (int i = 0; i < arguments.size(); i++) {
      if (kinds.charAt(i) == VALUE) {
        values.add(arguments.get(i));
      }
    }
    return values.toArray(String[]::new);
  }

  private void add(String structure) {
    add(structure, STRUCTURE);
  }

  private void value(String value) {
    add(value, VALUE);
  }

  private void add(String argument, char kind) {
    arguments.add(argument);
    kinds.append(kind);
  }

  private static String numeral(int number) {
    return number < SMALL.length ? SMALL[number] : Integer.toString(number);
  }

  /** Adds a number that is known later; where it stands. */
  private int place() {
    add("0");
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
      value(g.field());
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
      value(field);
    }
    for (String value : values) {
      value(value);
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
          value(sum.field());
          value(Long.toString(sum.delta()));
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
      value(w.field());
      value(w.value());
    } else if (write instanceof Write.HashDelete w) {
      value(w.field());
    } else if (write instanceof Write.HashAdd w) {
      add(w.field(), REPEATED);
      add(Long.toString(w.delta()), REPEATED);
    } else if (write instanceof Write.SortedAdd w) {
      value(score(w.score()));
      value(w.member());
    } else if (write instanceof Write.SortedRemove w) {
      value(w.member());
    } else if (write instanceof Write.Push w) {
      value(w.value());
    } else if (write instanceof Write.Replace w) {
      value(Long.toString(w.index()));
      value(w.value());
    } else if (write instanceof Write.Trim w) {
      value(Long.toString(w.length()));
    } else if (write instanceof Write.Set w) {
      value(w.value());
      value(Long.toString(w.ttlMillis()));
    } else if (write instanceof Write.Append w) {
      value(w.value());
      value(Long.toString(w.maxLength()));
    } else if (write instanceof Write.AppendExisting w) {
      value(w.value());
      value(Long.toString(w.maxLength()));
    } else if (write instanceof Write.ExpireNew w) {
      value(Long.toString(w.ttlMillis()));
    } else if (write instanceof Write.Expire w) {
      value(Long.toString(w.ttlMillis()));
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
