// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.gateway.TestGateway;
import dev.frontdesk.gateway.socket.Peer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bot on one gateway, people on another, one real Redis: scenarios 9 and 10. */
class BotScenariosTest {

  @TempDir Path folder;
  private @Nullable Fleet opened;

  private Fleet fleet(String lostGrace) {
    return fleet("replyTimeout: 60s, lostGrace: " + lostGrace, "4h");
  }

  private Fleet fleet(String bot, String firstResponse) {
    DeskYaml yaml =
        new DeskYaml()
            .line(
                "bots: { faq: { token: "
                    + TestGateway.token("faq")
                    + ", channels: [hook], "
                    + bot
                    + " } }")
            .firstResponse(firstResponse);
    Fleet fleet = new Fleet(folder, 2, yaml);
    opened = fleet;
    return fleet;
  }

  @AfterEach
  void stop() {
    if (opened != null) {
      opened.close();
    }
  }

  private static Peer bot(Fleet fleet, int node) {
    int port = fleet.node(node).url().getPort();
    return Peer.bot(fleet.vertx(), port, "acme", TestGateway.token("faq"));
  }

  private static JsonObject command(String type, String id, JsonObject told) {
    return new JsonObject()
        .put("type", type)
        .put("id", id)
        .put("conversation", told.getJsonObject("conversation").getString("id"))
        .put("epoch", told.getInteger("epoch"));
  }

  private static JsonObject reply(String id, JsonObject told, String text) {
    return command("reply", id, told)
        .put("for", told.getString("cursor"))
        .put(
            "contents",
            new JsonArray().add(new JsonObject().put("kind", "text").put("text", text)));
  }

  private static JsonObject handOff(String id, JsonObject told) {
    return command("handoff", id, told).put("reason", "asked").put("summary", "wants a person");
  }

  private static List<String> texts(Fleet fleet, JsonNode conversation, String direction) {
    List<String> texts = new ArrayList<>();
    for (JsonNode message : fleet.messages(conversation.path("id").asText())) {
      if (message.path("direction").asText().equals(direction)) {
        texts.add(message.path("content").path("text").asText());
      }
    }
    return texts;
  }

  private static String problem(JsonObject error) {
    return error.getJsonObject("problem").getString("type").replace("urn:frontdesk:problem:", "");
  }

  private static void await(String what, java.util.concurrent.Callable<Boolean> condition) {
    Awaitility.await(what)
        .atMost(Duration.ofSeconds(15))
        .pollInterval(Duration.ofMillis(20))
        .until(condition);
  }

  /** Chatwoot #11429: hand-over, a last answer computed before it, and a person who accepts. */
  @Test
  void scenario9_botHandoffRace_theLateAnswerIsKeptAndNotSent() {
    Fleet fleet = fleet("20s");
    Peer bot = bot(fleet, 0);
    fleet.available("bob");
    fleet.send(1, fleet.text("s9", "s9-1", "I want a person"));
    JsonObject told = bot.next("message");

    bot.send(handOff("h1", told));
    bot.next("done");
    JsonNode assigned = fleet.accept("bob", fleet.offers("bob", 1).get(0));
    bot.send(reply("r1", told, "computed before"));
    JsonObject late = bot.next("error");
    bot.send(handOff("h1", told));

    assertThat(late.getString("for")).isEqualTo("r1");
    assertThat(problem(late)).isEqualTo("not-owner");
    assertThat(bot.next("done").getString("for")).as("the same hand-over again").isEqualTo("h1");
    assertThat(texts(fleet, assigned, "outbound")).isEmpty();
    assertThat(texts(fleet, assigned, "note")).containsExactly("wants a person", "computed before");
    JsonNode now = fleet.conversationOf("s9");
    assertThat(now.path("owner").path("id").asText()).isEqualTo("bob");
    assertThat(now.path("epoch").asInt()).isEqualTo(told.getInteger("epoch") + 2);
    assertThat(fleet.reply("bob", now, "hello, I am Bob", "s9-bob").status()).isEqualTo(201);
    assertThat(texts(fleet, now, "outbound")).containsExactly("hello, I am Bob");
  }

