// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.gateway.agent.AgentInbox;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.domain.Effect;
import dev.frontdesk.gateway.domain.Owner;
import dev.frontdesk.gateway.domain.Refusal;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The agents' API over real HTTP, before fake rooms. */
class ApiTest {

  private static final String CONVERSATIONS = "/api/v1/conversations";
  private static final String C1 = CONVERSATIONS + "/c1";

  private EdgeFixture edge;

  @BeforeEach
  void start() {
    edge = new EdgeFixture();
    edge.rooms.open("acme", "c1", Owner.agent(new Agent.Id("alice")));
  }

  @AfterEach
  void stop() {
    edge.close();
  }

  private HttpResponse<String> alice(String method, String path, String body) {
    return edge.call(method, path, "acme-alice", body);
  }

  private HttpResponse<String> send(String key, String body) {
    return edge.call("POST", C1 + "/messages", "acme-alice", body, Map.of("Idempotency-Key", key));
  }

  private static void problem(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
    assertThat(new JsonObject(answer.body()).getString("type"))
        .isEqualTo("urn:frontdesk:problem:" + code);
    assertThat(new JsonObject(answer.body()).getInteger("status")).isEqualTo(status);
  }

  @Test
  void token_missingWrongOrInTheAddress() {
    problem(edge.call("GET", C1, null, null), 401, "unauthenticated");
    problem(edge.call("GET", C1, "acme-nobody", null), 401, "unauthenticated");
    var inAddress = edge.call("GET", C1 + "?access_token=acme-alice", null, null);
    problem(inAddress, 401, "unauthenticated");
    assertThat(inAddress.headers().firstValue("www-authenticate")).isPresent();
    problem(edge.call("GET", "/api/v1/nothing", null, null), 401, "unauthenticated");

    assertThat(alice("GET", C1, null).statusCode()).isEqualTo(200);
    assertThat(edge.call("GET", C1, "acme-alice-old", null).statusCode()).isEqualTo(200);
    assertThat(
            edge.registry.get("frontdesk_authentication_failures").counters().stream()
                .mapToDouble(c -> c.count())
                .sum())
        .isEqualTo(4);
  }

  @Test
  void path_unknown() {
    problem(alice("GET", "/api/v1/nothing", null), 404, "not-found");
    problem(alice("DELETE", C1, null), 405, "method-not-allowed");
    problem(edge.call("GET", "/nothing", null, null), 404, "not-found");
    problem(alice("GET", CONVERSATIONS + "/c2", null), 404, "not-found");
    problem(alice("GET", CONVERSATIONS + "/a%2Fb", null), 404, "not-found");
  }

  @Test
  void operator_doesNotLockItselfOut() {
    Map<String, String> key = Map.of("Idempotency-Key", "k1");

    problem(
        edge.call("POST", "/api/v1/agents/otto/disable", "acme-otto", null, key),
        409,
        "own-access");

    assertThat(edge.call("GET", "/api/v1/channels", "acme-otto", null).statusCode()).isEqualTo(200);
    assertThat(
            edge.call("POST", "/api/v1/agents/alice/disable", "acme-otto", null, key).statusCode())
        .isEqualTo(200);
  }

  @Test
  void time_thatNobodyCanMean_isMalformed() {
    for (String time : List.of("+999999999-01-01T00:00:00Z", "-999999999-01-01T00:00:00Z")) {
      String pause = "{\"on\":\"customer\",\"until\":\"" + time + "\"}";
      String decline = "{\"offer\":\"o1\",\"retryAt\":\"" + time + "\"}";
      String report = "/api/v1/reports/first-response?from=" + time.replace("+", "%2B");
      String until = report.replace("from=", "to=");

      for (HttpResponse<String> answer :
          List.of(
              alice("POST", C1 + "/pause", pause),
              alice("POST", C1 + "/decline", decline),
              edge.call("GET", report, "acme-sue", null),
              edge.call("GET", until, "acme-sue", null))) {
        problem(answer, 400, "malformed");
        assertThat(answer.body()).contains("1970-01-01T00:00:00Z to 9999-12-31T23:59:59.999Z");
      }
    }
    assertThat(edge.rooms.applied).isEmpty();
  }

