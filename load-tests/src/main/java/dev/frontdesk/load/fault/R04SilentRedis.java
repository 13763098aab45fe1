// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.RedisProcess;
import java.time.Duration;

/**
 * Redis goes silent while its connections stay. First the server itself, stopped for 30 s; then a
 * middlebox that takes everything on the old connections, passes nothing on and never closes them:
 * only new connections lead anywhere.
 */
final class R04SilentRedis extends ProcessRow {

  /** Twice the time-out: what waits when its connection is given up looks once more. */
  private static final double SLOWEST_MILLIS = 3_500;

  R04SilentRedis() {
    super(
        "R-04",
        "Redis stopped for 30 s, then half-open connections that never come back",
        "the path is never healed",
        "halfOpen.backMs");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) {
    RedisProcess redis = rig.redis();
    TcpProxy proxy = rig.proxy(redis.port());
    GatewayProcess gateway = rig.gateway("gateway", proxy.redisUrl());
    Writers writers = rig.writers(gateway).withoutRepeating().begin("c", 16);
    if (!control) {
      stopped(rig, found, redis, writers);
    }
    halfOpen(rig, found, proxy, writers, control);
    writers.stop();
    if (control) {
      return;
    }
    found.ledger(Audit.of(gateway.publicUrl(), writers.ledger()));
  }

  private static void stopped(Rig rig, Findings found, RedisProcess redis, Writers writers) {
    rig.awaitAccepted(writers, 200);
    Rig.signal(redis.pid(), "STOP");
    long stopped = System.nanoTime();
    rig.rest(30_000);
    long resumed = System.nanoTime();
    Rig.signal(redis.pid(), "CONT");
    double back = rig.within(Duration.ofSeconds(20), () -> writers.acceptedSince(resumed) > 0);
    found.atMost("stopped.first503ms", 2_000, writers.firstAfter(stopped, c -> c.status() == 503));
    found.atMost(
        "stopped.slowest503ms",
        SLOWEST_MILLIS,
        writers.slowest(c -> c.status() == 503 && c.sentNanos() - stopped > 0));
    found.atMost("stopped.backMs", 5_000, back);
  }

  private static void halfOpen(
      Rig rig, Findings found, TcpProxy proxy, Writers writers, boolean control) {
    rig.awaitAccepted(writers, 200);
    proxy.silence();
    long silent = System.nanoTime();
    rig.rest(5_000);
    long healed = System.nanoTime();
    if (!control) {
      proxy.heal();
    }
    double back = rig.within(Duration.ofSeconds(20), () -> writers.acceptedSince(healed) > 0);
    found.atMost("halfOpen.first503ms", 2_000, writers.firstAfter(silent, c -> c.status() == 503));
    found.atMost("halfOpen.backMs", 5_000, back);
  }
}
