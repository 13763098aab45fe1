// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.load.CrashRun;
import dev.frontdesk.load.Ledger;

/**
 * {@code kill -9} of the gateway under full intake, 20 times at random moments. Senders repeat, so
 * in the end all is accepted; in the control they do not, and what was under way stays without an
 * answer: the kills hit something.
 */
final class G01KilledGateway extends ProcessRow {

  G01KilledGateway() {
    super(
        "G-01",
        "kill -9 of the gateway under full intake x20",
        "senders do not repeat what was not acknowledged",
        "notAccepted");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) {
    Captured said = new Captured();
    try (CrashRun run = new CrashRun(rig.folder(), said.out(), rig.seed())) {
      boolean clean = run.gateway(control ? 5 : 20, !control);
      Ledger.Balance balance = run.balance();
      found.ledger(balance);
      found.equal("notAccepted", 0, balance.refused() + balance.unknown());
      found.holds("clean", clean);
    } finally {
      found.note("run", said.line("gaps="));
    }
  }
}