  @Test
  void message_storedOnceAndReplayed() {
    var first = send("k1", "{\"text\":\"hi\",\"epoch\":3}");
    var again = send("k1", "{\"text\":\"hi\",\"epoch\":3}");
    var other = send("k1", "{\"text\":\"ho\",\"epoch\":3}");

    assertThat(first.statusCode()).isEqualTo(201);
    assertThat(first.headers().firstValue("idempotent-replayed")).isEmpty();
    assertThat(again.statusCode()).isEqualTo(201);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(again.headers().firstValue("idempotent-replayed")).hasValue("true");
    problem(other, 422, "idempotency-key-reused");
    assertThat(edge.rooms.applied).hasSize(1);
    ConversationEvent.Reply reply = (ConversationEvent.Reply) edge.rooms.applied.get(0);
    assertThat(reply.epoch()).isEqualTo(3);
    assertThat(reply.author().id()).isEqualTo("alice");
    assertThat(new JsonObject(first.body()).getString("id")).isEqualTo("c1.2");
  }

  @Test
  void message_withoutKeyEpochOrContent() {
    problem(
        alice("POST", C1 + "/messages", "{\"text\":\"hi\",\"epoch\":3}"),
        400,
        "idempotency-key-missing");
    problem(send("k".repeat(256), "{\"text\":\"hi\",\"epoch\":3}"), 400, "malformed");
    for (String body :
        List.of(
            "",
            "{",
            "[]",
            "null",
            "{\"text\":\"hi\"}",
            "{\"epoch\":3}",
            "{\"text\":\"\",\"epoch\":3}",
            "{\"text\":\"hi\",\"content\":{\"kind\":\"text\",\"text\":\"x\"},\"epoch\":3}",
            "{\"text\":\"hi\",\"epoch\":\"3\"}",
            "{\"text\":\"hi\",\"epoch\":3.5}",
            "{\"text\":\"hi\",\"epoch\":99999999999999999999}",
            "{\"text\":\"hi\",\"epoch\":3,\"more\":1}",
            "{\"text\":\"hi\",\"text\":\"ho\",\"epoch\":3}",
            "{\"text\":{\"$ne\":null},\"epoch\":3}",
            "{\"text\":\"hi\",\"epoch\":3} {}",
            "{\"text\":\"" + "x".repeat(65_537) + "\",\"epoch\":3}",
            "{\"text\":\"\\u0000\",\"epoch\":3}",
            "{\"text\":\"\\ud800\",\"epoch\":3}",
            "{\"content\":{\"kind\":\"call\",\"callId\":\"1\",\"event\":\"x\"},\"epoch\":3}",
            "{\"content\":{\"kind\":\"image\",\"url\":\"file:///etc/passwd\"},\"epoch\":3}",
            "{\"content\":" + "[".repeat(100_000) + "]".repeat(100_000) + ",\"epoch\":3}")) {
      problem(send("k2", body), 400, "malformed");
    }
    assertThat(edge.rooms.applied).isEmpty();
  }

  @Test
  void message_everyKindAPersonMaySend() {
    for (String content :
        List.of(
            "{\"kind\":\"text\",\"text\":\"你好 👩‍👩‍👧‍👦\"}",
            "{\"kind\":\"file\",\"url\":\"https://x.example/a.pdf\",\"fileName\":\"a.pdf\"}",
            "{\"kind\":\"location\",\"lat\":31.2,\"lon\":121.5}",
            "{\"kind\":\"choice\",\"text\":\"?\",\"options\":[{\"id\":\"1\",\"label\":\"a\"}]}")) {
      var answer = send("k" + content.hashCode(), "{\"content\":" + content + ",\"epoch\":3}");

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }
    assertThat(edge.rooms.applied).hasSize(4);
  }

