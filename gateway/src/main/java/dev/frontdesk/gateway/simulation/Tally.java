// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import java.util.Arrays;

/** What became of conversations: counts, weights and every single wait. Used from one thread. */
final class Tally {

  private long[] waits = new long[64];
  private int answered;
  private int arrivals;
  private int kept;
  private double weight;
  private double keptWeight;

  void arrived(double worth) {
    arrivals++;
    weight += worth;
  }

  void answered(long waitedMillis, boolean inTime, double worth) {
    if (answered == waits.length) {
      waits = Arrays.copyOf(waits, 2 * answered);
    }
    waits[answered++] = waitedMillis;
    if (inTime) {
      kept++;
      keptWeight += worth;
    }
  }

  /** The same figures of both. */
  void add(Tally other) {
    waits = Arrays.copyOf(waits, Math.max(64, answered + other.answered));
    System.arraycopy(other.waits, 0, waits, answered, other.answered);
    answered += other.answered;
    arrivals += other.arrivals;
    kept += other.kept;
    weight += other.weight;
    keptWeight += other.keptWeight;
  }

  Figures figures() {
    long[] sorted = Arrays.copyOf(waits, answered);
    Arrays.sort(sorted);
    return new Figures(
        arrivals,
        answered,
        kept,
        share(kept, arrivals),
        share(keptWeight, weight),
        new Figures.Waits(
            seconds(sorted, 0.5), seconds(sorted, 0.9), seconds(sorted, 0.99), seconds(sorted, 1)));
  }

  private static double share(double part, double whole) {
    return whole == 0 ? 1 : part / whole;
  }

  /** The smallest wait that this share of all did not exceed. */
  private static double seconds(long[] sorted, double share) {
    return sorted.length == 0
        ? 0
        : sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)] / 1000.0;
  }
}
