// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.load.ClockStorm;

/**
 * Many clocks fall due in one second beside intake, as {@code LoadTests clocks} has it with a
 * million: each fires once, none early, p99 of intake at most twice the one before. No control: how
 * far p99 rises with a larger share for timers depends on the machine.
 */
final class A13ManyDue extends ProcessRow {

  private static final int CLOCKS = 20_000;

  A13ManyDue() {
    super("A-13", "20,000 timers due in one second");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) {
    Captured said = new Captured();
    try {
      found.holds(
          "clean", new ClockStorm(rig.folder(), said.out(), rig.seed()).fallDue(CLOCKS, "50%"));
    } finally {
      found.note("run", said.line("due in one second"));
    }
  }
}
