// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.memory;

import dev.frontdesk.gateway.store.CommitCheck;
import dev.frontdesk.gateway.store.Guard;
import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.StreamEntry;
import dev.frontdesk.gateway.store.Write;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is stored, with the types and expiry of Redis: what {@code commit.lua} reads and
 * writes, interpreted. A key without rows does not exist. Single-threaded.
 */
final class Rows {

  private final Map<String, Object> values = new HashMap<>();
  private final Map<String, Long> expiry = new HashMap<>();

  /** Drops a key whose time is over; called before each look. */
  private @Nullable Object value(Key key, long now) {
    Long until = expiry.get(key.name());
    if (until != null && until <= now) {
      values.remove(key.name());
      expiry.remove(key.name());
    }
    return values.get(key.name());
  }

  /** Whether a guard holds; IllegalStateException on a wrong type or what is no number. */
  boolean holds(Guard guard, long now) {
    if (guard instanceof Guard.Absent absent) {
      return !exists(absent.key(), absent.field(), now);
    } else if (guard instanceof Guard.AbsentFromAll all) {
      return all.keys().stream().noneMatch(key -> exists(key, all.field(), now));
    } else if (guard instanceof Guard.Present present) {
      return exists(present.key(), present.field(), now);
    } else if (guard instanceof Guard.Equals equals) {
      return equals.value().equals(read(equals.key(), equals.field(), now));
    } else if (guard instanceof Guard.AtLeast atLeast) {
      return number(atLeast.key(), atLeast.field(), now) >= atLeast.value();
    } else if (guard instanceof Guard.Below below) {
      return number(below.key(), below.field(), now) < below.value();
    } else if (guard instanceof Guard.Within within) {
      return number(within.key(), within.field(), now) + within.delta() <= within.bound();
    }
    throw new AssertionError("a guard that is not in the closed list: " + guard);
  }

  private boolean exists(Key key, @Nullable String field, long now) {
    return field == null ? value(key, now) != null : read(key, field, now) != null;
  }

  private @Nullable String read(Key key, @Nullable String field, long now) {
    Object value = value(key, now);
    if (value == null) {
      return null;
    }
    if (field == null) {
      return (String) expect(key, value, value instanceof String);
    }
    if (value instanceof SortedRows rows) {
      Double score = rows.score(field);
      return score == null ? null : plain(score);
    }
    return hashOf(expect(key, value, value instanceof Map)).get(field);
  }

  private double number(Key key, @Nullable String field, long now) {
    String text = read(key, field, now);
    try {
      return text == null ? 0 : Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalStateException("a guard on " + key + " compares what is no number");
    }
  }

  /** Looks at everything that could make a write fail; IllegalStateException on the first. */
  void check(List<Write> writes, long now) {
    for (Write write : writes) {
      Object value = value(write.key(), now);
      CommitCheck.Type needed = CommitCheck.typeOf(write);
      if (value != null && needed != CommitCheck.Type.ANY) {
        expect(write.key(), value, typeOf(value) == needed);
      }
      if (write instanceof Write.HashAdd add) {
        String stored = value == null ? null : hashOf(value).get(add.field());
        if (!CommitCheck.isWhole(stored)
            || (stored != null
                && Math.abs(Long.parseLong(stored) + add.delta()) > CommitCheck.LARGEST)) {
          throw new IllegalStateException(add.key() + " adds to what is no whole number");
        }
      }
    }
  }

  private static CommitCheck.Type typeOf(Object value) {
    return value instanceof String
        ? CommitCheck.Type.STRING
        : value instanceof Map
            ? CommitCheck.Type.HASH
            : value instanceof List
                ? CommitCheck.Type.LIST
                : value instanceof SortedRows
                    ? CommitCheck.Type.SORTED_SET
                    : CommitCheck.Type.STREAM;
  }

