// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a conversation has come on the ladder of its promise. There only while a clock runs that
 * has a level.
 *
 * @param ladder the mark of the ladder that the bits of {@code rungs} are places of
 */
public record Escalation(int ladder, Map<ClockKind, Rungs> rungs) {
  public Escalation {
    rungs = Map.copyOf(rungs);
  }

  /**
   * The levels of one spell of one clock.
   *
   * @param done a bit for each level that fired or was passed over
   * @param told a bit for each level that fired
   * @param acknowledgedBy who took it over: no level follows; null while nobody did
   */
  public record Rungs(int spell, int done, int told, @Nullable String acknowledgedBy) {

    boolean isDone(int index) {
      return (done & (1 << index)) != 0;
    }

    Rungs fired(int index) {
      return new Rungs(spell, done | (1 << index), told | (1 << index), acknowledgedBy);
    }

    Rungs acknowledged(String by) {
      return acknowledgedBy == null ? new Rungs(spell, done, told, by) : this;
    }
  }

  /** The highest level that fired, from 1; 0: none. */
  public int level() {
    int all = 0;
    for (Rungs one : rungs.values()) {
      all |= one.told();
    }
    return Integer.SIZE - Integer.numberOfLeadingZeros(all);
  }

  /** Who took it over, or null while a level may follow of any clock. */
  public @Nullable String acknowledgedBy() {
    String by = null;
    for (Rungs one : rungs.values()) {
      by = one.acknowledgedBy();
      if (by == null) {
        return null;
      }
    }
    return by;
  }
}
