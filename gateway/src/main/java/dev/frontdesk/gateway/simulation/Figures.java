// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

/**
 * How a promise, or all of them, fared.
 *
 * @param answered those that an agent took; the others waited to the end
 * @param kept answered at or before their deadline
 * @param keptShare kept of all that came, 0…1
 * @param weightedKeptShare the same with each counted by its weight
 * @param waits of the answered
 */
public record Figures(
    int arrivals, int answered, int kept, double keptShare, double weightedKeptShare, Waits waits) {

  /** Percentiles by nearest rank, exact, in seconds. */
  public record Waits(double p50, double p90, double p99, double max) {}
}
