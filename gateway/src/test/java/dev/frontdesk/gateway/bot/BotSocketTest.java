// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.bot;

import static dev.frontdesk.gateway.socket.SocketFixture.TOKEN;
import static dev.frontdesk.gateway.store.redis.TestRedis.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.Message;
import dev.frontdesk.gateway.domain.Timer;
import dev.frontdesk.gateway.socket.Peer;
import dev.frontdesk.gateway.socket.SocketFixture;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.Scored;
import dev.frontdesk.gateway.store.Write;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bots over real sockets on the real store. */
class BotSocketTest {

  private final SocketFixture desk = new SocketFixture();

  @AfterEach
  void close() {
    desk.close();
  }

  @Test
  void message_isTold_acknowledged_andAnswered() {
    Peer bot = bot(desk.node());
    Conversation.Id id = desk.customerWrites("asked", "c1", "hello");

    JsonObject told = bot.next("message");
    bot.send(ack(told)).send(reply("r1", told, "hi", "there"));

    assertThat(bot.next("done").getString("for")).isEqualTo("r1");
    assertThat(told.getJsonObject("conversation").getString("id")).isEqualTo(id.value());
    assertThat(told.getJsonObject("conversation").getString("state")).isEqualTo("bot");
    assertThat(told.getInteger("epoch")).isEqualTo((int) desk.conversation(id).epoch());
    assertThat(told.getString("cursor")).matches("[A-Za-z0-9._~-]+");
    assertThat(desk.messages(id))
        .extracting(m -> m.content().text())
        .containsExactly("hello", "hi", "there");
    assertThat(frames()).isEmpty();
  }

  @Test
  void token_comesInTheFirstFrameToo() {
    Peer bot = Peer.bot(desk.vertx, desk.node().port(), desk.id, null);
    bot.send(new JsonObject().put("type", "auth").put("token", TOKEN));
    desk.customerWrites("asked", "c1", "hello");

    assertThat(bot.next("message").getJsonObject("message").getInteger("seq")).isEqualTo(1);
  }

  @Test
  void stranger_isClosedUnauthorised() {
    int port = desk.node(quick()).port();

    assertThat(Peer.bot(desk.vertx, port, desk.id, "wrong").closeCode()).isEqualTo(4401);
    assertThat(Peer.bot(desk.vertx, port, "nowhere", TOKEN).closeCode()).isEqualTo(4401);
    Peer wrong = Peer.bot(desk.vertx, port, desk.id, null);
    wrong.send("{\"type\":\"auth\",\"token\":\"wrong\"}");
    assertThat(wrong.closeCode()).isEqualTo(4401);
    Peer silent = Peer.bot(desk.vertx, port, desk.id, null);
    assertThat(silent.closeCode()).isEqualTo(4401);
    Peer rude = Peer.bot(desk.vertx, port, desk.id, null);
    rude.send("{\"type\":\"ack\",\"cursor\":\"x~1\"}");
    assertThat(rude.closeCode()).isEqualTo(4401);
  }

  @Test
  void token_takenAway_endsTheSocketWithinASecond() {
    Peer bot = bot(desk.node());
    desk.customerWrites("asked", "c1", "hello");
    bot.next("message");
    long before = System.nanoTime();

    desk.revoked.add(TOKEN);

    assertThat(bot.closeCode()).isEqualTo(4401);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
  }

  @Test
  void frames_notAcknowledged_comeAgainOnConnect() { // scenario 10
    SocketFixture.Node node = desk.node();
    Peer first = bot(node);
    Conversation.Id id = desk.customerWrites("asked", "c1", "one");
    desk.customerWrites("asked", "c1", "two");
    desk.customerWrites("asked", "c1", "three");
    first.next("message");
    JsonObject second = first.next("message");
    first.next("message");
    first.send(ack(second));
    await().untilAsserted(() -> assertThat(frames()).containsExactly(id + " 1", id + " 3"));
    first.close();

    Peer again = bot(node);

    assertThat(seq(again.next("message"))).isEqualTo(1);
    assertThat(seq(again.next("message"))).isEqualTo(3);
  }

