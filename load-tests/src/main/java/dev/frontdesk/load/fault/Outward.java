// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.sandbox.FakePlatform;
import dev.frontdesk.connector.sandbox.TelegramApi;
import dev.frontdesk.connector.sandbox.TelegramCustomer;
import dev.frontdesk.connector.sandbox.WebhookReceiver;
import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.LoadConfig;
import java.time.Clock;
import java.time.Duration;

/**
 * A gateway whose answers go to stand-ins: channel {@code hook} to a system that deduplicates,
 * channel {@code telegram} to a platform that does not. One agent has room for all.
 */
final class Outward {

  static final String HOOK = "webhook";
  static final String TELEGRAM = "telegram";

  private final Rig rig;
  private final FakePlatform platform;
  private final GatewayProcess gateway;
  private final Desk agent;
  private int number;

  /** Starts them; {@code outbox} are further keys of {@code outbox}, in flow style. */
  Outward(Rig rig, String outbox) {
    this.rig = rig;
    this.platform =
        rig.platform(
            new TelegramApi("123:abc", 1_000), new WebhookReceiver(Secret.of(LoadConfig.SECRET)));
    LoadConfig config =
        rig.config("gateway")
            .redis(rig.redis().url())
            .agents(1, 500)
            .sendUrl(platform.url(HOOK))
            .line("outbox: { " + outbox + " }")
            .channel(
                TELEGRAM,
                "{ connector: telegram, settings: { botToken: '123:abc', secretToken: s3cret,"
                    + " apiBaseUrl: '"
                    + platform.url(TELEGRAM)
                    + "' } }");
    this.gateway = rig.gateway("gateway", config);
    this.agent = rig.agent(gateway, 0);
    agent.available();
  }

  FakePlatform platform() {
    return platform;
  }

  GatewayProcess gateway() {
    return gateway;
  }

  Desk agent() {
    return agent;
  }

  /** A conversation of a contact of {@code hook}, ours to answer. */
  JsonNode hook(String contact) {
    int status = rig.send(gateway, contact, contact + "-0", "hello");
    return assigned(status);
  }

  /** A conversation of a contact of {@code telegram}, ours to answer. */
  JsonNode telegram(long contact) {
    String id = Long.toString(contact);
    String message = Integer.toString(++number);
    int status =
        rig.post(
                gateway.publicUrl().resolve("/webhooks/load/telegram"),
                new TelegramCustomer("s3cret")
                    .message(id, "Ann", "hello", message, Clock.systemUTC().instant()))
            .status();
    return assigned(status);
  }

  private JsonNode assigned(int status) {
    if (status != 200) {
      throw new IllegalStateException("the customer's message got " + status);
    }
    return agent.accept(agent.offers(1).get(0));
  }

  /** Answers; the id of the conversation. */
  String reply(JsonNode conversation, String text) {
    int status = agent.reply(conversation, text, "k" + ++number).status();
    if (status != 201) {
      throw new IllegalStateException("the answer got " + status);
    }
    return conversation.path("id").asText();
  }

  /** How long it takes until a message has that delivery, ms; infinite when it does not in time. */
  double until(String delivery, String conversation, String text, int seconds) {
    return rig.within(
        Duration.ofSeconds(seconds), () -> agent.delivery(conversation, text).equals(delivery));
  }
}
