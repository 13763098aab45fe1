// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.gateway.client.ApiClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From an offer on, on two gateways and a real Redis: scenarios 3, 11 and 12. */
class OfferScenariosTest {

  @TempDir Path folder;
  private @Nullable Fleet opened;

  private Fleet fleet(DeskYaml yaml) {
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

  private static String id(JsonNode change) {
    return change.path("conversation").path("id").asText();
  }

  private static ApiClient.Answer accept(Fleet fleet, int node, String agent, JsonNode offer) {
    return fleet
        .node(node)
        .as(agent)
        .post(
            "/api/v1/conversations/" + id(offer) + "/accept",
            Map.of("offer", offer.path("offer").path("id").asText()));
  }

  private static int load(Fleet fleet, String agent) {
    for (JsonNode row : fleet.as("sue").get("/api/v1/agents").body().path("agents")) {
      if (row.path("id").asText().equals(agent)) {
        return row.path("load").asInt();
      }
    }
    throw new AssertionError(agent);
  }

  private static String problem(ApiClient.Answer answer) {
    return answer.body().path("type").asText().replace("urn:frontdesk:problem:", "");
  }

  private static void await(String what, java.util.concurrent.Callable<Boolean> condition) {
    Awaitility.await(what)
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .until(condition);
  }

  private static boolean is(Fleet fleet, String contact, String state) {
    return fleet.conversationOf(contact).path("state").asText().equals(state);
  }

  private static List<String> reasons(Fleet fleet, String agent, String cursor) {
    List<String> reasons = new ArrayList<>();
    fleet
        .as(agent)
        .get("/api/v1/agent/conversations?wait=0&cursor=" + cursor)
        .body()
        .path("changes")
        .forEach(
            change -> {
              if (change.path("type").asText().equals("removed")) {
                reasons.add(change.path("reason").asText());
              }
            });
    return reasons;
  }

  private static List<String> history(Fleet fleet, String conversation) {
    List<String> lines = new ArrayList<>();
    fleet
        .as("sue")
        .get("/api/v1/conversations/" + conversation + "/events")
        .body()
        .path("events")
        .forEach(
            line ->
                lines.add(line.path("what").asText() + " " + line.path("by").path("id").asText()));
    return lines;
  }

  @Test
  void scenario3_reassignedWhileTyping_is409WithTheNewOwner_andTheTextIsKept() {
    Fleet fleet = fleet(new DeskYaml().routing("{ returnAfter: 1s, returnHops: 1 }"));
    fleet.available("alice");
    fleet.send(0, fleet.text("s3", "s3-1", "hello"));
    JsonNode assigned = fleet.accept("alice", fleet.offers("alice", 1).get(0));
    String conversation = assigned.path("id").asText();
    String due = assigned.path("clocks").path("firstResponse").path("dueAt").asText();
    fleet.available("bob");
    JsonNode offer = fleet.offers("bob", 1).get(0);
    assertThat(accept(fleet, 1, "bob", offer).status()).isEqualTo(200);

    ApiClient.Answer late = fleet.reply("alice", assigned, "what I was typing", "s3-reply");

    assertThat(late.status()).isEqualTo(409);
    assertThat(problem(late)).isEqualTo("not-owner");
    assertThat(late.body().path("owner").path("id").asText()).isEqualTo("bob");
    List<JsonNode> messages = fleet.messages(conversation);
    assertThat(messages).noneMatch(m -> m.path("direction").asText().equals("outbound"));
    JsonNode kept = messages.get(messages.size() - 1);
    assertThat(kept.path("direction").asText()).isEqualTo("note");
    assertThat(kept.path("content").path("text").asText()).isEqualTo("what I was typing");
    assertThat(kept.path("author").path("id").asText()).isEqualTo("alice");
    JsonNode now = fleet.conversationOf("s3");
    assertThat(now.path("owner").path("id").asText()).isEqualTo("bob");
    assertThat(now.path("epoch").asInt()).isEqualTo(assigned.path("epoch").asInt() + 2);
    assertThat(now.path("clocks").path("firstResponse").path("dueAt").asText()).isEqualTo(due);
    assertThat(load(fleet, "alice")).isZero();
    assertThat(load(fleet, "bob")).isEqualTo(1);
    assertThat(history(fleet, conversation)).contains("returned system");
  }

  /** What a minute of silence does, without the minute: the lease is over now. */
  private static void lapse(Fleet fleet, String agent, int generation) {
    long now = Fleet.now().toEpochMilli();
    fleet.redis().ask("HSET {acme}:a:" + agent + " until " + (now - 1));
    fleet.redis().ask("ZADD {acme}:t " + now + " l:" + agent + ":" + generation);
  }

  /** Chatwoot #7204, #5436: whoever went home gets nothing; whoever comes back has lost nothing. */
  @Test
  void scenario11_agentDisconnectsWithSevenOpen_chatwoot4() {
    Fleet fleet = fleet(new DeskYaml().capacity(9).routing("{ vanishGrace: 3s }"));
    for (int n = 0; n < 7; n++) {
      fleet.send(n, fleet.text("s11-" + n, "s11-" + n, "hello"));
    }
    fleet.available("alice");
    List<JsonNode> mine = new ArrayList<>();
    fleet.offers("alice", 7).forEach(offer -> mine.add(fleet.accept("alice", offer)));
    mine.sort(Comparator.comparing(c -> c.path("openedAt").asText()));
    for (int n = 0; n < 2; n++) {
      assertThat(fleet.reply("alice", mine.get(n), "done", "s11-r" + n).status()).isEqualTo(201);
    }
    fleet.send(0, fleet.text("s11-offered", "s11-offered", "hello"));
    fleet.offers("alice", 1);

    lapse(fleet, "alice", 1);
    await("the open offer is revoked", () -> is(fleet, "s11-offered", "waiting"));
    assertThat(fleet.conversations(c -> c.path("state").asText().equals("assigned"))).hasSize(7);
    assertThat(load(fleet, "alice")).isEqualTo(7);
    ApiClient.Answer gone = fleet.as("alice").post("/api/v1/queue/take", Map.of(), "s11-take");
    assertThat(problem(gone)).isEqualTo("agent-gone");
    assertThat(is(fleet, "s11-offered", "waiting")).as("nothing for who went home").isTrue();

    fleet.available("alice");
    fleet.offers("alice", 1);
    assertThat(load(fleet, "alice")).as("back within the grace: all of it").isEqualTo(8);
    lapse(fleet, "alice", 2);
    await(
        "five wait on us, and the one that was offered",
        () -> fleet.conversations(c -> c.path("state").asText().equals("waiting")).size() == 6);

    assertThat(load(fleet, "alice")).isEqualTo(2);
    assertThat(fleet.conversations(c -> c.path("owner").path("id").asText().equals("alice")))
        .extracting(c -> c.path("contact").path("externalId").asText())
        .containsExactlyInAnyOrder(contact(mine.get(0)), contact(mine.get(1)));
    takenInOrderOfDeadlines(fleet, mine.subList(2, 7));
    fleet.send(1, fleet.text(contact(mine.get(0)), "s11-again", "thanks, but"));
    await("the customer writes", () -> is(fleet, contact(mine.get(0)), "waiting"));
    assertThat(load(fleet, "alice")).isEqualTo(1);
  }

  private static String contact(JsonNode conversation) {
    return conversation.path("contact").path("externalId").asText();
  }

  private static String due(JsonNode conversation) {
    return conversation.path("clocks").path("firstResponse").path("dueAt").asText();
  }

  private static void takenInOrderOfDeadlines(Fleet fleet, List<JsonNode> expected) {
    fleet.as("bob").put("/api/v1/agent/presence", Map.of("presence", "busy"));
    List<String> taken = new ArrayList<>();
    for (int n = 0; n < expected.size(); n++) {
      JsonNode next =
          fleet.node(1).as("bob").post("/api/v1/queue/take", Map.of(), "s11-bob" + n).body();
      taken.add(next.path("id").asText() + " " + due(next));
    }

    assertThat(taken)
        .containsExactlyElementsOf(
            expected.stream().map(c -> c.path("id").asText() + " " + due(c)).toList());
  }

  /** Two agents hold an offer of the same conversation and accept it on two gateways at once. */
  @Test
  void scenario12_twoAcceptAtOnce_oneHasIt_theOtherIsTold() {
    Fleet fleet = fleet(new DeskYaml().capacity(10).routing("{ offerTo: 2 }"));
    fleet.available("alice");
    fleet.available("bob");
    Map<String, Integer> won = new HashMap<>();
    for (int n = 0; n < 8; n++) {
      String contact = "s12-" + n;
      fleet.send(n, fleet.text(contact, contact, "hello"));
      Map<String, JsonNode> offers =
          Map.of("alice", fleet.offers("alice", 1).get(0), "bob", fleet.offers("bob", 1).get(0));
      assertThat(id(offers.get("alice"))).isEqualTo(id(offers.get("bob")));
      Map<String, String> cursors = new HashMap<>();
      offers.keySet().forEach(a -> cursors.put(a, fleet.snapshot(a).path("cursor").asText()));

      CompletableFuture<ApiClient.Answer> bob =
          CompletableFuture.supplyAsync(() -> accept(fleet, 1, "bob", offers.get("bob")));
      ApiClient.Answer alice = accept(fleet, 0, "alice", offers.get("alice"));
      Map<String, ApiClient.Answer> answers = Map.of("alice", alice, "bob", bob.join());

      String winner = alice.status() == 200 ? "alice" : "bob";
      String loser = winner.equals("alice") ? "bob" : "alice";
      won.merge(winner, 1, Integer::sum);
      assertThat(answers.get(winner).status()).isEqualTo(200);
      assertThat(answers.get(loser).status()).isEqualTo(409);
      assertThat(problem(answers.get(loser))).isEqualTo("taken");
      assertThat(answers.get(loser).body().path("owner").path("id").asText()).isEqualTo(winner);
      assertThat(reasons(fleet, loser, cursors.get(loser))).containsExactly("taken");
      assertThat(fleet.conversationOf(contact).path("owner").path("id").asText()).isEqualTo(winner);
      assertThat(accept(fleet, 1, winner, offers.get(winner)).status()).as("again").isEqualTo(200);
    }
    assertThat(load(fleet, "alice")).isEqualTo(won.getOrDefault("alice", 0));
    assertThat(load(fleet, "bob")).isEqualTo(won.getOrDefault("bob", 0));
  }

  /** Missed and rejected are told apart, by the agent's inbox and by the history. */
  @Test
  void scenario12_lateAccept_is410_andChatwoot25_missedIsNotRejected() {
    Fleet fleet = fleet(new DeskYaml().routing("{ offerTo: 3, offerTimeout: 2s }").agent("carol"));
    fleet.available("alice");
    fleet.available("bob");
    fleet.available("carol");
    Map<String, String> cursors = new HashMap<>();
    for (String agent : List.of("alice", "bob", "carol")) {
      cursors.put(agent, fleet.snapshot(agent).path("cursor").asText());
    }
    fleet.send(0, fleet.text("s12-late", "s12-late", "hello"));
    JsonNode alice = fleet.offers("alice", 1).get(0);
    JsonNode bob = fleet.offers("bob", 1).get(0);
    JsonNode carol = fleet.offers("carol", 1).get(0);
    ApiClient.Answer declined =
        fleet
            .node(1)
            .as("carol")
            .post(
                "/api/v1/conversations/" + id(carol) + "/decline",
                Map.of("offer", carol.path("offer").path("id").asText(), "reason", "lunch"));
    assertThat(declined.body().path("state").asText()).isEqualTo("offered");

    await("both offers ended", () -> is(fleet, "s12-late", "waiting"));

    for (String late : List.of("alice", "bob")) {
      ApiClient.Answer answer = accept(fleet, 1, late, late.equals("bob") ? bob : alice);
      assertThat(answer.status()).isEqualTo(410);
      assertThat(problem(answer)).isEqualTo("expired");
      assertThat(reasons(fleet, late, cursors.get(late))).containsExactly("expired");
    }
    assertThat(reasons(fleet, "carol", cursors.get("carol"))).containsExactly("declined");
    assertThat(history(fleet, id(alice)))
        .contains("declined carol", "expired alice", "expired bob");
    for (String agent : List.of("alice", "bob", "carol")) {
      assertThat(load(fleet, agent)).as(agent).isZero();
    }
    assertThat(fleet.conversationOf("s12-late").path("openedAt"))
        .isEqualTo(alice.path("conversation").path("openedAt"));
  }

  /** A gateway dies while it accepts: what the agent is told later is what the queue says. */
  @Test
  void scenario12_gatewayDiesWhileItAccepts_answerAndQueueAgree() {
    Fleet fleet = fleet(new DeskYaml().capacity(12).routing("{ offerTo: 2, offerTimeout: 60s }"));
    fleet.available("alice");
    fleet.available("bob");
    for (int n = 0; n < 6; n++) {
      fleet.send(n, fleet.text("s12-c" + n, "s12-c" + n, "hello"));
    }
    List<JsonNode> offers = fleet.offers("alice", 6);
    Map<String, JsonNode> others = new HashMap<>();
    fleet.offers("bob", 6).forEach(offer -> others.put(id(offer), offer));
    List<CompletableFuture<Integer>> accepts = new ArrayList<>();
    for (JsonNode offer : offers) {
      accepts.add(
          CompletableFuture.supplyAsync(() -> accept(fleet, 0, "alice", offer).status())
              .exceptionally(cut -> 0));
    }
    CompletableFuture.anyOf(accepts.toArray(CompletableFuture<?>[]::new)).join();

    fleet.kill(0);
    List<Integer> told = accepts.stream().map(CompletableFuture::join).toList();

    System.getLogger("scenario 12").log(System.Logger.Level.INFO, "told before the end: {0}", told);
    for (int n = 0; n < offers.size(); n++) {
      String conversation = id(offers.get(n));
      JsonNode now = fleet.as("sue").get("/api/v1/conversations/" + conversation).body();
      boolean committed = now.path("owner").path("id").asText().equals("alice");
      assertThat(told.get(n) != 200 || committed).as("told 200, so it is hers").isTrue();
      assertThat(accept(fleet, 0, "alice", offers.get(n)).status()).isEqualTo(200);
      ApiClient.Answer late = accept(fleet, 0, "bob", others.get(conversation));
      assertThat(problem(late)).isEqualTo("taken");
      assertThat(late.body().path("owner").path("id").asText()).isEqualTo("alice");
    }
    assertThat(load(fleet, "alice")).isEqualTo(6);
    assertThat(load(fleet, "bob")).isZero();
  }

  /** The charge of wrapping up ends once: by the agent, or by its timer though a gateway died. */
  @Test
  void wrapUp_endsOnce_byTheAgentOrByItsTimer_alsoWhenTheGatewayDies() {
    Fleet fleet = fleet(new DeskYaml().capacity(1).routing("{ wrapUp: 3s }"));
    fleet.available("alice");
    fleet.send(0, fleet.text("w1", "w1", "hello"));
    fleet.send(0, fleet.text("w2", "w2", "hello"));
    resolve(fleet, fleet.accept("alice", fleet.offers("alice", 1).get(0)));
    assertThat(load(fleet, "alice")).isEqualTo(1);
    assertThat(is(fleet, "w2", "waiting")).isTrue();

    fleet.available("alice");
    resolve(fleet, fleet.accept("alice", fleet.offers("alice", 1).get(0)));
    assertThat(load(fleet, "alice")).as("the first ended, the second began").isEqualTo(1);
    fleet.send(0, fleet.text("w3", "w3", "hello"));
    fleet.kill(0);

    await("its timer", () -> is(fleet, "w3", "offered"));
    assertThat(load(fleet, "alice")).isEqualTo(1);
    assertThat(history(fleet, fleet.conversationOf("w2").path("id").asText()))
        .filteredOn("wrapped-up alice"::equals)
        .hasSize(1);
  }

  private static void resolve(Fleet fleet, JsonNode conversation) {
    assertThat(fleet.reply("alice", conversation, "here", "r" + System.nanoTime()).status())
        .isEqualTo(201);
    assertThat(
            fleet
                .as("alice")
                .post(
                    "/api/v1/conversations/" + conversation.path("id").asText() + "/resolve",
                    Map.of("code", "ok"))
                .status())
        .isEqualTo(200);
  }
}