  @Test
  void reply_repeated_isAppliedOnce() {
    Peer bot = bot(desk.node());
    Conversation.Id id = desk.customerWrites("asked", "c1", "hello");
    JsonObject told = bot.next("message");

    bot.send(reply("r1", told, "hi")).send(reply("r1", told, "hi"));
    bot.next("done");
    bot.next("done");
    bot.send(reply("r1", told, "something else"));

    JsonObject error = bot.next("error");
    assertThat(error.getString("for")).isEqualTo("r1");
    assertThat(error.getJsonObject("problem").getInteger("status")).isEqualTo(422);
    assertThat(desk.messages(id)).hasSize(2);
  }

  @Test
  void reply_afterHandOff_isRefusedAndKeptAsNote() { // scenario 9, A-17
    Peer bot = bot(desk.node());
    Conversation.Id id = desk.customerWrites("asked", "c1", "hello");
    JsonObject told = bot.next("message");

    bot.send(handOff("h1", told)).send(reply("r1", told, "too late"));

    assertThat(bot.next("done").getString("for")).isEqualTo("h1");
    JsonObject error = bot.next("error");
    assertThat(error.getJsonObject("problem").getString("type"))
        .isEqualTo("urn:frontdesk:problem:not-owner");
    assertThat(bot.next("released").getString("conversation")).isEqualTo(id.value());
    assertThat(desk.messages(id))
        .filteredOn(m -> m.direction() == Message.Direction.OUTBOUND)
        .isEmpty();
    assertThat(desk.messages(id))
        .filteredOn(m -> m.direction() == Message.Direction.NOTE)
        .extracting(m -> m.content().text())
        .contains("too late");
    assertThat(desk.conversation(id).stage()).isEqualTo(Conversation.Stage.WAITING);
    await()
        .untilAsserted(
            () -> assertThat(await(desk.store.hashAll(desk.keys.botPins("faq")))).isEmpty());
  }

  @Test
  void reply_refused_isRefusedTheSameAgain_andItsIdStaysTaken() {
    Peer bot = bot(desk.node());
    Conversation.Id id = desk.customerWrites("asked", "c1", "hello");
    JsonObject told = bot.next("message");
    JsonObject stale = reply("r1", told, "stale").put("epoch", 99);

    bot.send(stale).send(stale);
    JsonObject first = bot.next("error");
    JsonObject again = bot.next("error");
    bot.send(reply("r1", told, "another"));

    assertThat(again).isEqualTo(first);
    assertThat(bot.next("error").getJsonObject("problem").getInteger("status")).isEqualTo(422);
    assertThat(desk.messages(id))
        .extracting(m -> m.content().text())
        .containsExactly("hello", "stale");
  }

  @Test
  void reply_toAFrameThatHasOne_isRefused_butItsRepeatIsNot() {
    Peer bot = bot(desk.node());
    Conversation.Id id = desk.customerWrites("asked", "c1", "hello");
    JsonObject told = bot.next("message");

    bot.send(reply("r1", told, "hi"));
    assertThat(bot.next("done").getString("for")).isEqualTo("r1");
    bot.send(reply("r2", told, "hi again"));
    JsonObject error = bot.next("error");
    bot.send(reply("r1", told, "hi"));

    assertThat(error.getString("for")).isEqualTo("r2");
    assertThat(error.getJsonObject("problem").getString("type"))
        .isEqualTo("urn:frontdesk:problem:already-answered");
    assertThat(bot.next("done").getString("for")).isEqualTo("r1");
    assertThat(desk.messages(id)).hasSize(2);
  }

