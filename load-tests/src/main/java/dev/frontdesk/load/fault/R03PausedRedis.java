// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.RedisProcess;
import java.time.Duration;

/** {@code CLIENT PAUSE 5000 ALL}: the server takes everything and answers nothing for 5 s. */
final class R03PausedRedis extends ProcessRow {

  R03PausedRedis() {
    super("R-03", "CLIENT PAUSE 5000 ALL", "redis.timeout of 10 s", "first503ms", "slowestMs");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) {
    RedisProcess redis = rig.redis();
    GatewayProcess gateway =
        rig.gateway(
            "gateway",
            rig.config("gateway")
                .redis(redis.url())
                .store("timeout: " + (control ? "10s" : "1500ms")));
    Writers writers = rig.writers(gateway).withoutRepeating().begin("c", 64);
    rig.awaitAccepted(writers, 200);
    long before = gateway.residentBytes();
    long paused = System.nanoTime();
    String done = RedisProcess.ask(redis.url(), commands -> commands.clientPause(5_000));
    found.equal("paused", "OK", done);
    rig.rest(5_000);
    long over = System.nanoTime();
    double back = rig.within(Duration.ofSeconds(20), () -> writers.acceptedSince(over) > 0);
    long grown = (gateway.residentBytes() - before) >> 20;
    writers.stop();
    found.atMost("first503ms", 2_000, writers.firstAfter(paused, c -> c.status() == 503));
    found.atMost("slowestMs", 2_000, writers.slowest(c -> true));
    found.atMost("backMs", 5_000, back);
    found.atMost("rssGrownMiB", 64, grown);
    found.ledger(Audit.of(gateway.publicUrl(), writers.ledger()));
  }
}
