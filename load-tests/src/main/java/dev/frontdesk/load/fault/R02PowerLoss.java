// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.load.CrashRun;
import java.io.IOException;

/** Redis killed and everything it had not fsynced cut off its files, as a power cut does. */
final class R02PowerLoss extends ProcessRow {

  R02PowerLoss() {
    super(
        "R-02",
        "power loss of Redis with always x3",
        "everysec, which must lose something",
        "lost");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) throws IOException {
    Captured said = new Captured();
    try (CrashRun run = new CrashRun(rig.folder(), said.out(), rig.seed())) {
      boolean clean = run.redis(3, control ? "everysec" : "always", 1_000);
      found.ledger(run.balance());
      found.holds("clean", clean);
    } finally {
      found.note("cut", said.line("unsynced"));
    }
  }
}
