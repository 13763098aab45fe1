// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.gateway.client.Metrics;
import dev.frontdesk.load.RedisProcess;
import java.time.Duration;

/** No gateway runs while clocks fall due; the next one fires each once, the oldest first. */
final class A16AllDown extends ProcessRow {

  private static final int CLOCKS = 150;

  A16AllDown() {
    super("A-16", "all gateways down while clocks fall due");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) {
    RedisProcess redis = rig.redis();
    GatewayProcess first =
        rig.gateway("first", rig.config("first").redis(redis.url()).promises("1h", "4s"));
    for (int i = 0; i < CLOCKS; i++) {
      rig.send(first, "t" + i, "t" + i + "-0", "hello");
    }
    first.kill();
    rig.rest(10_000);
    long left = redis.count("load", "t");
    found.atLeast("armed", CLOCKS, left);
    GatewayProcess next =
        rig.gateway("next", rig.config("next").redis(redis.url()).promises("1h", "4s"));
    Desk operator = rig.operator(next);
    double all = rig.within(Duration.ofSeconds(30), () -> Breaches.count(operator) == CLOCKS);
    rig.rest(2_000);
    found.atMost("allFiredMs", 30_000.0, all);
    Breaches.of(operator).tell(found, CLOCKS);
    found.atLeast("oldestFirst", 0.95, Breaches.oldestFirst(operator));
    found.equal(
        "earlyByMetric",
        0,
        (long) Metrics.read(next.managementUrl()).sum("frontdesk_timers_early_total"));
  }
}
