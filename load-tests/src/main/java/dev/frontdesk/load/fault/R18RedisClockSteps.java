// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.connector.sandbox.TelegramCustomer;
import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.LoadConfig;
import dev.frontdesk.load.RedisProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The clock of Redis's host steps an hour ahead, then back. Clocks that the step passed fire once
 * and never again; what is signed by the true time is refused while Redis is wrong, everything else
 * goes on.
 */
final class R18RedisClockSteps extends ProcessRow {

  private static final int CLOCKS = 40;

  R18RedisClockSteps() {
    super(
        "R-18",
        "clock of Redis +1 h, then back",
        "the clock does not step, so nothing is due",
        "firedAfterTheStepMs");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) throws IOException {
    Path offset = Files.writeString(rig.folder().resolve("offset"), "+0");
    Map<String, String> environment = new HashMap<>(FakeTime.off("+0"));
    environment.remove("FAKETIME");
    environment.put("FAKETIME_TIMESTAMP_FILE", offset.toString());
    environment.put("FAKETIME_NO_CACHE", "1");
    RedisProcess redis = rig.ends(RedisProcess.start(rig.folder().resolve("redis"), environment));
    LoadConfig config =
        rig.config("gateway")
            .redis(redis.url())
            .promises("1h", "30m")
            .channel(
                "telegram",
                "{ connector: telegram, settings: { botToken: '123:abc', secretToken: s3cret } }");
    GatewayProcess gateway = rig.gateway("gateway", config);
    for (int i = 0; i < CLOCKS; i++) {
      rig.send(gateway, "t" + i, "t" + i + "-0", "hello");
    }
    Writers writers = rig.writers(20, gateway).begin("c", 4);
    rig.awaitAccepted(writers, 20);
    step(offset, control ? "+0" : "+3600");
    Desk operator = rig.operator(gateway);
    double fired =
        rig.within(
            Duration.ofSeconds(15), () -> Breaches.ofContacts(operator, "t").fired() == CLOCKS);
    found.atMost("firedAfterTheStepMs", 15_000.0, fired);
    long ahead = System.nanoTime();
    rig.rest(3_000);
    found.note(
        "refused401WhileAhead", writers.count(c -> c.status() == 401 && c.sentNanos() - ahead > 0));
    found.equal(
        "unsignedIntakeAhead",
        200,
        rig.post(
                gateway.publicUrl().resolve("/webhooks/load/telegram"),
                new TelegramCustomer("s3cret")
                    .message("77", "Ann", "hello", "1", Clock.systemUTC().instant()))
            .status());
    step(offset, "+0");
    long back = System.nanoTime();
    double again = rig.within(Duration.ofSeconds(15), () -> writers.acceptedSince(back) > 20);
    found.atMost("intakeBackMs", 15_000.0, again);
    rig.rest(3_000);
    writers.stop();
    Breaches.ofContacts(operator, "t").tell(found, CLOCKS);
    writers.ledger().sent("77:1", dev.frontdesk.load.Ledger.Outcome.ACCEPTED);
    for (int i = 0; i < CLOCKS; i++) {
      writers.ledger().sent("t" + i + "-0", dev.frontdesk.load.Ledger.Outcome.ACCEPTED);
    }
    found.ledger(Audit.of(gateway.publicUrl(), writers.ledger()));
  }

  private static void step(Path offset, String to) throws IOException {
    Path written = Files.writeString(offset, to);
    assert written.equals(offset);
  }
}
