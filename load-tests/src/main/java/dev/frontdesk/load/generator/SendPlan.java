// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.generator;

import java.time.Duration;

/**
 * When each call of a step is to be made: evenly, from the beginning on, whatever becomes of those
 * before it.
 *
 * @param perSecond calls a second
 * @param count calls in all
 */
record SendPlan(double perSecond, long count) {

  /** A plan for some time; at least one call. */
  static SendPlan of(double perSecond, Duration time) {
    return new SendPlan(perSecond, Math.max(1, (long) (perSecond * time.toNanos() / 1e9)));
  }

  /** When a call is to be made, ns after the beginning; the first is 0. */
  long at(long number) {
    return (long) (number / perSecond * 1e9);
  }

  /** How many are to be made up to a time, ns after the beginning, those at it included. */
  long dueBy(long elapsed) {
    if (elapsed < 0) {
      return 0;
    }
    long due = (long) (elapsed / 1e9 * perSecond) + 1;
    // rounding may be one off either way; at() decides
    while (due > 0 && at(due - 1) > elapsed) {
      due--;
    }
    while (at(due) <= elapsed) {
      due++;
    }
    return Math.min(count, due);
  }
}
