// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.RedisProcess;
import java.time.Duration;

/** One of two gateways cannot reach Redis, the other can; then both can again. */
final class R07PartedGateway extends ProcessRow {

  R07PartedGateway() {
    super(
        "R-07",
        "partition between one gateway and Redis",
        "both are cut off",
        "acceptedByTheOther");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) {
    RedisProcess redis = rig.redis();
    TcpProxy proxy = rig.proxy(redis.port());
    GatewayProcess parted = rig.gateway("parted", proxy.redisUrl());
    GatewayProcess other = rig.gateway("other", control ? proxy.redisUrl() : redis.url());
    Writers there = rig.writers(parted).begin("p", 8);
    Writers here = rig.writers(other).begin("o", 8);
    rig.awaitAccepted(there, 100);
    rig.awaitAccepted(here, 100);
    proxy.silence();
    long cut = System.nanoTime();
    rig.rest(6_000);
    long healing = System.nanoTime();
    proxy.heal();
    found.atLeast(
        "acceptedByTheOther",
        50,
        here.count(c -> c.accepted() && c.sentNanos() > cut && c.sentNanos() < healing));
    found.atMost("parted.first503ms", 2_000, there.firstAfter(cut, c -> c.status() == 503));
    double back = rig.within(Duration.ofSeconds(15), () -> there.acceptedSince(healing) > 0);
    found.atMost("parted.backMs", 5_000, back);
    if (control) {
      return;
    }
    there.stop();
    here.stop();
    there.ledger().take(here.ledger());
    found.ledger(Audit.of(other.publicUrl(), there.ledger()));
  }
}
