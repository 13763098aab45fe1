// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a commit that could never happen as a whole, before it leaves the process: a key written
 * as two types, a field set to text and added to, numbers out of bounds, too many arguments. What
 * depends on stored values is checked by the store itself.
 */
public final class CommitCheck {

  /** Arguments of one commit; what {@code commit.lua} accepts at most. */
  public static final int MAX_ARGUMENTS = 5_000;

  /** Whole numbers up to here are exact in the doubles of Lua and of scores: 2^53. */
  public static final long LARGEST = 1L << 53;

  // what CommitScript writes down at most: the head of a write and two values; the key and its look
  private static final int HEADER = 9; // its seven, the epoch's key, in a cluster the absent one
  private static final int PER_GUARD = 6;
  private static final int PER_GUARDED_KEY = 2;
  private static final int PER_WRITE = 5;
  private static final int PER_SUM = 2;
  private static final int PER_WRITTEN_KEY = 4;

  /** What {@code Long.parseLong} reads without a doubt: 2^53 has 16 digits. */
  private static final int MOST_DIGITS = 18;

  private CommitCheck() {}

  /** The Redis type a write needs its key to have; {@link #ANY} for those that take any. */
  public enum Type {
    STRING,
    HASH,
    LIST,
    SORTED_SET,
    STREAM,
    ANY
  }

  /**
   * Returns when the commit is sound.
   *
   * @throws CommitTooLargeException when it has more than {@link #MAX_ARGUMENTS}
   * @throws IllegalArgumentException naming the key and what is wrong
   */
  public static void check(Commit commit) {
    int further = 0;
    int sums = 0;
    for (Guard guard : commit.guards()) {
      checkNumbers(guard);
      if (guard instanceof Guard.AbsentFromAll all) {
        further += all.keys().size();
      }
    }
    Map<Key, Type> types = new HashMap<>();
    List<Write.HashSet> texts = new ArrayList<>();
    for (Write write : commit.writes()) {
      Type type = typeOf(write);
      Type other = types.get(write.key());
      if (other == null || other == Type.ANY) {
        types.put(write.key(), type);
      } else if (type != Type.ANY && other != type) {
        throw refused(write.key(), "is written as " + other + " and as " + type);
      }
      checkNumbers(write);
      checkField(write, texts);
      sums += write instanceof Write.HashAdd ? 1 : 0;
    }
    int arguments =
        HEADER
            + PER_GUARD * commit.guards().size()
            + PER_GUARDED_KEY * further
            + PER_WRITE * commit.writes().size()
            + PER_SUM * sums
            + PER_WRITTEN_KEY * types.size();
    if (arguments > MAX_ARGUMENTS) {
      throw new CommitTooLargeException(arguments);
    }
  }

  /** The type a write needs. */
  public static Type typeOf(Write write) {
    if (write instanceof Write.HashSet
        || write instanceof Write.HashAdd
        || write instanceof Write.HashDelete) {
      return Type.HASH;
    }
    if (write instanceof Write.SortedAdd || write instanceof Write.SortedRemove) {
      return Type.SORTED_SET;
    }
    if (write instanceof Write.Push
        || write instanceof Write.Replace
        || write instanceof Write.Trim) {
      return Type.LIST;
    }
    if (write instanceof Write.Set) {
      return Type.STRING;
    }
    return write instanceof Write.Append || write instanceof Write.AppendExisting
        ? Type.STREAM
        : Type.ANY;
  }

  /** Called with each write in order; {@code texts}: what was set so far that is no number. */
  private static void checkField(Write write, List<Write.HashSet> texts) {
    if (write instanceof Write.HashSet set) {
      for (int i = texts.size() - 1; i >= 0; i--) {
        if (isSame(texts.get(i), set.key(), set.field())) {
          texts.remove(i);
        }
      }
      if (!isWhole(set.value())) {
        texts.add(set);
      }
    } else if (write instanceof Write.HashAdd add) {
      for (Write.HashSet text : texts) {
        if (isSame(text, add.key(), add.field())) {
          throw refused(add.key(), "adds to a field that the same commit sets to text");
        }
      }
    }
  }

  private static boolean isSame(Write.HashSet set, Key key, String field) {
    return set.field().equals(field) && set.key().equals(key);
  }

  private static void checkNumbers(Guard guard) {
    if (guard instanceof Guard.AtLeast atLeast) {
      require(Math.abs(atLeast.value()) <= LARGEST, guard.key(), "number");
    } else if (guard instanceof Guard.Below below) {
      require(Math.abs(below.value()) <= LARGEST, guard.key(), "number");
    } else if (guard instanceof Guard.Within within) {
      require(Math.abs(within.delta()) <= LARGEST, guard.key(), "delta");
      require(Math.abs(within.bound()) <= LARGEST, guard.key(), "bound");
    }
  }

  private static void checkNumbers(Write write) {
    if (write instanceof Write.SortedAdd add) {
      require(Double.isFinite(add.score()), add.key(), "score");
    } else if (write instanceof Write.HashAdd add) {
      require(Math.abs(add.delta()) <= LARGEST, add.key(), "delta");
    } else if (write instanceof Write.Set set) {
      require(set.ttlMillis() >= 0 && set.ttlMillis() <= LARGEST / 2, set.key(), "ttl");
    } else if (write instanceof Write.ExpireNew fresh) {
      require(fresh.ttlMillis() > 0 && fresh.ttlMillis() <= LARGEST / 2, fresh.key(), "ttl");
    } else if (write instanceof Write.Expire expire) {
      require(expire.ttlMillis() > 0 && expire.ttlMillis() <= LARGEST / 2, expire.key(), "ttl");
    } else if (write instanceof Write.Trim trim) {
      require(trim.length() > 0, trim.key(), "length");
    } else if (write instanceof Write.Replace replace) {
      require(replace.index() >= 0, replace.key(), "index");
    } else if (write instanceof Write.Append append) {
      require(append.maxLength() > 0, append.key(), "length");
    } else if (write instanceof Write.AppendExisting append) {
      require(append.maxLength() > 0, append.key(), "length");
    }
  }

  private static void require(boolean holds, Key key, String what) {
    if (!holds) {
      throw refused(key, what + " is out of bounds");
    }
  }

  private static IllegalArgumentException refused(Key key, String why) {
    return new IllegalArgumentException("commit refused: " + key + " " + why);
  }

  /** Whether a stored text counts as a whole number within {@link #LARGEST}; absent is 0. */
  public static boolean isWhole(@Nullable String text) {
    if (text == null) {
      return true;
    }
    // most texts are none, and long: an exception for each would cost more than the commit
    if (!isNumeral(text)) {
      return false;
    }
    return Math.abs(Long.parseLong(text)) <= LARGEST;
  }

  /** A sign perhaps, then ASCII digits. A loop: each commit asks, and a regex takes a matcher. */
  private static boolean isNumeral(String text) {
    int from = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
    int digits = text.length() - from;
    if (digits < 1 || digits > MOST_DIGITS) {
      return false;
    }
    for (int i = from; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }
}