  /** Does one write of a commit that was checked. */
  void apply(Write write, long now) {
    Key key = write.key();
    if (write instanceof Write.HashSet w) {
      hash(key, now).put(w.field(), w.value());
    } else if (write instanceof Write.SortedAdd w) {
      sorted(key, now).put(w.member(), w.score());
    } else if (write instanceof Write.HashAdd w) {
      hash(key, now)
          .merge(
              w.field(),
              Long.toString(w.delta()),
              (old, delta) -> Long.toString(Long.parseLong(old) + w.delta()));
    } else if (write instanceof Write.SortedRemove w) {
      sorted(key, now).remove(w.member());
    } else if (write instanceof Write.Push w) {
      list(key, now).add(w.value());
    } else if (write instanceof Write.Append w) {
      stream(key, now).append(w.value(), w.maxLength(), now);
    } else if (write instanceof Write.AppendExisting w) {
      if (value(key, now) != null) {
        stream(key, now).append(w.value(), w.maxLength(), now);
      }
    } else if (write instanceof Write.HashDelete w) {
      hash(key, now).remove(w.field());
    } else if (write instanceof Write.Set w) {
      values.put(key.name(), w.value());
      expire(key, w.ttlMillis(), now);
    } else if (write instanceof Write.Expire w) {
      if (value(key, now) != null) {
        expire(key, w.ttlMillis(), now);
      }
    } else if (write instanceof Write.Replace w) {
      List<String> list = list(key, now);
      if (w.index() < list.size()) {
        list.set((int) w.index(), w.value());
      }
    } else if (write instanceof Write.Trim w) {
      List<String> list = list(key, now);
      if (list.size() > w.length()) {
        list.subList(0, (int) (list.size() - w.length())).clear();
      }
    } else if (write instanceof Write.Delete) {
      values.remove(key.name());
      expiry.remove(key.name());
    }
    dropWhenEmpty(key);
  }

  private void expire(Key key, long ttlMillis, long now) {
    if (ttlMillis == 0) {
      expiry.remove(key.name());
    } else {
      expiry.put(key.name(), now + ttlMillis);
    }
  }

  private void dropWhenEmpty(Key key) {
    Object value = values.get(key.name());
    if ((value instanceof Map<?, ?> map && map.isEmpty())
        || (value instanceof List<?> list && list.isEmpty())
        || (value instanceof SortedRows rows && rows.isEmpty())) {
      values.remove(key.name());
      expiry.remove(key.name());
    }
  }

  @Nullable String string(Key key, long now) {
    return read(key, null, now);
  }

  /** The live hash; reading an absent one makes an empty one that the next write may drop. */
  Map<String, String> hash(Key key, long now) {
    return hashOf(present(key, now, new LinkedHashMap<String, String>()));
  }

  @SuppressWarnings("unchecked") // every Map here is one of ours
  private static Map<String, String> hashOf(Object value) {
    return (Map<String, String>) value;
  }

  @SuppressWarnings("unchecked") // every List here is one of ours
  List<String> list(Key key, long now) {
    return (List<String>) present(key, now, new ArrayList<String>());
  }

  SortedRows sorted(Key key, long now) {
    return (SortedRows) present(key, now, new SortedRows());
  }

  StreamRows stream(Key key, long now) {
    return (StreamRows) present(key, now, new StreamRows());
  }

  private Object present(Key key, long now, Object fresh) {
    Object value = value(key, now);
    if (value != null) {
      return expect(key, value, value.getClass() == fresh.getClass());
    }
    values.put(key.name(), fresh);
    return fresh;
  }

  /** A look at what is there, without making anything. */
  @Nullable Object look(Key key, long now) {
    return value(key, now);
  }

  int size() {
    return values.size();
  }

  private static Object expect(Key key, Object value, boolean holds) {
    if (!holds) {
      throw new IllegalStateException(key + " is a " + typeOf(value) + ", another type was asked");
    }
    return value;
  }

  private static String plain(double score) {
    return score == (long) score ? Long.toString((long) score) : Double.toString(score);
  }

  /** Rows by {@code ms-n}, ids rising even when time does not. */
  static final class StreamRows {
    private final Deque<StreamEntry> rows = new ArrayDeque<>();
    private long lastMillis;
    private long lastCount;

    void append(String value, long maxLength, long now) {
      lastCount = now > lastMillis ? 0 : lastCount + 1;
      lastMillis = Math.max(now, lastMillis);
      rows.add(new StreamEntry(lastMillis + "-" + lastCount, value));
      while (rows.size() > maxLength) {
        rows.remove();
      }
    }

    List<StreamEntry> after(String id, int limit) {
      Deque<StreamEntry> found = new ArrayDeque<>();
      Iterator<StreamEntry> newest = rows.descendingIterator();
      while (newest.hasNext()) {
        StreamEntry row = newest.next();
        if (compare(row.id(), id) <= 0) {
          break;
        }
        found.addFirst(row);
      }
      return found.stream().limit(limit).toList();
    }

    @Nullable StreamEntry first() {
      return rows.peekFirst();
    }

    @Nullable StreamEntry last() {
      return rows.peekLast();
    }

    private static int compare(String left, String right) {
      int byMillis = Long.compare(part(left, true), part(right, true));
      return byMillis != 0 ? byMillis : Long.compare(part(left, false), part(right, false));
    }

    private static long part(String id, boolean millis) {
      int dash = id.indexOf('-');
      if (millis) {
        return Long.parseLong(dash < 0 ? id : id.substring(0, dash));
      }
      return dash < 0 ? 0 : Long.parseLong(id.substring(dash + 1));
    }
  }
}