  @Test
  void conversations_onTwoNodes_goToOneSessionEach() {
    SocketFixture.Node one = desk.node();
    SocketFixture.Node two = desk.node();
    List<Peer> bots = List.of(bot(one), bot(one), bot(two), bot(two));
    int conversations = 60;
    for (int i = 0; i < conversations; i++) {
      desk.customerWrites("asked", "c" + i, "hello");
    }

    await().until(() -> bots.stream().mapToInt(bot -> bot.frames.size()).sum() >= conversations);
    await().during(Duration.ofMillis(1_500)).atMost(Duration.ofSeconds(4)).until(() -> true);

    Map<String, Integer> tellers = new HashMap<>();
    for (int i = 0; i < bots.size(); i++) {
      for (JsonObject told : bots.get(i).frames) {
        String id = told.getJsonObject("conversation").getString("id");
        assertThat(tellers.put(id, i)).as(id).isNull();
      }
    }
    assertThat(tellers).hasSize(conversations);
    assertThat(new HashSet<>(tellers.values())).hasSizeGreaterThan(1);
    JsonObject foreign = bots.get(0).frames.get(0);
    bots.get(2).send(reply("r1", foreign, "not mine"));
    assertThat(bots.get(2).next("error").getJsonObject("problem").getString("type"))
        .isEqualTo("urn:frontdesk:problem:stale-session");
  }

  @Test
  void session_whoseNodeDied_losesItsConversationToAnother() {
    Peer dead = bot(desk.node());
    Conversation.Id id = desk.customerWrites("asked", "c1", "hello");
    JsonObject told = dead.next("message");
    String session = await(desk.store.hashGet(desk.keys.botPins("faq"), id.value()));
    commit(new Write.HashSet(desk.keys.botSessions("faq"), "s:" + session, "1 1"));

    Peer heir = bot(desk.node());
    JsonObject again = heir.next("message");
    heir.send(reply("r1", again, "mine now"));
    dead.send(reply("r2", told, "still here"));

    assertThat(heir.next("done").getString("for")).isEqualTo("r1");
    JsonObject error = dead.next("error");
    assertThat(error.getString("for")).isEqualTo("r2");
    assertThat(error.getJsonObject("problem").getString("type"))
        .isEqualTo("urn:frontdesk:problem:stale-session");
    assertThat(desk.messages(id)).hasSize(2);
  }

  @Test
  void sessions_beyondTheBound_replaceTheOldest() {
    SocketFixture.Node node = desk.node();
    Peer first = bot(node);
    await().until(() -> sessions().size() == 1);
    for (int i = 0; i < BotSessions.MOST; i++) {
      bot(node);
    }

    assertThat(first.closeCode()).isEqualTo(4409);
  }

  @Test
  void bot_lost_handsOverToPeople() {
    Peer bot = bot(desk.node());
    Conversation.Id id = desk.customerWrites("asked", "c1", "hello");
    bot.next("message");
    assertThat(timers()).hasSize(1);
    bot.close();
    await().until(() -> sessions().isEmpty());
    Scored armed = timers().get(0);

    await().until(() -> desk.store.clock("acme").now().toEpochMilli() > armed.score());
    await(desk.sessions.lost(desk.workspace, "faq", Timer.parse(armed.member()).generation()));

    assertThat(desk.conversation(id).stage()).isEqualTo(Conversation.Stage.WAITING);
    assertThat(timers()).isEmpty();
    assertThat(await(desk.store.hashAll(desk.keys.botPins("faq")))).isEmpty();
    await(desk.sessions.lost(desk.workspace, "faq", Timer.parse(armed.member()).generation()));
    assertThat(desk.messages(id))
        .filteredOn(m -> m.direction() == Message.Direction.INBOUND)
        .hasSize(1);
  }

  @Test
  void bot_backWithinTheGrace_keepsItsConversations() { // scenario 10
    SocketFixture.Node node = desk.node();
    Peer bot = bot(node);
    Conversation.Id id = desk.customerWrites("asked", "c1", "hello");
    bot.next("message");
    bot.close();
    await().until(() -> sessions().isEmpty());
    int before = Timer.parse(timers().get(0).member()).generation();
    Peer again = bot(node);
    JsonObject told = again.next("message");

    await(desk.sessions.lost(desk.workspace, "faq", before));
    int now = Timer.parse(timers().get(0).member()).generation();
    await(desk.sessions.lost(desk.workspace, "faq", now));

    assertThat(now).isGreaterThan(before);
    assertThat(desk.conversation(id).stage()).isEqualTo(Conversation.Stage.BOT);
    again.send(reply("r1", told, "back"));
    assertThat(again.next("done").getString("for")).isEqualTo("r1");
  }

