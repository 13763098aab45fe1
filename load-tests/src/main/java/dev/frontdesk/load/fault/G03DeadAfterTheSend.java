// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.sandbox.FakePlatform;
import dev.frontdesk.connector.sandbox.Fault;
import dev.frontdesk.connector.sandbox.TelegramApi;
import dev.frontdesk.connector.sandbox.TelegramCustomer;
import dev.frontdesk.connector.sandbox.WebhookReceiver;
import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.LoadConfig;
import dev.frontdesk.load.RedisProcess;
import java.time.Clock;
import java.time.Duration;

/**
 * {@code kill -9} of a gateway while a platform has its message and has not answered. The control
 * is a channel whose platform deduplicates: there it is sent again, so a second call would be seen.
 */
final class G03DeadAfterTheSend extends ProcessRow {

  G03DeadAfterTheSend() {
    super(
        "G-03",
        "kill -9 after a platform took the message, before it is recorded",
        "a platform that deduplicates, where it is sent again",
        "delivery",
        "callsForTwoMessages");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) {
    FakePlatform platform =
        rig.platform(new TelegramApi("123:abc"), new WebhookReceiver(Secret.of(LoadConfig.SECRET)));
    String name = control ? "webhook" : "telegram";
    RedisProcess redis = rig.redis();
    GatewayProcess dying = rig.gateway("dying", config(rig, "dying", redis, platform));
    int opened =
        control
            ? rig.send(dying, "77", "1", "hello")
            : rig.post(
                    dying.publicUrl().resolve("/webhooks/load/telegram"),
                    new TelegramCustomer("s3cret")
                        .message("77", "Ann", "hello", "1", Clock.systemUTC().instant()))
                .status();
    found.equal("opened", 200, opened);
    Desk agent = rig.agent(dying, 0);
    agent.available();
    JsonNode assigned = agent.accept(agent.offers(1).get(0));
    platform.inject(name, Fault.TAKEN_THEN_SILENCE, 1);
    found.equal("replied", 201, agent.reply(assigned, "good day", "g03").status());
    double taken =
        rig.await(
            "the platform has it", Duration.ofSeconds(10), () -> platform.sentCount(name) == 1);
    dying.kill();
    found.note("takenAfterMs", Math.round(taken));

    GatewayProcess next = rig.gateway("next", config(rig, "next", redis, platform));
    String id = assigned.path("id").asText();
    Desk operator = rig.operator(next);
    double known =
        rig.within(
            Duration.ofSeconds(60),
            () -> operator.delivery(id, "good day").matches("unknown|accepted"));
    found.atMost("decidedAfterMs", 60_000.0, known);
    found.equal(
        "second", 201, rig.agent(next, 0).reply(assigned, "are you there?", "g03b").status());
    double on =
        rig.await(
            "the lane goes on",
            Duration.ofSeconds(20),
            () -> operator.delivery(id, "are you there?").equals("accepted"));
    found.note("secondAfterMs", Math.round(on));
    found.equal("delivery", "unknown", operator.delivery(id, "good day"));
    found.equal("platformTook", 2, platform.sentCount(name));
    found.equal("callsForTwoMessages", 2, platform.callCount(name));
  }

  private static LoadConfig config(
      Rig rig, String name, RedisProcess redis, FakePlatform platform) {
    return rig.config(name)
        .redis(redis.url())
        .sendUrl(platform.url("webhook"))
        .channel(
            "telegram",
            "{ connector: telegram, settings: { botToken: '123:abc', secretToken: s3cret,"
                + " apiBaseUrl: '"
                + platform.url("telegram")
                + "' } }");
  }
}
