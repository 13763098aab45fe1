// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.soak;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Which fault comes when, from a seed: each kind once in random order, then each once more, and so
 * on, at times that are half an interval to one and a half apart. The last is over before the end.
 * Nothing is killed in the last third: until the agents of a killed gateway are back and what
 * waited for them is answered, for some five minutes, the store holds more, and a slope that ends
 * there would call it growth.
 */
final class FaultPlan {

  private static final double KILLS_UNTIL = 2.0 / 3;

  private FaultPlan() {}

  /** What happens. Only the second gateway is killed, see {@link SoakRun}. */
  enum Kind {
    /** {@code kill -9} of the second gateway, started again at once. */
    KILL,
    /** Redis closes every connection. */
    CUT,
    /** Redis answers nobody for 500 ms. */
    PAUSE,
    /** Redis rewrites its append-only file. */
    REWRITE,
    /** SIGHUP to both gateways. */
    RELOAD,
    /** The platform answers 503 for 20 s. */
    REFUSING,
    /** The platform takes 1 s for each answer, for 20 s. */
    SLOW
  }

  /** A fault and when it comes, seconds since the beginning. */
  record Planned(double second, Kind kind) {}

  /**
   * The faults of a run.
   *
   * @param seconds it takes; the last {@code quiet} of them have no fault
   * @param every the mean of the time between two
   */
  static List<Planned> of(long seed, double seconds, double quiet, double every) {
    Random random = new Random(seed);
    List<Planned> all = new ArrayList<>();
    List<Kind> bag = new ArrayList<>();
    double at = every * (0.5 + random.nextDouble());
    while (at < seconds - quiet) {
      if (bag.isEmpty()) {
        bag.addAll(List.of(Kind.values()));
        Collections.shuffle(bag, random);
      }
      Kind kind = bag.remove(bag.size() - 1);
      if (kind == Kind.KILL && at > seconds * KILLS_UNTIL) {
        continue;
      }
      all.add(new Planned(at, kind));
      at += every * (0.5 + random.nextDouble());
    }
    return all;
  }
}
