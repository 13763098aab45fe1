// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.RedisProcess;
import java.time.Duration;

/**
 * One of two gateways stands still for 20 s and goes on as if nothing had been. Its clocks fall due
 * meanwhile; the other one has taken over. In the control the other one is not there.
 */
final class G05PausedGateway extends ProcessRow {

  private static final int CLOCKS = 60;

  G05PausedGateway() {
    super(
        "G-05",
        "SIGSTOP of a gateway for 20 s, then SIGCONT",
        "there is no second gateway",
        "firedMeanwhile");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) {
    RedisProcess redis = rig.redis();
    GatewayProcess paused =
        rig.gateway("paused", rig.config("paused").redis(redis.url()).promises("1h", "8s"));
    for (int i = 0; i < CLOCKS; i++) {
      rig.send(paused, "c" + i, "c" + i + "-0", "hello");
    }
    GatewayProcess other =
        control
            ? paused
            : rig.gateway("other", rig.config("other").redis(redis.url()).promises("1h", "8s"));
    Rig.signal(paused.pid(), "STOP");
    long stopped = System.nanoTime();
    Writers writers = rig.writers(20, other).begin("w", control ? 0 : 4);
    rig.rest(20_000 - (System.nanoTime() - stopped) / 1_000_000);
    long meanwhile = control ? CLOCKS - armed(redis) : Breaches.countOf(rig.operator(other), "c");
    Rig.signal(paused.pid(), "CONT");
    found.atLeast("firedMeanwhile", CLOCKS, meanwhile);
    rig.rest(1_000);
    double serves =
        rig.within(
            Duration.ofSeconds(10), () -> rig.send(paused, "after", "after-0", "hello") == 200);
    found.atMost("pausedOneServesMs", 10_000, serves);
    if (control) {
      return;
    }
    writers.stop();
    rig.rest(2_000);
    Breaches breaches = Breaches.ofContacts(rig.operator(other), "c");
    breaches.tell(found, CLOCKS);
    writers.ledger().sent("after-0", dev.frontdesk.load.Ledger.Outcome.ACCEPTED);
    for (int i = 0; i < CLOCKS; i++) {
      writers.ledger().sent("c" + i + "-0", dev.frontdesk.load.Ledger.Outcome.ACCEPTED);
    }
    found.ledger(Audit.of(other.publicUrl(), writers.ledger()));
  }

  /** Breaches that are still to come: in the control nobody is there who could be asked. */
  private static long armed(RedisProcess redis) {
    return RedisProcess.ask(
        redis.url(),
        commands ->
            commands.zrange("{load}:t", 0, -1).stream()
                .filter(member -> member.startsWith("b:"))
                .count());
  }
}
