// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a commit means, as simply as it can be said: copy everything, try, keep or throw away. */
final class NaiveStore {

  /** A list, map of fields, map of members to scores, or text. */
  private Map<Key, Object> rows = new HashMap<>();

  /** "done", "guard N", or "refused". */
  String commit(Commit commit) {
    try {
      CommitCheck.check(commit);
      for (int index = 0; index < commit.guards().size(); index++) {
        if (!holds(commit.guards().get(index))) {
          return "guard " + index;
        }
      }
    } catch (RuntimeException e) {
      return "refused";
    }
    Map<Key, Object> before = copy();
    try {
      commit.writes().forEach(this::check);
      commit.writes().forEach(this::apply);
      return "done";
    } catch (RuntimeException e) {
      rows = before;
      return "refused";
    }
  }

  @Nullable Object look(Key key) {
    return rows.get(key);
  }

  private boolean holds(Guard guard) {
    if (guard instanceof Guard.Absent g) {
      return found(g.key(), g.field()) == null;
    } else if (guard instanceof Guard.AbsentFromAll g) {
      for (Key key : g.keys()) {
        if (found(key, g.field()) != null) {
          return false;
        }
      }
      return true;
    } else if (guard instanceof Guard.Present g) {
      return found(g.key(), g.field()) != null;
    } else if (guard instanceof Guard.Equals g) {
      return g.value().equals(text(g.key(), g.field()));
    } else if (guard instanceof Guard.AtLeast g) {
      return number(g.key(), g.field()) >= g.value();
    } else if (guard instanceof Guard.Below g) {
      return number(g.key(), g.field()) < g.value();
    }
    Guard.Within g = (Guard.Within) guard;
    return number(g.key(), g.field()) + g.delta() <= g.bound();
  }

  private @Nullable Object found(Key key, @Nullable String field) {
    return field == null ? rows.get(key) : text(key, field);
  }

  private @Nullable String text(Key key, @Nullable String field) {
    Object row = rows.get(key);
    if (row == null || field == null) {
      return (String) row;
    }
    Object value = ((Map<?, ?>) row).get(field);
    return value instanceof Double score ? Long.toString(score.longValue()) : (String) value;
  }

  private long number(Key key, @Nullable String field) {
    String text = text(key, field);
    return text == null ? 0 : Long.parseLong(text);
  }

  /** What is stored before the commit decides whether it can happen. */
  private void check(Write write) {
    Object row = rows.get(write.key());
    if (row != null && !fits(row, CommitCheck.typeOf(write))) {
      throw new IllegalStateException("type");
    }
    if (write instanceof Write.HashAdd add
        && Math.abs(number(add.key(), add.field()) + add.delta()) > CommitCheck.LARGEST) {
      throw new IllegalStateException("sum");
    }
  }

  @SuppressWarnings("unchecked") // types were checked
  private void apply(Write write) {
    Key key = write.key();
    if (write instanceof Write.Set w) {
      rows.put(key, w.value());
    } else if (write instanceof Write.Delete) {
      rows.remove(key);
    } else if (write instanceof Write.HashSet w) {
      ((Map<String, String>) row(key, new Fields())).put(w.field(), w.value());
    } else if (write instanceof Write.HashDelete w) {
      ((Map<String, String>) row(key, new Fields())).remove(w.field());
    } else if (write instanceof Write.HashAdd w) {
      long sum = Math.addExact(number(key, w.field()), w.delta());
      ((Map<String, String>) row(key, new Fields())).put(w.field(), Long.toString(sum));
    } else if (write instanceof Write.Push w) {
      ((List<String>) row(key, new ArrayList<String>())).add(w.value());
    } else if (write instanceof Write.Replace w) {
      List<String> list = (List<String>) row(key, new ArrayList<String>());
      if (w.index() < list.size()) {
        list.set((int) w.index(), w.value());
      }
    } else if (write instanceof Write.Trim w) {
      List<String> list = (List<String>) row(key, new ArrayList<String>());
      while (list.size() > w.length()) {
        list.remove(0);
      }
    } else if (write instanceof Write.SortedAdd w) {
      ((Map<String, Double>) row(key, new Scores())).put(w.member(), w.score());
    } else if (write instanceof Write.SortedRemove w) {
      ((Map<String, Double>) row(key, new Scores())).remove(w.member());
    }
    Object after = rows.get(key);
    if ((after instanceof Map<?, ?> map && map.isEmpty())
        || (after instanceof List<?> list && list.isEmpty())) {
      rows.remove(key);
    }
  }

  private static boolean fits(Object row, CommitCheck.Type type) {
    return switch (type) {
      case STRING -> row instanceof String;
      case HASH -> row instanceof Fields;
      case LIST -> row instanceof List;
      case SORTED_SET -> row instanceof Scores;
      case STREAM -> false;
      case ANY -> true;
    };
  }

  private Object row(Key key, Object fresh) {
    return rows.computeIfAbsent(key, absent -> fresh);
  }

  private Map<Key, Object> copy() {
    Map<Key, Object> copy = new HashMap<>();
    rows.forEach(
        (key, row) ->
            copy.put(
                key,
                row instanceof Fields fields
                    ? new Fields(fields)
                    : row instanceof Scores scores
                        ? new Scores(scores)
                        : row instanceof List<?> list ? new ArrayList<Object>(list) : row));
    return copy;
  }

  static final class Fields extends TreeMap<String, String> {
    private static final long serialVersionUID = 1L;

    Fields() {}

    Fields(Fields other) {
      super(other);
    }
  }

  static final class Scores extends TreeMap<String, Double> {
    private static final long serialVersionUID = 1L;

    Scores() {}

    Scores(Scores other) {
      super(other);
    }
  }
}