  @Test
  void refusal_tellsWhatAProgramNeeds() {
    edge.rooms.refusal = new Refusal(Refusal.Code.NOT_OWNER, "bob owns it");
    var notOwner = send("k1", "{\"text\":\"hi\",\"epoch\":2}");
    problem(notOwner, 409, "not-owner");
    assertThat(new JsonObject(notOwner.body()).getJsonObject("owner").getString("id"))
        .isEqualTo("alice");

    edge.rooms.refusal = new Refusal(Refusal.Code.SEND_WINDOW, "closed");
    var window = send("k1", "{\"text\":\"hi\",\"epoch\":3}");
    problem(window, 422, "send-window");
    assertThat(new JsonObject(window.body()).getJsonObject("sendWindow").getInteger("remaining"))
        .isEqualTo(4);

    edge.rooms.refusal = new Refusal(Refusal.Code.TAKEN, "taken");
    problem(alice("POST", C1 + "/accept", "{\"offer\":\"o1\"}"), 409, "taken");
    edge.rooms.refusal = new Refusal(Refusal.Code.EXPIRED, "expired");
    problem(alice("POST", C1 + "/accept", "{\"offer\":\"o1\"}"), 410, "expired");
  }

  @Test
  void commands_becomeEvents() {
    for (String[] command :
        new String[][] {
          {"/accept", "{\"offer\":\"o1\"}"},
          {
            "/decline",
            "{\"offer\":\"o1\",\"reason\":\"busy\",\"retryAt\":\"2026-11-21T04:00:00Z\"}"
          },
          {"/notes", "{\"text\":\"note\"}"},
          {"/transfer", "{\"queue\":\"vip\"}"},
          {"/transfer", "{\"agent\":\"sue\"}"},
          {"/pause", "{\"on\":\"customer\",\"until\":null}"},
          {"/resume", ""},
          {"/release", "{}"},
          {"/resolve", "{\"code\":\"done\"}"}
        }) {
      var answer = alice("POST", C1 + command[0], command[1]);

      assertThat(answer.statusCode()).as(command[0] + answer.body()).isEqualTo(200);
      assertThat(new JsonObject(answer.body()).getString("id")).isEqualTo("c1");
    }
    assertThat(edge.call("POST", C1 + "/assign", "acme-sue", "{\"agent\":\"alice\"}").statusCode())
        .isEqualTo(200);
    assertThat(
            edge.call("PUT", C1 + "/promise", "acme-sue", "{\"promise\":\"urgent\"}").statusCode())
        .isEqualTo(200);

    assertThat(edge.rooms.applied)
        .extracting(event -> event.getClass().getSimpleName())
        .containsExactly(
            "Accept",
            "Decline",
            "Note",
            "Transfer",
            "Transfer",
            "Pause",
            "Resume",
            "Release",
            "Resolve",
            "Assign",
            "ChangePromise");
    assertThat(((ConversationEvent.Resolve) edge.rooms.applied.get(8)).epoch()).isEqualTo(3);
  }

  @Test
  void decline_forLongerThanADay_isRefusedWithTheBound() {
    String last = FakeRooms.NOW.plus(ConversationCommands.LONGEST_DECLINE).toString();
    String later =
        FakeRooms.NOW.plus(ConversationCommands.LONGEST_DECLINE).plusMillis(1).toString();

    problem(
        alice("POST", C1 + "/decline", "{\"offer\":\"o1\",\"retryAt\":\"" + later + "\"}"),
        422,
        "retry-at");
    var taken = alice("POST", C1 + "/decline", "{\"offer\":\"o1\",\"retryAt\":\"" + last + "\"}");

    assertThat(taken.statusCode()).isEqualTo(200);
    assertThat(edge.rooms.applied).hasSize(1);
  }

  @Test
  void pause_untilWhatIsOverOrInYears_isRefusedWithTheBound() {
    Instant last = FakeRooms.NOW.plus(ConversationCommands.LONGEST_PAUSE);
    String pause = "{\"on\":\"customer\",\"until\":\"%s\"}";
    for (Instant until : List.of(FakeRooms.NOW, Instant.EPOCH, last.plusMillis(1))) {
      problem(alice("POST", C1 + "/pause", pause.replace("%s", until.toString())), 422, "until");
    }

    assertThat(alice("POST", C1 + "/pause", pause.replace("%s", last.toString())).statusCode())
        .isEqualTo(200);
    assertThat(edge.rooms.applied).hasSize(1);
  }

