// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.chat;

import static dev.frontdesk.gateway.store.redis.TestRedis.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.gateway.conversation.Outcome;
import dev.frontdesk.gateway.domain.Author;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.socket.Peer;
import dev.frontdesk.gateway.socket.SocketFixture;
import dev.frontdesk.gateway.socket.SocketLimits;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Visitors over real sockets on the real store. */
class VisitorSocketTest {

  private final SocketFixture desk = new SocketFixture();

  @AfterEach
  void close() {
    desk.close();
  }

  @Test
  void message_isStoredOnce_howeverOftenItComes() {
    SocketFixture.Node node = desk.node();
    Peer visitor = visitor(node, "asked");
    JsonObject session = hello(visitor, new JsonObject());
    visitor.send(message("m1", "hello")).send(message("m1", "hello")).send(message("m2", "again"));

    assertThat(stored(visitor, "m1")).isEqualTo(1);
    assertThat(stored(visitor, "m1")).isEqualTo(1);
    assertThat(stored(visitor, "m2")).isEqualTo(2);
    visitor.close();
    Peer later = visitor(desk.node(), "asked");
    hello(later, resume(session, 2));
    later.send(message("m1", "hello"));

    assertThat(stored(later, "m1")).isEqualTo(1);
    assertThat(session.getString("session")).matches("[A-Za-z0-9_-]{22}");
    assertThat(session.getString("token")).hasSizeGreaterThanOrEqualTo(22);
    assertThat(desk.messages(conversation(session.getString("session")))).hasSize(2);
  }

  @Test
  void answers_arrive_andAfterAReconnectThoseThatWereMissed() {
    SocketFixture.Node node = desk.node();
    Peer visitor = visitor(node, "asked");
    JsonObject session = hello(visitor, new JsonObject());
    visitor.send(message("m1", "hello"));
    stored(visitor, "m1");
    Conversation.Id id = conversation(session.getString("session"));
    answer(id, "first");
    JsonObject first = visitor.next("message").getJsonObject("message");
    visitor.close();
    answer(id, "second");
    answer(id, "third");

    Peer back = visitor(desk.node(), "asked");
    hello(back, resume(session, first.getInteger("seq")));

    assertThat(first.getJsonObject("content").getString("text")).isEqualTo("first");
    assertThat(first.getJsonObject("author").getString("kind")).isEqualTo("bot");
    assertThat(text(back.next("message"))).isEqualTo("second");
    assertThat(text(back.next("message"))).isEqualTo("third");
    answer(id, "fourth");
    assertThat(text(back.next("message"))).isEqualTo("fourth");
    assertThat(back.frames).isEmpty();
  }

  @Test
  void page_loadedAgain_getsTheWholeConversation() {
    SocketFixture.Node node = desk.node();
    Peer visitor = visitor(node, "asked");
    JsonObject session = hello(visitor, new JsonObject());
    for (int i = 1; i <= 150; i++) {
      visitor.send(message("m" + i, "text " + i));
      stored(visitor, "m" + i);
    }
    visitor.close();

    Peer back = visitor(node, "asked");
    hello(back, resume(session, 0));

    for (int i = 1; i <= 150; i++) {
      assertThat(text(back.next("message"))).isEqualTo("text " + i);
    }
  }

  @Test
  void position_isToldWhileItWaits_whereAnAcknowledgementIsSent() {
    SocketFixture.Node node = desk.node();
    Peer first = visitor(node, "told");
    hello(first, new JsonObject());
    first.send(message("m1", "hello"));
    assertThat(first.next("position").getInteger("ahead")).isZero();
    assertThat(text(first.next("message"))).startsWith("by ");

    Peer second = visitor(node, "told");
    JsonObject session = hello(second, new JsonObject());
    second.send(message("m1", "hello")).send(message("m2", "hello?"));

    assertThat(second.next("position"))
        .isEqualTo(
            new JsonObject().put("type", "position").put("ahead", 1).putNull("estimateSeconds"));
    assertThat(text(second.next("message"))).startsWith("by ");
    Conversation.Id id = conversation("told", session.getString("session"));
    assertThat(desk.messages(id)).hasSize(3);
    assertThat(second.frames.stream().map(f -> f.getString("type"))).doesNotContain("position");
  }

