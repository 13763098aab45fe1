// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.load.CrashRun;

/** {@code kill -9} of the gateway under full intake, 20 times at random moments. */
final class G01KilledGateway extends ProcessRow {

  G01KilledGateway() {
    super("G-01", "kill -9 of the gateway under full intake x20");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) {
    Captured said = new Captured();
    try (CrashRun run = new CrashRun(rig.folder(), said.out(), rig.seed())) {
      found.holds("clean", run.gateway(20));
    } finally {
      found.note("run", said.line("ledger"));
    }
  }
}