  @Test
  void frames_thatAreNone_areNamed() {
    Peer bot = bot(desk.node());
    desk.customerWrites("asked", "c1", "hello");
    JsonObject told = bot.next("message");

    for (String bad :
        List.of(
            "",
            "[]",
            "{",
            "nonsense",
            "{\"type\":\"dance\",\"id\":\"x1\"}",
            "{\"id\":\"x1\"}",
            "{\"type\":\"ack\"}",
            "{\"type\":\"ack\",\"cursor\":\"no cursor\"}",
            "{\"type\":\"ack\",\"cursor\":\"abc\"}",
            "{\"type\":\"ack\",\"cursor\":\"abc~1\",\"more\":1}",
            "{\"type\":\"reply\",\"id\":\"x1\"}",
            reply("x1", told, "a").put("epoch", "1").encode(),
            reply("x1", told, "a").put("contents", new JsonArray()).encode(),
            reply("x1", told, "a").put("unknown", 1).encode(),
            handOff("x1", told).put("queue", "nowhere").encode(),
            handOff("x1", told).put("skills", new JsonObject().put("a", 99)).encode(),
            "[".repeat(10_000))) {
      bot.send(bad);
      JsonObject error = bot.next("error");
      assertThat(error.getJsonObject("problem").getInteger("status")).as(bad).isIn(400, 422);
      assertThat(error.getString("for")).as(bad).isEqualTo(bad.contains("x1") ? "x1" : null);
    }
    bot.send(reply("r1", told, "still open"));
    assertThat(bot.next("done").getString("for")).isEqualTo("r1");
  }

  @Test
  void drain_closesGoingAway_andTheTimerStands() {
    SocketFixture.Node node = desk.node();
    Peer bot = bot(node);
    await().until(() -> sessions().size() == 1);

    await(node.bots().drain());

    assertThat(bot.closeCode()).isEqualTo(1001);
    await().until(() -> sessions().isEmpty());
    assertThat(timers()).hasSize(1);
  }

  private Peer bot(SocketFixture.Node node) {
    return Peer.bot(desk.vertx, node.port(), desk.id, TOKEN);
  }

  private static dev.frontdesk.gateway.socket.SocketLimits quick() {
    return new dev.frontdesk.gateway.socket.SocketLimits(
        262_144, 16, 64, 2_000, Duration.ofSeconds(20), Duration.ofMillis(150));
  }

  private List<String> frames() {
    return await(desk.store.sorted(desk.keys.botFrames("faq"), 0, -1)).stream()
        .map(Scored::member)
        .toList();
  }

  private List<Scored> timers() {
    return await(desk.store.sorted(desk.keys.timers(), 0, -1)).stream()
        .filter(timer -> timer.member().startsWith("z:"))
        .toList();
  }

  private Set<String> sessions() {
    Set<String> fields =
        new HashSet<>(await(desk.store.hashAll(desk.keys.botSessions("faq"))).keySet());
    fields.remove("gen");
    return fields;
  }

  private void commit(Write write) {
    await(
        desk.store.commit(
            Commit.of(desk.id, desk.store.clock("acme").now(), Commit.Urgency.RELEASING)
                .write(write)
                .build()));
  }

  private static int seq(JsonObject told) {
    return told.getJsonObject("message").getInteger("seq");
  }

  private static JsonObject ack(JsonObject told) {
    return new JsonObject().put("type", "ack").put("cursor", told.getString("cursor"));
  }

  private static JsonObject reply(String id, JsonObject told, String... texts) {
    JsonArray contents = new JsonArray();
    for (String text : texts) {
      contents.add(new JsonObject().put("kind", "text").put("text", text));
    }
    return command("reply", id, told)
        .put("for", told.getString("cursor"))
        .put("contents", contents);
  }

  private static JsonObject handOff(String id, JsonObject told) {
    return command("handoff", id, told)
        .put("reason", "not in the book")
        .put("summary", "a question");
  }

  private static JsonObject command(String type, String id, JsonObject told) {
    return new JsonObject()
        .put("type", type)
        .put("id", id == null ? UUID.randomUUID().toString() : id)
        .put("conversation", told.getJsonObject("conversation").getString("id"))
        .put("epoch", told.getInteger("epoch"));
  }
}