  @Test
  void promise_isToldWhenTheClockStarts() {
    Peer visitor = visitor(desk.node(), "site");
    JsonObject session = hello(visitor, new JsonObject());
    visitor.send(message("m1", "hello"));

    JsonObject again = visitor.next("session");

    assertThat(session.containsKey("promise")).isFalse();
    Instant by = Instant.parse(again.getJsonObject("promise").getString("firstResponseBy"));
    assertThat(by)
        .isEqualTo(
            desk.conversation(conversation("site", again.getString("session"))).clock().dueAt());
  }

  @Test
  void identity_ofTheSite_isTheContact() {
    SocketFixture.Node node = desk.node();
    Peer visitor = visitor(node, "asked");
    String identity = desk.webchat.passes().identity("customer 42");
    hello(visitor, new JsonObject().put("identity", identity).put("name", "Ana"));
    visitor.send(message("m1", "hello"));
    stored(visitor, "m1");
    Peer other = visitor(node, "asked");

    hello(other, new JsonObject().put("identity", identity).put("seen", 0));

    assertThat(text(other.next("message"))).isEqualTo("hello");
    assertThat(desk.conversation(conversation("customer 42")).contactName()).isEqualTo("Ana");
  }

  @Test
  void stranger_isClosedUnauthorised() {
    SocketLimits hasty =
        new SocketLimits(262_144, 16, 64, 200, Duration.ofSeconds(20), Duration.ofMillis(150));
    SocketFixture.Node node = desk.node(hasty);
    String session = desk.webchat.passes().newSession();
    String token = desk.webchat.passes().token(session);

    for (JsonObject forged :
        List.of(
            new JsonObject().put("session", session).put("token", "x".repeat(43)),
            new JsonObject().put("session", session),
            new JsonObject().put("token", token),
            new JsonObject().put("session", desk.webchat.passes().newSession()).put("token", token),
            new JsonObject().put("identity", "customer 42"),
            new JsonObject().put("identity", "customer 42." + "0".repeat(64)))) {
      Peer visitor = visitor(node, "site");
      visitor.send(forged.put("type", "hello"));
      assertThat(visitor.next("error").getJsonObject("problem").getInteger("status"))
          .isEqualTo(401);
      assertThat(visitor.closeCode()).as(forged.encode()).isEqualTo(4401);
    }
    assertThat(visitor(node, "site").closeCode()).isEqualTo(4401);
  }

  @Test
  void page_ofAnotherOrigin_isRefusedBeforeTheUpgrade() {
    SocketFixture.Node node = desk.node();

    assertThatThrownBy(() -> from(node, "site", "https://evil.example"))
        .isInstanceOfSatisfying(
            UpgradeRejectedException.class,
            refused -> assertThat(refused.getStatus()).isEqualTo(403));
    assertThatThrownBy(() -> from(node, "site", "null"))
        .isInstanceOfSatisfying(
            UpgradeRejectedException.class,
            refused -> assertThat(refused.getStatus()).isEqualTo(403));
    assertThatThrownBy(() -> from(node, "nowhere", "https://shop.example.com"))
        .isInstanceOfSatisfying(
            UpgradeRejectedException.class,
            refused -> assertThat(refused.getStatus()).isEqualTo(404));
    hello(from(node, "site", "https://shop.example.com"), new JsonObject());
  }

  @Test
  void frames_thatAreNone_areNamed() {
    Peer visitor = visitor(desk.node(), "site");
    visitor.send(message("m0", "before hello"));
    assertThat(visitor.next("error").getString("for")).isEqualTo("m0");
    hello(visitor, new JsonObject());

    for (String bad :
        List.of(
            "nonsense",
            "{\"type\":\"hello\"}",
            "{\"type\":\"dance\"}",
            "{\"type\":\"message\"}",
            "{\"type\":\"message\",\"id\":\"m 1\",\"text\":\"a\"}",
            "{\"type\":\"message\",\"id\":\"m1\"}",
            "{\"type\":\"message\",\"id\":\"m1\",\"text\":7}",
            "{\"type\":\"message\",\"id\":\"m1\",\"text\":\"\"}",
            "{\"type\":\"message\",\"id\":\"m1\",\"text\":\"a\",\"content\":{}}",
            "{\"type\":\"message\",\"id\":\"m1\",\"content\":{\"kind\":\"image\",\"url\":\"x\"}}",
            "{\"type\":\"message\",\"id\":\"m1\",\"text\":\"" + "x".repeat(10_001) + "\"}",
            "{\"type\":\"typing\",\"more\":1}",
            "{\"type\":\"rate\",\"stars\":5}")) {
      visitor.send(bad);
      assertThat(visitor.next("error").getJsonObject("problem").getInteger("status"))
          .as(bad)
          .isIn(400, 422);
    }
    visitor.send("{\"type\":\"typing\"}").send(message("m1", "still open"));
    assertThat(stored(visitor, "m1")).isEqualTo(1);
  }