  @Test
  void message_thatShowsNothing_isMalformed() {
    for (String text : List.of(" ", "\\n\\u200b", "\\u00a0\\u2003\\ufeff")) {
      String message = "{\"epoch\":1,\"text\":\"" + text + "\"}";
      problem(send("k" + message.hashCode(), message), 400, "malformed");
      String content = "{\"epoch\":1,\"content\":{\"kind\":\"text\",\"text\":\"" + text + "\"}}";
      problem(send("k" + content.hashCode(), content), 400, "malformed");
    }
    assertThat(edge.rooms.applied).isEmpty();
  }

  /** So that the commit is refused, and a repeat still gets the answer of the first time. */
  @Test
  void assignment_toAnAgentWhoIsOffline_asksForAPresenceThatNobodyHas() {
    edge.call("POST", C1 + "/assign", "acme-sue", "{\"agent\":\"alice\"}");
    alice("POST", C1 + "/transfer", "{\"agent\":\"sue\"}");

    var assign = (ConversationEvent.Assign) edge.rooms.applied.get(0);
    var transfer = (ConversationEvent.Transfer) edge.rooms.applied.get(1);
    assertThat(assign.agent().generation()).isNegative();
    assertThat(transfer.agent().generation()).isNegative();
  }

  @Test
  void command_namesWhatIsNotConfigured() {
    problem(alice("POST", C1 + "/transfer", "{\"queue\":\"nowhere\"}"), 422, "unknown-queue");
    problem(alice("POST", C1 + "/transfer", "{\"agent\":\"nobody\"}"), 422, "unknown-agent");
    problem(
        alice("POST", C1 + "/transfer", "{\"agent\":\"sue\",\"queue\":\"vip\"}"), 400, "malformed");
    problem(
        edge.call("PUT", C1 + "/promise", "acme-sue", "{\"promise\":\"x\"}"),
        422,
        "unknown-promise");
    assertThat(edge.rooms.applied).isEmpty();
  }

  @Test
  void take_onceForOneKey() {
    edge.rooms.next = Optional.of(new Conversation.Id("c1"));
    Map<String, String> key = Map.of("Idempotency-Key", "t1");

    problem(alice("POST", "/api/v1/queue/take", null), 400, "idempotency-key-missing");
    var taken = edge.call("POST", "/api/v1/queue/take", "acme-alice", null, key);
    var again = edge.call("POST", "/api/v1/queue/take", "acme-alice", null, key);
    var none =
        edge.call(
            "POST", "/api/v1/queue/take", "acme-alice", null, Map.of("Idempotency-Key", "t2"));

    assertThat(taken.statusCode()).isEqualTo(200);
    assertThat(again.body()).isEqualTo(taken.body());
    assertThat(again.headers().firstValue("idempotent-replayed")).hasValue("true");
    assertThat(none.statusCode()).isEqualTo(204);
  }

  @Test
  void poll_showsTheConversationAsItIsNow() {
    edge.rooms.page =
        io.vertx.core.Future.succeededFuture(
            new AgentInbox.Page(
                "e1.5-0",
                List.of(
                    new AgentInbox.Change(
                        Effect.InboxRow.Change.ASSIGNED, new Conversation.Id("c1"), 0, null),
                    new AgentInbox.Change(
                        Effect.InboxRow.Change.MESSAGE, new Conversation.Id("c1"), 1, null),
                    new AgentInbox.Change(
                        Effect.InboxRow.Change.REMOVED,
                        new Conversation.Id("c1"),
                        0,
                        "transferred"),
                    new AgentInbox.Change(
                        Effect.InboxRow.Change.MESSAGE, new Conversation.Id("gone"), 1, null),
                    new AgentInbox.Change(
                        Effect.InboxRow.Change.REMOVED, new Conversation.Id("gone"), 0, "closed")),
                true));

    var answer = alice("GET", "/api/v1/agent/conversations?wait=0&cursor=e1.0-0", null);

    JsonObject page = new JsonObject(answer.body());
    assertThat(page.getString("cursor")).isEqualTo("e1.5-0");
    assertThat(page.getBoolean("more")).isTrue();
    assertThat(page.getJsonArray("changes")).hasSize(4);
    JsonObject erased = page.getJsonArray("changes").getJsonObject(3);
    assertThat(erased.getString("type")).isEqualTo("removed");
    assertThat(erased.getJsonObject("conversation").getString("id")).isEqualTo("gone");
    assertThat(erased.getJsonObject("conversation").getString("state")).isEqualTo("closed");
    JsonObject message = page.getJsonArray("changes").getJsonObject(1);
    assertThat(message.getJsonObject("conversation").getInteger("version")).isEqualTo(7);
    assertThat(message.getJsonObject("message").getJsonObject("content").getString("text"))
        .isEqualTo("hello");
    assertThat(page.getJsonArray("changes").getJsonObject(2).getString("reason"))
        .isEqualTo("transferred");
    assertThat(edge.rooms.renewed).containsExactly("alice", "alice");
    for (String query :
        List.of("wait=56", "wait=-1", "wait=x", "cursor=a%20b", "token=1", "wait=1&wait=2")) {
      problem(alice("GET", "/api/v1/agent/conversations?" + query, null), 400, "malformed");
    }
    assertThat(edge.server.polls().size()).as("polls that were refused").isZero();
  }

