// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import java.util.Optional;

/**
 * The smallest staffing that keeps a share of promises: doubles the number of agents until it is
 * enough, then halves the gap. Takes for granted that more agents never keep less; about twenty
 * plays.
 */
public final class StaffSearch {

  /** More agents than this are not tried. */
  public static final int MOST = 100_000;

  private final Simulator simulator;

  public StaffSearch(Simulator simulator) {
    this.simulator = simulator;
  }

  /**
   * The outcome with the fewest agents; empty when even {@link #MOST} are not enough. Blocks.
   *
   * @param staff whose rows are used in turn
   * @param keep share of all promises, 0…1, each counted once
   */
  public Optional<Outcome> fewest(Trace trace, Staff staff, String policy, double keep) {
    int tooFew = 0;
    int tried = Math.min(MOST, staff.members().size());
    Outcome enough = simulator.play(trace, staff.of(tried), policy);
    while (enough.total().keptShare() < keep) {
      if (tried == MOST) {
        return Optional.empty();
      }
      tooFew = tried;
      tried = Math.min(MOST, 2 * tried);
      enough = simulator.play(trace, staff.of(tried), policy);
    }
    while (enough.agents() - tooFew > 1) {
      int middle = (enough.agents() + tooFew) >>> 1;
      Outcome outcome = simulator.play(trace, staff.of(middle), policy);
      if (outcome.total().keptShare() >= keep) {
        enough = outcome;
      } else {
        tooFew = middle;
      }
    }
    return Optional.of(enough);
  }
}
