// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.RedisProcess;
import io.lettuce.core.ScriptOutputType;
import java.time.Duration;

/** Somebody else's script holds Redis for 2 s and more, so that it answers {@code -BUSY}. */
final class R10BusyRedis extends ProcessRow {

  private static final String SPIN =
      "local t=redis.call('TIME')[1]+3 while tonumber(redis.call('TIME')[1]) < t do end return 1";

  R10BusyRedis() {
    super("R-10", "a script of 3 s, -BUSY after 0.5 s");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) {
    RedisProcess redis = rig.redis("--lua-time-limit", "500");
    GatewayProcess gateway = rig.gateway("gateway", redis.url());
    Writers writers = rig.writers(gateway).withoutRepeating().begin("c", 16);
    rig.awaitAccepted(writers, 200);
    long began = System.nanoTime();
    Long done = RedisProcess.ask(redis.url(), c -> c.<Long>eval(SPIN, ScriptOutputType.INTEGER));
    long over = System.nanoTime();
    double back = rig.within(Duration.ofSeconds(15), () -> writers.acceptedSince(over) > 0);
    rig.awaitAccepted(writers, 100);
    writers.stop();
    found.equal("script", 1, done);
    found.note("heldMs", (over - began) / 1_000_000);
    found.atMost("slowestMs", 2_500, writers.slowest(c -> true));
    found.equal("noAnswer", 0, writers.count(c -> c.status() <= 0));
    found.atMost("backMs", 5_000, back);
    found.ledger(Audit.of(gateway.publicUrl(), writers.ledger()));
  }
}