  @Test
  void scenario10_botSocketDrops_andComesBackWithinTheGrace_goesOnWhereItWas() {
    Fleet fleet = fleet("20s");
    Peer bot = bot(fleet, 0);
    fleet.send(1, fleet.text("s10", "s10-1", "one"));
    fleet.send(0, fleet.text("s10", "s10-2", "two"));
    JsonObject one = bot.next("message");
    bot.next("message");
    bot.send(new JsonObject().put("type", "ack").put("cursor", one.getString("cursor")));
    bot.close();

    Peer again = bot(fleet, 1);
    JsonObject two = again.next(f -> f.toString().contains("\"two\""), "the unacknowledged one");
    again.send(reply("r2", two, "both answered"));

    assertThat(again.next("done").getString("for")).isEqualTo("r2");
    assertThat(fleet.conversationOf("s10").path("state").asText()).isEqualTo("bot");
    assertThat(texts(fleet, fleet.conversationOf("s10"), "outbound"))
        .containsExactly("both answered");
  }

  @Test
  void scenario10_botSocketDropsMidAnswer_peopleGetItWithItsAge_andTheBotIsReadOnly() {
    Fleet fleet = fleet("1s");
    Peer bot = bot(fleet, 0);
    fleet.send(1, fleet.text("s10", "s10-1", "hello"));
    JsonObject told = bot.next("message");
    String openedAt = fleet.conversationOf("s10").path("openedAt").asText();
    bot.close();

    await(
        "people have it",
        () -> fleet.conversationOf("s10").path("state").asText().equals("waiting"));
    Peer again = bot(fleet, 1);
    again.send(reply("r1", told, "half an answer"));

    assertThat(problem(again.next("error"))).isEqualTo("not-owner");
    JsonNode waiting = fleet.conversationOf("s10");
    assertThat(texts(fleet, waiting, "outbound")).isEmpty();
    assertThat(texts(fleet, waiting, "note")).containsExactly("half an answer");
    assertThat(waiting.path("openedAt").asText()).isEqualTo(openedAt);
    assertThat(history(fleet, waiting)).contains("handed-off bot-lost");
    fleet.available("bob");
    assertThat(fleet.offers("bob", 1).get(0).path("conversation").path("id"))
        .isEqualTo(waiting.path("id"));
  }

  /** Three in a row wait for a bot that is silent; the others do not wait for it any more. */
  @Test
  void scenario10_circuitOpensAfterSilence_newOnesGoToPeopleAtOnce_untilTheBotRepliesAgain() {
    Fleet fleet = fleet("replyTimeout: 700ms, lostGrace: 60s, failures: 3, rest: 3s", "4h");
    Peer bot = bot(fleet, 0);
    for (int i = 0; i < 3; i++) {
      fleet.send(i % 2, fleet.text("silent" + i, "silent-" + i, "is anybody there?"));
      bot.next("message");
    }
    await("people have all three", () -> waiting(fleet) == 3);

    for (int node = 0; node < 2; node++) {
      int at = node;
      await("node " + at + " passes the bot by", () -> !asked(fleet, at));
      JsonNode skipped = fleet.conversationOf("c" + fleet.conversations(one -> true).size());
      assertThat(skipped.path("state").asText()).isEqualTo("waiting");
      assertThat(history(fleet, skipped)).contains("opened bot-rests");
      assertThat(skipped.path("clocks").path("firstResponse").path("state").asText())
          .isEqualTo("running");
    }
    assertThat(fleet.metric("frontdesk_bot_skipped_total", "bot=\"faq\""))
        .isGreaterThanOrEqualTo(2);
    JsonObject probe = probe(fleet, bot);
    bot.send(reply("r1", probe, "here I am"));
    bot.next(f -> "r1".equals(f.getString("for")), "the probe's reply is taken");
    await("both nodes ask the bot again", () -> asked(fleet, 0) && asked(fleet, 1));
  }

  private static long waiting(Fleet fleet) {
    return fleet.conversations(one -> one.path("state").asText().equals("waiting")).size();
  }

  /** After the rest one new conversation goes to the bot; how many came before does not matter. */
  private static JsonObject probe(Fleet fleet, Peer bot) {
    await("a new conversation tries the bot", () -> asked(fleet, 0));
    return bot.next("message");
  }

  private static boolean asked(Fleet fleet, int node) {
    String contact = "c" + (fleet.conversations(one -> true).size() + 1);
    fleet.send(node, fleet.text(contact, contact + "-1", "and now?"));
    return fleet.conversationOf(contact).path("owner").path("id").asText().equals("faq");
  }

  private static List<String> history(Fleet fleet, JsonNode conversation) {
    List<String> lines = new ArrayList<>();
    fleet
        .as("sue")
        .get("/api/v1/conversations/" + conversation.path("id").asText() + "/events")
        .body()
        .path("events")
        .forEach(
            line ->
                lines.add(
                    line.path("what").asText()
                        + " "
                        + line.path("details").path("reason").asText()));
    return lines;
  }
}
