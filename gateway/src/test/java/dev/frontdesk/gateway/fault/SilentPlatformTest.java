// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.connector.sandbox.FakePlatform;
import dev.frontdesk.connector.sandbox.Fault;
import dev.frontdesk.connector.sandbox.TelegramApi;
import dev.frontdesk.connector.sandbox.TelegramCustomer;
import dev.frontdesk.gateway.TestGateway;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Row O-06: a platform that takes connections and never answers. */
class SilentPlatformTest {

  private static final String BOT_TOKEN = "123:abc";
  private static final int CONVERSATIONS = 2;
  private static final int ROUNDS = 3;

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final FakePlatform platform =
      TestGateway.await(
          FakePlatform.start(vertx, Clock.systemUTC(), List.of(new TelegramApi(BOT_TOKEN))));

  @AfterEach
  void close() {
    TestGateway.await(vertx.close());
  }

  private DeskYaml yaml() {
    String settings =
        "botToken: '"
            + BOT_TOKEN
            + "', secretToken: s3cret, apiBaseUrl: '"
            + platform.url("telegram")
            + "'";
    return new DeskYaml()
        .line("outbox: { sendTimeout: 1s, firstRetry: 200ms, inFlight: " + CONVERSATIONS + " }")
        .channel("telegram", "{ connector: telegram, settings: { " + settings + " } }");
  }

  private static JsonNode assigned(Fleet fleet, String contact) {
    URI channel = fleet.node(0).url().resolve("/webhooks/acme/telegram");
    Fleet.Reply got =
        TestGateway.await(
            fleet.post(
                channel,
                new TelegramCustomer("s3cret")
                    .message(contact, "Ann", "hello", contact, Fleet.now())));
    assertThat(got.status()).isEqualTo(200);
    String id = fleet.conversationOf(contact).path("id").asText();
    return fleet
        .as("sue")
        .post("/api/v1/conversations/" + id + "/assign", Map.of("agent", "alice"))
        .body();
  }

  private static long unknown(Fleet fleet, List<JsonNode> conversations) {
    return conversations.stream()
        .flatMap(one -> fleet.messages(one.path("id").asText()).stream())
        .filter(message -> message.path("delivery").asText().equals("unknown"))
        .count();
  }

  @Test
  void o06_replyToASilentPlatform_isUnknownOnlyIfItWasCalled_andIsNotRepeated() {
    try (Fleet fleet = new Fleet(folder, 1, yaml())) {
      fleet.available("alice");
      List<JsonNode> conversations = new ArrayList<>();
      for (int i = 1; i <= CONVERSATIONS; i++) {
        conversations.add(assigned(fleet, "7" + i));
      }
      int all = CONVERSATIONS * ROUNDS;
      platform.inject("telegram", Fault.SILENCE, 10 * all);

      for (int round = 0; round < ROUNDS; round++) {
        for (JsonNode one : conversations) {
          String key = round + "-" + one.path("id").asText();
          assertThat(fleet.reply("alice", one, "good day " + round, key).status()).isEqualTo(201);
        }
      }

      Awaitility.await("all are decided")
          .atMost(Duration.ofSeconds(60))
          .until(() -> unknown(fleet, conversations) == all);
      assertThat(platform.callCount("telegram")).isEqualTo(all);
    }
  }
}
