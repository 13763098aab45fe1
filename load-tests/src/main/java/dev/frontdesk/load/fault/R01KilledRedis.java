// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.RedisProcess;
import java.time.Duration;

/** {@code kill -9} of Redis under intake, with {@code always}, then with {@code everysec}. */
final class R01KilledRedis extends ProcessRow {

  R01KilledRedis() {
    super(
        "R-01",
        "kill -9 of Redis, always and everysec, and back after 3 s",
        "a Redis without append-only file",
        "always.backAfterPingMs");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) {
    RedisProcess redis = control ? rig.redis("--appendonly", "no") : rig.redis();
    GatewayProcess gateway = rig.gateway("gateway", redis.url());
    Writers writers = rig.writers(gateway).withoutRepeating().begin("c", 16);
    once(rig, found, redis, writers, "always");
    if (!control) {
      redis.set("appendfsync", "everysec");
      once(rig, found, redis, writers, "everysec");
    }
    writers.stop();
    if (control) {
      return;
    }
    found.ledger(Audit.of(gateway.publicUrl(), writers.ledger()));
  }

  private static void once(
      Rig rig, Findings found, RedisProcess redis, Writers writers, String fsync) {
    rig.awaitAccepted(writers, 200);
    redis.kill();
    long killed = System.nanoTime();
    rig.rest(3_000);
    long restarting = System.nanoTime();
    redis.restart();
    long serving = System.nanoTime();
    double back = rig.within(Duration.ofSeconds(20), () -> writers.acceptedSince(serving) > 0);
    found.atMost(fsync + ".first503ms", 2_000, writers.firstAfter(killed, c -> c.status() == 503));
    found.equal(
        fsync + ".acceptedWhileDown",
        0,
        writers.count(
            c -> c.accepted() && c.sentNanos() - killed > 0 && c.answeredNanos() - restarting < 0));
    found.atMost(
        fsync + ".slowest503ms",
        2_000,
        writers.slowest(c -> c.status() == 503 && c.sentNanos() - killed > 0));
    found.atMost(fsync + ".backAfterPingMs", 5_000, back);
  }
}