  @Test
  void flood_isClosedForPolicy() {
    SocketLimits slow =
        new SocketLimits(262_144, 16, 64, 20, Duration.ofSeconds(20), Duration.ofSeconds(5));
    Peer visitor = visitor(desk.node(slow), "site");
    hello(visitor, new JsonObject());

    for (int i = 0; i < 200; i++) {
      visitor.socket().writeTextMessage("{\"type\":\"typing\"}").onFailure(closed -> {});
    }

    assertThat(visitor.closeCode()).isEqualTo(1008);
  }

  @Test
  void store_thatRefuses_isToldAndTheVisitorTriesAgain() {
    Peer visitor = visitor(desk.node(), "site");
    hello(visitor, new JsonObject());
    visitor.send(message("m1", "x".repeat(9_999)));
    assertThat(stored(visitor, "m1")).isEqualTo(1);
    visitor.send(
        new JsonObject()
            .put("type", "message")
            .put("id", "m2")
            .put("content", new JsonObject().put("kind", "chosen").put("id", "1")));
    assertThat(stored(visitor, "m2")).isEqualTo(2);
  }

  @Test
  void drain_closesGoingAway_andTakesNoMore() {
    SocketFixture.Node node = desk.node();
    Peer visitor = visitor(node, "site");
    hello(visitor, new JsonObject());

    await(node.visitors().drain());

    assertThat(visitor.closeCode()).isEqualTo(1001);
    assertThatThrownBy(() -> visitor(node, "site"))
        .isInstanceOfSatisfying(
            UpgradeRejectedException.class,
            refused -> assertThat(refused.getStatus()).isEqualTo(503));
  }

  private Peer visitor(SocketFixture.Node node, String channel) {
    return Peer.visitor(desk.vertx, node.port(), desk.id, channel);
  }

  private Peer from(SocketFixture.Node node, String channel, String origin) {
    return Peer.connect(
        desk.vertx,
        Peer.options(node.port(), "/chat/" + desk.id + "/" + channel)
            .setAllowOriginHeader(true)
            .putHeader("Origin", origin));
  }

  private static JsonObject hello(Peer visitor, JsonObject more) {
    visitor.send(more.put("type", "hello"));
    return visitor.next("session");
  }

  private static JsonObject resume(JsonObject session, int seen) {
    return new JsonObject()
        .put("session", session.getString("session"))
        .put("token", session.getString("token"))
        .put("seen", seen);
  }

  private static JsonObject message(String id, String text) {
    return new JsonObject().put("type", "message").put("id", id).put("text", text);
  }

  private static int stored(Peer visitor, String id) {
    return visitor
        .next(f -> "stored".equals(f.getString("type")) && id.equals(f.getString("id")), "stored")
        .getInteger("seq");
  }

  private static String text(JsonObject told) {
    return told.getJsonObject("message").getJsonObject("content").getString("text");
  }

  private Conversation.Id conversation(String contact) {
    return conversation("asked", contact);
  }

  private Conversation.Id conversation(String channel, String contact) {
    return new Conversation.Id(
        await(
            desk.store.get(
                desk.keys
                    .pointer(new dev.frontdesk.gateway.domain.ContactKey(channel, contact, null))
                    .key())));
  }

  private void answer(Conversation.Id id, String text) {
    Outcome outcome =
        await(
            desk.conversations.apply(
                desk.workspace,
                id,
                new ConversationEvent.Reply(
                    Author.bot("faq"),
                    desk.conversation(id).epoch(),
                    List.of(new MessageContent.Text(text)),
                    null),
                null));
    assertThat(outcome).isInstanceOf(Outcome.Applied.class);
  }
}
