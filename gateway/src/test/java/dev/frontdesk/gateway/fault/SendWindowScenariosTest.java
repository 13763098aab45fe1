// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.connector.sandbox.FakePlatform;
import dev.frontdesk.connector.sandbox.InboundSample;
import dev.frontdesk.connector.sandbox.PlatformApi;
import dev.frontdesk.connector.sandbox.WechatApi;
import dev.frontdesk.connector.sandbox.WechatCustomer;
import dev.frontdesk.gateway.TestGateway;
import dev.frontdesk.gateway.client.ApiClient;
import dev.frontdesk.gateway.socket.Peer;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What WeChat lets us send, between a bot on one gateway and a person on another: scenario 22. */
class SendWindowScenariosTest {

  private static final String TOKEN = "wechatToken";

  @TempDir Path folder;

  private static DeskYaml yaml(String api) {
    return new DeskYaml()
        .channel(
            "wechat",
            "{ connector: wechat-official, settings: { appId: wx1, appSecret: s, token: "
                + TOKEN
                + ", apiBaseUrl: \""
                + api
                + "\" }, acknowledgement: { text: { en: \"got it\" }, bots: true } }")
        .line(
            "bots: { faq: { token: "
                + TestGateway.token("faq")
                + ", channels: [wechat], replyTimeout: 60s } }");
  }

  private static JsonObject command(String type, String id, JsonObject told) {
    return new JsonObject()
        .put("type", type)
        .put("id", id)
        .put("conversation", told.getJsonObject("conversation").getString("id"))
        .put("epoch", told.getInteger("epoch"));
  }

  private static JsonObject reply(String id, JsonObject told, int contents) {
    JsonArray texts = new JsonArray();
    for (int n = 1; n <= contents; n++) {
      texts.add(new JsonObject().put("kind", "text").put("text", "bot " + n));
    }
    return command("reply", id, told).put("for", told.getString("cursor")).put("contents", texts);
  }

  private static Fleet.Reply webhook(Fleet fleet, int node, InboundSample sample) {
    return TestGateway.await(
        fleet.post(fleet.node(node).url().resolve("/webhooks/acme/wechat"), sample));
  }

