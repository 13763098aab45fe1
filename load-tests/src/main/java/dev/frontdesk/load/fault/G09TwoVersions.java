// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.gateway.client.Metrics;
import dev.frontdesk.load.RedisProcess;
import java.time.Duration;

/**
 * An older and this version on one store: both take messages of the same contacts, clocks fire
 * once.
 */
final class G09TwoVersions extends ProcessRow {

  private static final int CLOCKS = 60;

  G09TwoVersions() {
    super("G-09", "two nodes, one of an older version");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) {
    RedisProcess redis = rig.redis();
    GatewayProcess old =
        OlderVersion.start(rig, "old", rig.config("old").redis(redis.url()).promises("1h", "8s"));
    GatewayProcess now =
        rig.gateway("now", rig.config("now").redis(redis.url()).promises("1h", "8s"));
    for (int i = 0; i < CLOCKS; i++) {
      rig.send(i % 2 == 0 ? old : now, "t" + i, "t" + i + "-0", "hello");
    }
    Writers writers = rig.writers(20, old, now).begin("c", 16);
    Desk operator = rig.operator(now);
    double fired =
        rig.within(
            Duration.ofSeconds(25), () -> Breaches.ofContacts(operator, "t").fired() == CLOCKS);
    writers.stop();
    found.note("firedAfterMs", Math.round(fired));
    Breaches.ofContacts(operator, "t").tell(found, CLOCKS);
    double dead =
        Metrics.read(now.managementUrl()).sum("frontdesk_timers_dead_total")
            + Metrics.read(old.managementUrl()).sum("frontdesk_timers_dead_total");
    found.equal("deadLetters", 0, (long) dead);
    for (int i = 0; i < CLOCKS; i++) {
      writers.ledger().sent("t" + i + "-0", dev.frontdesk.load.Ledger.Outcome.ACCEPTED);
    }
    found.ledger(Audit.of(old.publicUrl(), writers.ledger()));
    found.ledger(Audit.of(now.publicUrl(), writers.ledger()));
  }
}
