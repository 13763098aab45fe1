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
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What WeChat lets us send, between a bot on one gateway and a person on another: scenario 22. */
class SendWindowScenariosTest {

  private static final String TOKEN = "wechatToken";

  @TempDir static Path folder;
  private static final WechatApi API = new WechatApi("wx1", "s");
  private static Vertx vertx;
  private static FakePlatform platform;
  private static Fleet fleet;

  private final WechatCustomer customer = new WechatCustomer("wx1", TOKEN, null, API, 1);

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
    platform = TestGateway.await(FakePlatform.start(vertx, Clock.systemUTC(), List.of(API)));
    fleet =
        new Fleet(
            folder,
            2,
            new DeskYaml()
                .operator("olga")
                .channel(
                    "wechat", channel(", acknowledgement: { text: { en: got it }, bots: true }"))
                .channel("plain", channel(""))
                .line(
                    "bots: { faq: { token: "
                        + TestGateway.token("faq")
                        + ", channels: [wechat], replyTimeout: 60s } }"));
    fleet.available("alice");
  }

  @AfterAll
  static void stop() {
    fleet.close();
    TestGateway.await(vertx.close());
  }

  private static String channel(String more) {
    return "{ connector: wechat-official, settings: { appId: wx1, appSecret: s, token: "
        + TOKEN
        + ", apiBaseUrl: \""
        + platform.url("wechat")
        + "\" }"
        + more
        + " }";
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

  private void writes(String channel, int node, String contact, String id) {
    InboundSample sample = customer.message(contact, contact, "hello", id, Fleet.now());
    Fleet.Reply reply =
        TestGateway.await(
            fleet.post(fleet.node(node).url().resolve("/webhooks/acme/" + channel), sample));
    assertThat(reply.status()).isEqualTo(200);
  }

  private static List<String> sent(String contact) {
    return platform.sent("wechat").stream()
        .filter(sent -> sent.contact().equals(contact))
        .map(PlatformApi.Sent::text)
        .toList();
  }

  private static void awaitSent(String contact, String... texts) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(sent(contact)).containsExactly(texts));
  }

  private static JsonNode window(String contact) {
    return fleet.conversationOf(contact).path("sendWindow");
  }

  private static String problem(JsonNode body) {
    return body.path("type").asText().replace("urn:frontdesk:problem:", "");
  }

  @Test
  void scenario22_quotaIsShown_theLastOneIsKeptForAPerson_theSixthNeverReachesThePlatform() {
    Peer bot =
        Peer.bot(fleet.vertx(), fleet.node(0).url().getPort(), "acme", TestGateway.token("faq"));
    Instant wrote = Fleet.now();
    writes("wechat", 1, "s22", "s22-1");
    JsonObject told = bot.next("message");
    JsonObject shown = told.getJsonObject("conversation").getJsonObject("sendWindow");
    assertThat(shown.getInteger("remaining")).as("the acknowledgement took one").isEqualTo(4);
    assertThat(Duration.between(wrote, Instant.parse(shown.getString("until"))))
        .isBetween(Duration.ofHours(47), Duration.ofHours(49));

    bot.send(reply("r1", told, 4));
    assertThat(bot.next("error").getJsonObject("problem").getString("type"))
        .as("the last one is not for a machine")
        .isEqualTo("urn:frontdesk:problem:send-window");
    bot.send(reply("r2", told, 2));
    bot.next("done");
    bot.send(command("handoff", "h1", told).put("reason", "asked"));
    bot.next("done");
    JsonNode mine = fleet.accept("alice", fleet.offers("alice", 1).get(0));
    assertThat(mine.path("sendWindow").path("remaining").asInt()).isEqualTo(2);
    assertThat(fleet.reply("alice", mine, "person 1", "s22-a").status()).isEqualTo(201);
    assertThat(fleet.reply("alice", mine, "person 2", "s22-b").status()).isEqualTo(201);
    awaitSent("s22", "got it", "bot 1", "bot 2", "person 1", "person 2");
    ApiClient.Answer sixth = fleet.reply("alice", mine, "person 3", "s22-c");

    assertThat(sixth.status()).isEqualTo(422);
    assertThat(problem(sixth.body())).isEqualTo("send-window");
    assertThat(window("s22").path("open").asBoolean()).isFalse();
    assertThat(window("s22").path("remaining").asInt()).isZero();
    long calls = platform.callCount("wechat");
    writes("wechat", 0, "s22", "s22-2");
    assertThat(window("s22").path("remaining").asInt()).isEqualTo(5);
    assertThat(fleet.reply("alice", mine, "person 4", "s22-d").status()).isEqualTo(201);
    awaitSent("s22", "got it", "bot 1", "bot 2", "person 1", "person 2", "person 4");
    assertThat(platform.callCount("wechat")).as("the sixth never left").isEqualTo(calls + 1);
  }

  /** The platform closes it earlier than it said: what was cut off is no answer. */
  @Test
  void scenario22_windowThatThePlatformClosed_isUnreachable_withAnAlternative_andTheWaitStands() {
    writes("plain", 0, "s22-cut", "s22-cut-1");
    JsonNode mine = fleet.accept("alice", fleet.offers("alice", 1).get(0));
    JsonNode due = mine.path("clocks").path("firstResponse").path("dueAt");
    API.allow("s22-cut", 0, Fleet.now());
    String cursor = fleet.snapshot("alice").path("cursor").asText();

    assertThat(fleet.reply("alice", mine, "too late", "s22-cut").status()).isEqualTo(201);
    Awaitility.await("the platform refused it")
        .atMost(Duration.ofSeconds(10))
        .until(() -> !window("s22-cut").path("open").asBoolean());

    JsonNode clock = fleet.conversationOf("s22-cut").path("clocks").path("firstResponse");
    assertThat(clock.path("state").asText()).isEqualTo("paused");
    assertThat(clock.path("dueAt")).isEqualTo(due);
    assertThat(clock.path("remainingMs").asLong()).isPositive();
    assertThat(fleet.reply("alice", mine, "again", "s22-again").status()).isEqualTo(422);
    assertThat(fleet.messages(mine.path("id").asText()))
        .extracting(m -> m.path("delivery").asText())
        .contains("failed");
    assertThat(sent("s22-cut")).isEmpty();
    String id = mine.path("id").asText();
    assertThat(read("sue", "/api/v1/conversations/" + id + "/events").path("events"))
        .extracting(line -> line.path("what").asText())
        .contains("unreachable-by-channel");
    assertThat(read("alice", "/api/v1/agent/conversations?wait=0&cursor=" + cursor).path("changes"))
        .extracting(change -> change.path("reason").asText())
        .contains("unreachable-by-channel");
    JsonArray identities =
        new JsonArray()
            .add(identity("plain", "s22-cut"))
            .add(identity("hook", "s22-elsewhere"))
            .add(identity("wechat", "s22-other"));
    String body = new JsonObject().put("identities", identities).encode();
    String path = "/api/v1/customers/c-22";
    assertThat(TestGateway.await(fleet.call("olga", HttpMethod.PUT, path, body)).status())
        .isEqualTo(200);
    JsonNode unreachable =
        read("alice", "/api/v1/conversations/" + id).path("unreachableByChannel");
    assertThat(unreachable.path("cause").asText()).isEqualTo("quota");
    assertThat(unreachable.path("alternatives"))
        .extracting(one -> one.path("channel").asText() + "/" + one.path("externalId").asText())
        .containsExactlyInAnyOrder("hook/s22-elsewhere", "wechat/s22-other");
  }

  private static JsonObject identity(String channel, String externalId) {
    return new JsonObject().put("channel", channel).put("externalId", externalId);
  }

  private static JsonNode read(String who, String path) {
    ApiClient.Answer answer = fleet.as(who).get(path);
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    return answer.body();
  }
}