  private static void awaitSent(FakePlatform platform, String... texts) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () ->
                assertThat(platform.sent("wechat"))
                    .extracting(PlatformApi.Sent::text)
                    .containsExactly(texts));
  }

  @Test
  void scenario22_quotaIsShown_theLastOneIsKeptForAPerson_theSixthNeverReachesThePlatform() {
    Vertx vertx = Vertx.vertx();
    WechatApi api = new WechatApi("wx1", "s");
    FakePlatform platform =
        TestGateway.await(FakePlatform.start(vertx, Clock.systemUTC(), List.of(api)));
    try (Fleet fleet = new Fleet(folder, 2, yaml(platform.url("wechat")))) {
      Peer bot =
          Peer.bot(
              fleet.vertx(), fleet.node(0).url().getPort(), "acme", TestGateway.token("faq"));
      fleet.available("alice");
      WechatCustomer customer = new WechatCustomer("wx1", TOKEN, null, api, 1);
      Instant wrote = Fleet.now();
      webhook(fleet, 1, customer.message("s22", "s22", "hello", "s22-1", wrote));
      JsonObject told = bot.next("message");

      JsonObject shown = told.getJsonObject("conversation").getJsonObject("sendWindow");
      assertThat(shown.getInteger("remaining")).as("the acknowledgement took one").isEqualTo(4);
      assertThat(Duration.between(wrote, Instant.parse(shown.getString("until"))))
          .isBetween(Duration.ofHours(47), Duration.ofHours(49));
      bot.send(reply("r1", told, 4));
      JsonObject refused = bot.next("error");
      assertThat(refused.getJsonObject("problem").getString("type"))
          .isEqualTo("urn:frontdesk:problem:send-window");
      bot.send(reply("r2", told, 2));
      bot.next("done");
      bot.send(command("handoff", "h1", told).put("reason", "asked"));
      bot.next("done");
      JsonNode mine = fleet.accept("alice", fleet.offers("alice", 1).get(0));
      assertThat(mine.path("sendWindow").path("remaining").asInt()).isEqualTo(2);
      assertThat(fleet.reply("alice", mine, "person 1", "s22-a").status()).isEqualTo(201);
      assertThat(fleet.reply("alice", mine, "person 2", "s22-b").status()).isEqualTo(201);
      awaitSent(platform, "got it", "bot 1", "bot 2", "person 1", "person 2");
      long calls = platform.callCount("wechat");

      ApiClient.Answer sixth = fleet.reply("alice", mine, "person 3", "s22-c");

      assertThat(sixth.status()).isEqualTo(422);
      assertThat(sixth.body().path("type").asText())
          .isEqualTo("urn:frontdesk:problem:send-window");
      JsonNode window = fleet.conversationOf("s22").path("sendWindow");
      assertThat(window.path("open").asBoolean()).isFalse();
      assertThat(window.path("remaining").asInt()).isZero();
      webhook(fleet, 0, customer.message("s22", "s22", "go on", "s22-2", Fleet.now()));
      assertThat(fleet.conversationOf("s22").path("sendWindow").path("remaining").asInt())
          .isEqualTo(5);
      assertThat(fleet.reply("alice", mine, "person 3", "s22-d").status()).isEqualTo(201);
      awaitSent(platform, "got it", "bot 1", "bot 2", "person 1", "person 2", "person 3");
      assertThat(platform.callCount("wechat")).as("refused before it was sent").isEqualTo(calls + 1);
    } finally {
      TestGateway.await(vertx.close());
    }
  }

  /** The platform closes it earlier than it said: the answer that was cut off is not an answer. */
  @Test
  void scenario22_windowThatThePlatformClosed_isShown_andThePromiseRunsOn() {
    Vertx vertx = Vertx.vertx();
    WechatApi api = new WechatApi("wx1", "s");
    FakePlatform platform =
        TestGateway.await(FakePlatform.start(vertx, Clock.systemUTC(), List.of(api)));
    DeskYaml yaml =
        new DeskYaml()
            .channel(
                "wechat",
                "{ connector: wechat-official, settings: { appId: wx1, appSecret: s, token: "
                    + TOKEN
                    + ", apiBaseUrl: \""
                    + platform.url("wechat")
                    + "\" } }");
    try (Fleet fleet = new Fleet(folder, 1, yaml)) {
      fleet.available("alice");
      WechatCustomer customer = new WechatCustomer("wx1", TOKEN, null, api, 1);
      webhook(fleet, 0, customer.message("s22-cut", "s22", "hello", "s22-cut-1", Fleet.now()));
      JsonNode mine = fleet.accept("alice", fleet.offers("alice", 1).get(0));
      JsonNode due = mine.path("clocks").path("firstResponse").path("dueAt");
      api.allow("s22-cut", 0, Fleet.now());

      assertThat(fleet.reply("alice", mine, "too late", "s22-cut").status()).isEqualTo(201);

      Awaitility.await("the platform refused it")
          .atMost(Duration.ofSeconds(10))
          .until(
              () ->
                  !fleet
                      .conversationOf("s22-cut")
                      .path("sendWindow")
                      .path("open")
                      .asBoolean());
      JsonNode clock = fleet.conversationOf("s22-cut").path("clocks").path("firstResponse");
      assertThat(clock.path("state").asText()).isEqualTo("running");
      assertThat(clock.path("dueAt")).isEqualTo(due);
      assertThat(fleet.reply("alice", mine, "again", "s22-again").status()).isEqualTo(422);
      assertThat(fleet.messages(mine.path("id").asText()))
          .extracting(m -> m.path("delivery").asText())
          .contains("failed");
      assertThat(platform.sentCount("wechat")).isZero();
    } finally {
      TestGateway.await(vertx.close());
    }
  }
}