  @Test
  void poll_isAnswered_whileItsEndStillRenewsTheLease() {
    edge.rooms.promptRenewals = 1;

    var answer = alice("GET", "/api/v1/agent/conversations?wait=0&cursor=e1.0-0", null);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(edge.rooms.renewed).containsExactly("alice", "alice");
  }

  @Test
  void poll_endsWhenTheAgentIsDisabled() {
    edge.rooms.holdPolls();
    CompletableFuture<HttpResponse<String>> poll =
        CompletableFuture.supplyAsync(
            () -> alice("GET", "/api/v1/agent/conversations?wait=55", null));
    Awaitility.await().until(() -> edge.server.polls().size() == 1);

    assertThat(edge.call("POST", "/api/v1/agents/alice/disable", "acme-otto", null).statusCode())
        .isEqualTo(200);

    Awaitility.await().atMost(java.time.Duration.ofSeconds(1)).until(poll::isDone);
    problem(poll.join(), 403, "disabled");
    problem(alice("GET", C1, null), 403, "disabled");
    assertThat(edge.call("GET", C1, "other-alice", null).statusCode()).isEqualTo(404);
    assertThat(edge.call("POST", "/api/v1/agents/alice/enable", "acme-otto", null).statusCode())
        .isEqualTo(200);
    assertThat(alice("GET", C1, null).statusCode()).isEqualTo(200);
    assertThat(edge.server.polls().size()).isZero();
  }

  @Test
  void poll_endsWith204WhenTheServerDrains() {
    edge.rooms.holdPolls();
    CompletableFuture<HttpResponse<String>> poll =
        CompletableFuture.supplyAsync(
            () -> alice("GET", "/api/v1/agent/conversations?wait=55", null));
    Awaitility.await().until(() -> edge.server.polls().size() == 1);

    var drained = edge.server.drain();

    assertThat(poll.join().statusCode()).isEqualTo(204);
    EdgeFixture.await(drained);
  }

  @Test
  void messages_byRange() {
    edge.rooms.messages.put(
        new Conversation.Id("c1"),
        java.util.stream.IntStream.rangeClosed(1, 1)
            .mapToObj(i -> FakeRooms.message(i, "m" + i))
            .toList());

    var newest = new JsonObject(alice("GET", C1 + "/messages", null).body());
    var after = new JsonObject(alice("GET", C1 + "/messages?after=1", null).body());

    assertThat(newest.getJsonArray("messages")).hasSize(1);
    assertThat(after.getJsonArray("messages")).isEmpty();
    problem(alice("GET", C1 + "/messages?after=1&before=2", null), 400, "malformed");
    problem(alice("GET", C1 + "/messages?limit=201", null), 400, "malformed");
  }

  @Test
  void bot_seesOnlyWhatItOwns() {
    edge.rooms.open("acme", "c2", Owner.bot("faq"));

    assertThat(edge.call("GET", CONVERSATIONS + "/c2", "acme-faq", null).statusCode())
        .isEqualTo(200);
    assertThat(edge.call("GET", CONVERSATIONS + "/c2/messages", "acme-faq", null).statusCode())
        .isEqualTo(200);
    problem(edge.call("GET", C1, "acme-faq", null), 404, "not-found");
    problem(edge.call("GET", CONVERSATIONS, "acme-faq", null), 403, "forbidden");
  }
}
