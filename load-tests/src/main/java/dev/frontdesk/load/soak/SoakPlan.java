// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.soak;

/**
 * The times of a soak, in seconds, all from how long it takes.
 *
 * <p>A conversation ends within some ten seconds and stays for {@link #retention} after that; the
 * first third of the run lets everything come to rest (caches, pools, the first conversations
 * erased), slopes are taken over the rest: 20 of 30 minutes.
 *
 * @param minutes of load at the share
 * @param share of the ceiling, 0…1
 */
record SoakPlan(int minutes, double share) {

  /** Slopes of a shorter run say nothing about ten minutes: they are printed and not judged. */
  private static final int JUDGED_MINUTES = 15;

  SoakPlan {
    if (minutes < 1 || share <= 0 || share > 1) {
      throw new IllegalArgumentException("soak takes MINUTES of 1 and more, SHARE of 1% to 100%");
    }
  }

  int seconds() {
    return minutes * 60;
  }

  /** When slopes begin. */
  int settled() {
    return seconds() / 3;
  }

  /** How long a closed conversation is kept: the auditor has to read it meanwhile. */
  int retention() {
    return Math.max(30, Math.min(120, minutes * 4));
  }

  /** How long a resolved conversation may be opened again. */
  int reopenWindow() {
    return Math.max(2, retention() / 15);
  }

  /**
   * From one fault to the next, about. A gateway that was killed and started again compiles for the
   * better part of a minute, on two cores with all others: a minute later the next fault would meet
   * the backlog of the last one, and what is measured would be an overload.
   */
  int faultEvery() {
    return Math.max(9, Math.min(120, minutes * 4));
  }

  /** From one census of the store's keys to the next. */
  int censusEvery() {
    return Math.max(5, Math.min(30, minutes));
  }

  /**
   * How long the warm-up before the ceiling takes: two gateways and the staff are compiled, and the
   * first conversations are read and erased, which is a part of the load from then on.
   */
  int warmUpSeconds() {
    return Math.max(8, Math.min(180, minutes * 6));
  }

  /** How long the ceiling is measured. */
  int ceilingSeconds() {
    return Math.max(8, Math.min(25, minutes * 4));
  }

  boolean isJudged() {
    return minutes >= JUDGED_MINUTES;
  }
}
