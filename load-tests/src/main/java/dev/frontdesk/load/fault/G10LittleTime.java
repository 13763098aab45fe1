// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.RedisProcess;
import java.io.IOException;
import java.time.Duration;

/**
 * One of two gateways gets a tenth of the time, 10 ms of each 100: it is stopped and let go on in
 * turns, as a cgroup's quota does.
 */
final class G10LittleTime extends ProcessRow {

  private static final int CLOCKS = 40;

  G10LittleTime() {
    super("G-10", "a tenth of the CPU for one of two gateways, 15 s");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) throws IOException {
    RedisProcess redis = rig.redis();
    GatewayProcess slow =
        rig.gateway("slow", rig.config("slow").redis(redis.url()).promises("1h", "10s"));
    GatewayProcess other =
        rig.gateway("other", rig.config("other").redis(redis.url()).promises("1h", "10s"));
    for (int i = 0; i < CLOCKS; i++) {
      rig.send(slow, "t" + i, "t" + i + "-0", "hello");
    }
    Writers writers = rig.writers(20, slow, other).begin("c", 16);
    Process throttle =
        new ProcessBuilder(
                "sh",
                "-c",
                "while kill -STOP $0; do sleep 0.09; kill -CONT $0; sleep 0.01; done",
                Long.toString(slow.pid()))
            .start();
    rig.rest(15_000);
    throttle.destroyForcibly().onExit().join();
    Rig.signal(slow.pid(), "CONT");
    rig.awaitAccepted(writers, 100);
    writers.stop();
    double fired =
        rig.within(
            Duration.ofSeconds(20),
            () -> Breaches.ofContacts(rig.operator(other), "t").fired() == CLOCKS);
    found.note("firedWithinMs", Math.round(fired));
    Breaches.ofContacts(rig.operator(other), "t").tell(found, CLOCKS);
    for (int i = 0; i < CLOCKS; i++) {
      writers.ledger().sent("t" + i + "-0", dev.frontdesk.load.Ledger.Outcome.ACCEPTED);
    }
    found.ledger(Audit.of(other.publicUrl(), writers.ledger()));
  }
}
