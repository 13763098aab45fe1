// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.connector.sandbox.TelegramCustomer;
import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.gateway.client.Metrics;
import dev.frontdesk.load.LoadConfig;
import dev.frontdesk.load.RedisProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * The clock of the gateway's host is ten minutes off that of Redis, once ahead and once behind:
 * deadlines are Redis's, and the log says so. It is Redis that gets the other clock, which is the
 * same to the gateway (a JVM under libfaketime starts too slowly). In the control they agree.
 */
final class G13WrongClock extends ProcessRow {

  private static final int CLOCKS = 20;

  G13WrongClock() {
    super(
        "G-13",
        "host clock 10 minutes ahead of Redis, then behind",
        "the clocks agree",
        "ahead.saysSo",
        "behind.saysSo");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) throws IOException {
    off(rig, found, "ahead", control ? "+0" : "-10m");
    off(rig, found, "behind", control ? "+0" : "+10m");
  }

  private static void off(Rig rig, Findings found, String name, String offset) throws IOException {
    RedisProcess redis =
        rig.ends(RedisProcess.start(rig.folder().resolve("redis-" + name), FakeTime.off(offset)));
    LoadConfig config =
        rig.config(name)
            .redis(redis.url())
            .promises("1h", "5s")
            .channel(
                "telegram",
                "{ connector: telegram, settings: { botToken: '123:abc', secretToken: s3cret } }");
    GatewayProcess gateway = rig.gateway(name, config);
    int accepted = 0;
    for (int i = 1; i <= CLOCKS; i++) {
      accepted +=
          rig.post(
                          gateway.publicUrl().resolve("/webhooks/load/telegram"),
                          new TelegramCustomer("s3cret")
                              .message("" + i, "Ann", "hello", "" + i, Clock.systemUTC().instant()))
                      .status()
                  == 200
              ? 1
              : 0;
    }
    found.equal(name + ".accepted", CLOCKS, accepted);
    Desk operator = rig.operator(gateway);
    JsonNode one = operator.conversations().get(0);
    Instant opened = Instant.parse(one.path("openedAt").asText());
    Instant due = Instant.parse(one.path("clocks").path("firstResponse").path("dueAt").asText());
    found.equal(name + ".promisedMs", 5_000, Duration.between(opened, due).toMillis());
    long redisNow =
        Long.parseLong(RedisProcess.ask(redis.url(), commands -> commands.time()).get(0));
    found.atMost(
        name + ".openedAwayFromRedisSeconds", 5, Math.abs(redisNow - opened.getEpochSecond()));
    double fired = rig.within(Duration.ofSeconds(15), () -> Breaches.count(operator) == CLOCKS);
    found.atMost(name + ".firedAfterMs", 8_000.0, fired);
    Breaches breaches = Breaches.of(operator);
    found.equal(name + ".notOnce", 0, breaches.twice());
    found.equal(name + ".early", 0, breaches.early());
    found.equal(
        name + ".earlyByMetric",
        0,
        (long) Metrics.read(gateway.managementUrl()).sum("frontdesk_timers_early_total"));
    found.note(name + ".signedCall", rig.send(gateway, "s", "s-0", "signed by the right time"));
    found.holds(
        name + ".saysSo",
        Files.readString(rig.folder().resolve(name + ".log")).contains("differs from the store"));
  }
}
