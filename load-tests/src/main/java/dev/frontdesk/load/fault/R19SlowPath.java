// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.RedisProcess;
import java.util.concurrent.TimeUnit;

/** 50 ms ± 20 each way to Redis and 1 % of packets lost: slower, and nothing goes wrong. */
final class R19SlowPath extends ProcessRow {

  private static final long SECONDS = 8;

  R19SlowPath() {
    super("R-19", "+50 ms ± 20 and 1 % loss on the way to Redis");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) {
    RedisProcess redis = rig.redis();
    TcpProxy proxy = rig.proxy(redis.port());
    GatewayProcess gateway = rig.gateway("gateway", proxy.redisUrl());
    Writers writers = rig.writers(gateway).begin("c", 64);
    rig.awaitAccepted(writers, 300);
    long fast = System.nanoTime();
    rig.rest(SECONDS * 1_000);
    proxy.slow(50, 20);
    proxy.lose(0.01);
    rig.rest(1_000);
    long slow = System.nanoTime();
    rig.rest(SECONDS * 1_000);
    long over = System.nanoTime();
    proxy.heal();
    writers.stop();
    long before = within(writers, fast, fast + TimeUnit.SECONDS.toNanos(SECONDS));
    long during = within(writers, slow, over);
    found.note("perSecondBefore", before / SECONDS);
    found.note("perSecondDuring", during / SECONDS);
    found.note(
        "p50ms",
        Math.round(
            writers.percentile(
                0.5, c -> c.sentNanos() - slow > 0 && c.answeredNanos() - over < 0)));
    found.note(
        "p99ms",
        Math.round(
            writers.percentile(
                0.99, c -> c.sentNanos() - slow > 0 && c.answeredNanos() - over < 0)));
    // 64 at once, three round trips of 100 ms and some loss each: a serial client would do ten a
    // second
    found.atLeast("perSecondDuring", 60, during / SECONDS);
    found.equal("unknown", 0, writers.count(c -> c.status() <= 0));
    found.ledger(Audit.of(gateway.publicUrl(), writers.ledger()));
  }

  private static long within(Writers writers, long from, long to) {
    return writers.count(
        c -> c.accepted() && c.answeredNanos() - from > 0 && c.answeredNanos() - to < 0);
  }
}
