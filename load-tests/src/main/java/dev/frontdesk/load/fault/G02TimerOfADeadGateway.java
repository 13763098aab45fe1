// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.gateway.client.Metrics;
import dev.frontdesk.load.LoadConfig;
import dev.frontdesk.load.RedisProcess;
import java.time.Duration;

/**
 * {@code kill -9} of a gateway that has claimed timers and not yet had their effect. It was stopped
 * until all were due, so that it claims a whole batch when it goes on; a claim of a breach shows as
 * a score in the future. The control's next gateway comes later than the claims last.
 */
final class G02TimerOfADeadGateway extends ProcessRow {

  private static final int CLOCKS = 150;

  private static final int ANSWER_MILLIS = 150;

  /** Of a claim, as {@code ARCHITECTURE.md} says, and the poll after it, s. */
  private static final int CLAIM_SECONDS = 10;

  G02TimerOfADeadGateway() {
    super(
        "G-02",
        "kill -9 between the claim of timers and their effect",
        "the next gateway comes only when the claims are long over",
        "lastAfterKillSeconds");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) {
    RedisProcess redis = rig.redis();
    TcpProxy proxy = rig.proxy(redis.port());
    LoadConfig first = rig.config("first").redis(proxy.redisUrl()).promises("1h", "6s");
    GatewayProcess dying = rig.gateway("first", first);
    int opened = 0;
    for (int i = 0; i < CLOCKS; i++) {
      opened += rig.send(dying, "c" + i, "m" + i, "hello") == 200 ? 1 : 0;
    }
    found.equal("opened", CLOCKS, opened);
    Rig.signal(dying.pid(), "STOP");
    rig.rest(7_000);
    // it hears of its claim only after a while, in which the claim stands and has no effect
    proxy.slow(ANSWER_MILLIS, 0);
    Rig.signal(dying.pid(), "CONT");
    double took = rig.await("a claim", Duration.ofSeconds(30), () -> claimed(redis) > 0);
    dying.kill();
    long killed = System.nanoTime();
    long claimed = claimed(redis);
    if (control) {
      rig.rest(2_000L * CLAIM_SECONDS);
    }
    GatewayProcess next =
        rig.gateway("next", rig.config("next").redis(redis.url()).promises("1h", "6s"));
    Desk operator = rig.operator(next);
    double waited =
        rig.await("every breach", Duration.ofSeconds(40), () -> Breaches.count(operator) == CLOCKS);
    double last = (System.nanoTime() - killed) / 1e9;
    rig.rest(2_000);
    found.note("awaitedMs", Math.round(waited));
    Breaches breaches = Breaches.of(operator);
    found.note("claimedWithin", Math.round(took) + "ms");
    found.atLeast("claimedByTheDead", 1, claimed);
    breaches.tell(found, CLOCKS);
    found.equal(
        "earlyByMetric",
        0,
        (long) Metrics.read(next.managementUrl()).sum("frontdesk_timers_early_total"));
    found.atMost("lastAfterKillSeconds", CLAIM_SECONDS + 3.0 + next.startMillis() / 1e3, last);
  }

  private static long claimed(RedisProcess redis) {
    return RedisProcess.ask(
        redis.url(),
        commands -> {
          double now = Double.parseDouble(commands.time().get(0)) * 1_000;
          return commands
              .zrangebyscore(
                  "{load}:t", io.lettuce.core.Range.create(now + 6_000.0, now + 12_000.0))
              .stream()
              .filter(member -> member.startsWith("b:"))
              .count();
        });
  }
}
