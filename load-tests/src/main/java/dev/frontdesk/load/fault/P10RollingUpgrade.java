// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.RedisProcess;

/** Two nodes go one by one from an older version to this one and back, under load. */
final class P10RollingUpgrade extends ProcessRow {

  P10RollingUpgrade() {
    super("P-10", "rolling upgrade and back, under load");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) {
    RedisProcess redis = rig.redis();
    GatewayProcess a = old(rig, redis, "a0");
    GatewayProcess b = old(rig, redis, "b0");
    Writers writers = rig.writers(10, a, b).begin("c", 16);
    rig.awaitAccepted(writers, 200);
    GatewayProcess a1 = replaced(rig, found, writers, a, b, redis, "a1");
    GatewayProcess b1 = replaced(rig, found, writers, b, a1, redis, "b1");
    GatewayProcess a2 = replaced(rig, found, writers, a1, b1, redis, "a2");
    GatewayProcess b2 = replaced(rig, found, writers, b1, a2, redis, "b2");
    writers.stop();
    found.equal("exit", 0, a2.stop());
    found.ledger(Audit.of(b2.publicUrl(), writers.ledger()));
  }

  private static GatewayProcess old(Rig rig, RedisProcess redis, String name) {
    return OlderVersion.start(rig, name, rig.config(name).redis(redis.url()));
  }

  /** The one that goes is left out first, as a load balancer does; then another takes its place. */
  private static GatewayProcess replaced(
      Rig rig,
      Findings found,
      Writers writers,
      GatewayProcess going,
      GatewayProcess staying,
      RedisProcess redis,
      String name) {
    writers.to(staying.publicUrl());
    found.equal(name + ".exit", 0, going.stop());
    GatewayProcess next =
        name.endsWith("1") ? rig.gateway(name, redis.url()) : old(rig, redis, name);
    writers.to(staying.publicUrl(), next.publicUrl());
    rig.awaitAccepted(writers, 200);
    return next;
  }
}
