// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.routing;

import java.util.Arrays;
import java.util.function.IntBinaryOperator;

/**
 * Members, known by small numbers, in order of a key each: the lowest first. A heap of many
 * branches in arrays of numbers, so that a change touches a handful of cache lines however many
 * members there are; {@code PriorityQueue} and {@code TreeSet} follow a pointer per comparison.
 * Entering, changing and leaving cost O(log members), the first one nothing. Used from one thread
 * at a time.
 */
public final class Ranking {

  private static final int ABSENT = -1;
  private static final int FIRST_ROOM = 4;

  private final IntBinaryOperator ties;

  /** Two to the power of this branches below each member. */
  private final int bits;

  /** By position in the heap: key and member. */
  private long[] keys = new long[FIRST_ROOM];

  private int[] members = new int[FIRST_ROOM];

  /** By member: its position, or {@link #ABSENT}. */
  private int[] positions = new int[0];

  private int size;

  /**
   * A ranking of nobody.
   *
   * @param branches 2 where the first few are walked, 16 where there are very many; a power of two
   * @param ties order of two members with the same key, as a comparator tells it
   */
  public Ranking(int branches, IntBinaryOperator ties) {
    this.bits = Integer.numberOfTrailingZeros(branches);
    this.ties = ties;
  }

  /** The key that puts numbers into the order of {@link Double#compare}. */
  public static long keyOf(double score) {
    long bits = Double.doubleToLongBits(score);
    return bits ^ ((bits >> 63) & Long.MAX_VALUE);
  }

  /** How many there are. */
  public int size() {
    return size;
  }

  /** The lowest, or -1 when there is none. */
  public int first() {
    return size == 0 ? ABSENT : members[0];
  }

  /** Whether this one is in it. */
  public boolean contains(int member) {
    return member < positions.length && positions[member] != ABSENT;
  }

  /**
   * Adds one or gives it another key. What ties are decided by must not change while it is in.
   *
   * @param member 0 or more; memory grows with the highest number
   */
  public void put(int member, long key) {
    if (contains(member)) {
      replace(positions[member], member, key);
      return;
    }
    if (member >= positions.length) {
      int known = positions.length;
      positions = Arrays.copyOf(positions, Math.max(FIRST_ROOM, Math.max(member + 1, 2 * known)));
      Arrays.fill(positions, known, positions.length, ABSENT);
    }
    if (size == keys.length) {
      keys = Arrays.copyOf(keys, 2 * size);
      members = Arrays.copyOf(members, 2 * size);
    }
    rise(size++, member, key);
  }

  /** Takes one out; does nothing when it is not there. */
  public void remove(int member) {
    if (!contains(member)) {
      return;
    }
    int position = positions[member];
    positions[member] = ABSENT;
    size--;
    if (position < size) {
      replace(position, members[size], keys[size]);
    }
  }

  /** Puts a member where it belongs, at or above or below this position, which is free. */
  private void replace(int position, int member, long key) {
    if (position > 0 && isBefore(member, key, (position - 1) >> bits)) {
      rise(position, member, key);
    } else {
      sink(position, member, key);
    }
  }

  private void rise(int from, int member, long key) {
    int position = from;
    while (position > 0) {
      int above = (position - 1) >> bits;
      if (!isBefore(member, key, above)) {
        break;
      }
      set(position, members[above], keys[above]);
      position = above;
    }
    set(position, member, key);
  }

  private void sink(int from, int member, long key) {
    int position = from;
    while (below(position) < size) {
      int below = lowest(below(position));
      if (isBefore(member, key, below)) {
        break;
      }
      set(position, members[below], keys[below]);
      position = below;
    }
    set(position, member, key);
  }

  /** The lowest of the branches that begin here. */
  private int lowest(int from) {
    int lowest = from;
    long key = keys[from];
    int end = Math.min(size, from + (1 << bits));
    for (int position = from + 1; position < end; position++) {
      long other = keys[position];
      if (other < key || (other == key && isBefore(members[position], other, lowest))) {
        lowest = position;
        key = other;
      }
    }
    return lowest;
  }

  /** Where the branches of a position begin. */
  private int below(int position) {
    return (position << bits) + 1;
  }

  private boolean isBefore(int member, long key, int position) {
    return key < keys[position]
        || (key == keys[position] && ties.applyAsInt(member, members[position]) < 0);
  }

  private void set(int position, int member, long key) {
    keys[position] = key;
    members[position] = member;
    positions[member] = position;
  }

  /** Goes through members from the first on; over when the ranking changes. */
  public Walk walk() {
    return new Walk();
  }

  /** A look at members in order: k of them cost O(k²), whatever is behind. For the first few. */
  public final class Walk {

    /** Positions not yet told whose one above was. */
    private int[] open = new int[32];

    private int opened;

    private Walk() {
      if (size > 0) {
        opened = 1;
      }
    }

    /** The next one, or -1 when there is none left. */
    public int next() {
      if (opened == 0) {
        return ABSENT;
      }
      int lowest = 0;
      for (int i = 1; i < opened; i++) {
        if (isBefore(members[open[i]], keys[open[i]], open[lowest])) {
          lowest = i;
        }
      }
      int position = open[lowest];
      open[lowest] = open[--opened];
      int from = below(position);
      int end = Math.min(size, from + (1 << bits));
      if (from < end && opened + end - from > open.length) {
        open = Arrays.copyOf(open, 2 * open.length);
      }
      for (int below = from; below < end; below++) {
        open[opened++] = below;
      }
      return members[position];
    }
  }
}
