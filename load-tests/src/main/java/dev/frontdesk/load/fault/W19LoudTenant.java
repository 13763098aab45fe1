// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.Ledger;
import dev.frontdesk.load.LoadConfig;
import dev.frontdesk.load.RedisProcess;

/**
 * One workspace gets all that can be sent to it, another a little: what the other's calls take. The
 * bar of the catalogue (1.2 times) needs cores of its own for sender and store; here sender,
 * gateway and Redis share them, so the bar is that it is served within a second and nothing is
 * refused.
 */
final class W19LoudTenant extends ProcessRow {

  W19LoudTenant() {
    super("W-19", "one workspace at 64 senders without pause, another quiet");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) {
    RedisProcess redis = rig.redis();
    GatewayProcess gateway =
        rig.gateway(
            "gateway",
            rig.config("gateway")
                .redis(redis.url())
                .workspace(
                    "quiet",
                    "{ channels: { hook: { connector: webhook, settings: { secret: "
                        + LoadConfig.SECRET
                        + " } } }, promises: { normal: { firstResponse: 1h } }, defaults: { queue:"
                        + " support, promise: normal }, queues: { support: {} } }"));
    double alone = worst(rig, gateway, found, "a");
    Writers loud = rig.writers(gateway).withoutRepeating().begin("loud", 64);
    rig.awaitAccepted(loud, 300);
    double beside = worst(rig, gateway, found, "b");
    loud.stop();
    found.note("p95AloneMs", Math.round(alone));
    found.atMost("p95BesideMs", 1_000.0, beside);
    found.note("loudAccepted", loud.count(Writers.Call::accepted));
    Ledger ledger = loud.ledger();
    found.ledger(Audit.of(gateway.publicUrl(), ledger));
  }

  private static double worst(Rig rig, GatewayProcess gateway, Findings found, String name) {
    double[] took = new double[100];
    for (int i = 0; i < took.length; i++) {
      long began = System.nanoTime();
      String id = name + i;
      int status = rig.send(gateway, "/webhooks/quiet/hook", LoadConfig.SECRET, id, id, "hello");
      found.holds("", status == 200);
      took[i] = (System.nanoTime() - began) / 1e6;
      rig.rest(20);
    }
    java.util.Arrays.sort(took);
    return took[94];
  }
}
