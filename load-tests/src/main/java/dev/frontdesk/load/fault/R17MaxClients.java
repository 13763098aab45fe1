// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.RedisProcess;
import java.time.Duration;

/**
 * Redis takes no more connections: a second gateway does not start and says why; the first one goes
 * on. When there is room it starts. In the control there is room.
 */
final class R17MaxClients extends ProcessRow {

  R17MaxClients() {
    super("R-17", "maxclients reached", "there is room for all", "second");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) {
    RedisProcess redis = rig.redis();
    GatewayProcess first = rig.gateway("first", redis.url());
    Writers writers = rig.writers(5, first).begin("c", 8);
    rig.awaitAccepted(writers, 50);
    long connected = RedisProcess.ask(redis.url(), c -> c.clientList()).lines().count() - 1;
    // the one that asks needs a place as well
    redis.set("maxclients", Long.toString(control ? 1_000 : connected + 2));
    long began = System.nanoTime();
    String why = "it started";
    try {
      GatewayProcess second = rig.gateway("second", redis.url());
      found.note("secondStartedMs", second.startMillis());
    } catch (IllegalStateException refused) {
      why = String.valueOf(refused.getMessage()).replaceAll(", see .*", "");
    }
    found.equal("second", "the gateway did not start", why);
    found.note("refusedAfterMs", (System.nanoTime() - began) / 1_000_000);
    rig.awaitAccepted(writers, 50);
    found.equal("refusedByTheFirst", 0, writers.count(call -> !call.accepted()));
    redis.set("maxclients", "1000");
    GatewayProcess third = rig.gateway("third", redis.url());
    double serves =
        rig.within(Duration.ofSeconds(10), () -> rig.send(third, "t", "t-0", "hello") == 200);
    found.atMost("thirdServesMs", 10_000.0, serves);
    writers.stop();
    writers.ledger().sent("t-0", dev.frontdesk.load.Ledger.Outcome.ACCEPTED);
    found.ledger(Audit.of(first.publicUrl(), writers.ledger()));
  }
}
