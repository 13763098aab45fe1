// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.connector.sandbox.InboundSample;
import dev.frontdesk.connector.sandbox.WechatCustomer;
import dev.frontdesk.gateway.TestGateway;
import dev.frontdesk.gateway.client.ApiClient;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.Scored;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.Write;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What platforms repeat, and what they send out of order: scenarios 4, 5 and 21 on two nodes. */
class InboundScenariosTest {

  private static final String WECHAT_TOKEN = "wechatToken";

  @TempDir static Path folder;
  private static Fleet fleet;

  private final WechatCustomer wechat = new WechatCustomer("wx1", WECHAT_TOKEN, null, null, 1);

  @BeforeAll
  static void start() {
    fleet =
        new Fleet(
            folder,
            2,
            new DeskYaml()
                .capacity(100)
                .line("conversations: { reopenWindow: 1s }")
                .channel(
                    "wechat",
                    "{ connector: wechat-official, settings: { appId: wx1, appSecret: s, token: "
                        + WECHAT_TOKEN
                        + " } }"));
    for (String agent : List.of("alice", "bob")) { // who is busy is given work, never offered any
      fleet.as(agent).put("/api/v1/agent/presence", Map.of("presence", "busy"));
    }
  }

  @AfterAll
  static void stop() {
    fleet.close();
  }

  private static ApiClient.Answer post(String who, JsonNode conversation, Map<String, ?> body) {
    String path = "/api/v1/conversations/" + conversation.path("id").asText();
    return fleet.as(who).post(path + (body.isEmpty() ? "/resolve" : "/assign"), body);
  }

  private static JsonNode state(String contact) {
    return fleet.conversationOf(contact).path("state");
  }

  private static JsonNode changesSince(String agent, String cursor) {
    return fleet
        .as(agent)
        .get("/api/v1/agent/conversations?wait=0&cursor=" + cursor)
        .body()
        .path("changes");
  }

  /** Chatwoot #6046, #9187: a repeat is counted, and nothing else, whatever became of it since. */
  @Test
  void scenario4_duplicateAfterReassignAndClose_isOnlyCounted() {
    InboundSample first = fleet.text("s4", "s4-1", "hello");
    assertThat(fleet.send(0, first).status()).isEqualTo(200);
    JsonNode opened = fleet.conversationOf("s4");
    assertThat(post("sue", opened, Map.of("agent", "alice")).status()).isEqualTo(200);
    assertThat(post("sue", opened, Map.of("agent", "bob")).status()).isEqualTo(200);

    repeatChangesNothing(1, "reassigned");
    assertThat(post("bob", opened, Map.of()).status()).isEqualTo(200);
    assertThat(state("s4").asText()).isEqualTo("resolved");
    Awaitility.await("the reopen window ends")
        .atMost(Duration.ofSeconds(10))
        .until(() -> state("s4").asText().equals("closed"));
    repeatChangesNothing(0, "closed");

    assertThat(fleet.send(1, fleet.text("s4", "s4-2", "hello again")).status()).isEqualTo(200);
    repeatChangesNothing(0, "followed by another conversation");
  }

  private static void repeatChangesNothing(int node, String when) {
    List<JsonNode> before = fleet.conversationsOf("s4");
    List<String> cursors = new ArrayList<>();
    List<String> agents = List.of("alice", "bob");
    agents.forEach(agent -> cursors.add(fleet.snapshot(agent).path("cursor").asText()));
    double counted = fleet.metric("frontdesk_intake_total", "outcome=\"duplicate\"");

    Fleet.Reply repeat = fleet.send(node, fleet.text("s4", "s4-1", "hello"));

    assertThat(repeat.status()).as(when).isEqualTo(200);
    assertThat(repeat.json().path("duplicates").asInt()).as(when).isEqualTo(1);
    assertThat(fleet.conversationsOf("s4")).as(when).isEqualTo(before);
    for (int i = 0; i < agents.size(); i++) {
      assertThat(changesSince(agents.get(i), cursors.get(i))).as(when).isEmpty();
    }
    assertThat(fleet.metric("frontdesk_intake_total", "outcome=\"duplicate\"") - counted)
        .as(when)
        .isEqualTo(1);
  }

  /** No platform repeats for longer than seven days; the record is of the message's own commit. */
  @Test
  void scenario4_dedupeRecord_outlivesTheLongestRetry() {
    fleet.send(0, fleet.text("s4-ttl", "s4-ttl-1", "hello"));

    long shortest =
        Long.parseLong(
            fleet
                .redis()
                .ask(
                    "EVAL \"local least = 1e18; for _, key in"
                        + " ipairs(redis.call('KEYS', '{acme}:d:*')) do"
                        + " least = math.min(least, redis.call('PTTL', key)) end return least\" 0")
                .substring(1));

    assertThat(Duration.ofMillis(shortest)).isBetween(Duration.ofDays(8), Duration.ofDays(12));
  }

  private Fleet.Reply sendWechat(int node, InboundSample sample) {
    return TestGateway.await(
        fleet.post(fleet.node(node).url().resolve("/webhooks/acme/wechat"), sample));
  }

  /** WxJava #1745, #2231: events carry no id, and sender with second is no key. */
  @Test
  void scenario5_twoEventsOfOneSecond_areBothKept_andTheirRepeatsAreNot() {
    Instant second = Fleet.now();
    sendWechat(0, wechat.message("s5", "s5", "hello", "s5-1", second));
    sendWechat(1, wechat.message("s5", "s5", "hello", "s5-2", second));
    List<InboundSample> events =
        List.of(
            wechat.event("s5", "CLICK", "prices", second),
            wechat.event("s5", "CLICK", "opening-hours", second),
            wechat.event("s5", "VIEW", "https://shop.example.com/", second),
            wechat.event("s5", "SCAN", "prices", second));
    List<Future<Fleet.Reply>> calls = new ArrayList<>();
    for (int n = 0; n < 3 * events.size(); n++) {
      calls.add(
          fleet.post(
              fleet.node(n / 2).url().resolve("/webhooks/acme/wechat"),
              events.get(n % events.size())));
    }

    assertThat(TestGateway.await(Future.all(calls)).<Fleet.Reply>list())
        .allMatch(reply -> reply.status() == 200);
    sendWechat(1, wechat.message("s5", "s5", "hello", "s5-1", second));

    List<JsonNode> stored = fleet.messages(fleet.conversationOf("s5").path("id").asText());
    assertThat(stored).hasSize(2 + events.size());
    assertThat(stored.subList(0, 2))
        .extracting(m -> m.path("externalId").asText())
        .containsExactly("s5-1", "s5-2");
    assertThat(stored.subList(2, stored.size()))
        .extracting(
            m ->
                m.path("content").path("name").asText()
                    + " "
                    + m.path("content").path("data").path("eventKey").asText())
        .containsExactlyInAnyOrder(
            "CLICK prices", "CLICK opening-hours", "VIEW https://shop.example.com/", "SCAN prices");
  }

  private static InboundSample change(String what, String contact, int nth, Instant at) {
    String type = what.substring(0, what.length() - 1);
    return fleet.event(
        String.format(
            Locale.ROOT,
            """
            {"id":"%1$s-%2$s","type":"%3$s","target":"%1$s-m","contact":{"id":"%1$s"},
             "sentAt":"%4$s","content":{"kind":"text","text":"text %5$d of %1$s"}}
            """,
            contact,
            what,
            type,
            at.plusMillis(nth),
            nth));
  }

  private static InboundSample part(String what, String contact, Instant at) {
    return switch (what) {
      case "message0" ->
          DeskYaml.CUSTOMER.message(contact, contact, "text 0 of " + contact, contact + "-m", at);
      case "edit1" -> change(what, contact, 1, at);
      case "edit2" -> change(what, contact, 2, at);
      default -> change("delete3", contact, 3, at);
    };
  }

  private static List<List<String>> orders(List<String> parts) {
    if (parts.isEmpty()) {
      return List.of(List.of());
    }
    List<List<String>> orders = new ArrayList<>();
    for (String first : parts) {
      List<String> rest = new ArrayList<>(parts);
      rest.remove(first);
      for (List<String> order : orders(rest)) {
        List<String> one = new ArrayList<>(List.of(first));
        one.addAll(order);
        orders.add(one);
      }
    }
    return orders;
  }

  private static void arrive(String contact, List<String> order, Instant at) {
    int node = 0;
    for (String what : order) {
      assertThat(fleet.send(node++, part(what, contact, at)).status()).as(what).isEqualTo(200);
    }
  }

  /** fazer-ai/chatwoot #373, #395: edit2, delete, message, edit1 is one of the 24 orders. */
  @Test
  void scenario21_outOfOrderEditsAndDeletes_endDeleted_whateverTheirOrder() {
    Instant at = Fleet.now().minusSeconds(5);
    List<List<String>> orders = orders(List.of("edit2", "delete3", "message0", "edit1"));
    assertThat(orders).contains(List.of("edit2", "delete3", "message0", "edit1")).hasSize(24);
    for (int n = 0; n < orders.size(); n++) {
      String contact = "s21-" + n;
      arrive(contact, orders.get(n), at);

      JsonNode conversation = fleet.conversationOf(contact);
      String id = conversation.path("id").asText();
      String order = orders.get(n).toString();
      assertThat(fleet.messages(id)).as(order).hasSize(1);
      assertThat(fleet.messages(id).toString()).as(order).doesNotContain("of " + contact);
      assertThat(conversation.toString()).as(order).doesNotContain("of " + contact);
      assertThat(fleet.as("sue").get("/api/v1/conversations/" + id + "/events").body().toString())
          .as(order)
          .doesNotContain("of " + contact);
    }
  }

  @Test
  void scenario21_edits_areOrderedByThePlatformsTime_andTouchNeitherClockNorList() {
    Instant at = Fleet.now().minusSeconds(5);
    List<List<String>> orders = orders(List.of("edit2", "message0", "edit1"));
    for (int n = 0; n < orders.size(); n++) {
      String contact = "s21-edit-" + n;
      arrive(contact, orders.get(n), at);

      JsonNode conversation = fleet.conversationOf(contact);
      JsonNode message = fleet.messages(conversation.path("id").asText()).get(0);
      String order = orders.get(n).toString();
      assertThat(message.path("content").path("text").asText())
          .as(order)
          .isEqualTo("text 2 of " + contact);
      assertThat(conversation.path("lastSeq").asInt()).as(order).isEqualTo(1);
      assertThat(conversation.path("lastMessageAt"))
          .as(order)
          .isEqualTo(message.path("receivedAt"));
      JsonNode clock = conversation.path("clocks").path("firstResponse");
      assertThat(clock.path("startedAt")).as(order).isEqualTo(message.path("receivedAt"));
      assertThat(clock.path("state").asText()).as(order).isEqualTo("running");
      assertThat(conversation.path("clocks").path("nextResponse").path("state").asText(""))
          .as(order)
          .isEmpty();
    }
  }

  /** They used to vanish after ten minutes; the test brings their time nearer. */
  @Test
  void scenario21_orphans_areSurfaced_notDropped() {
    Instant at = Fleet.now().minusSeconds(5);
    assertThat(fleet.send(0, fleet.text("s21-orphan", "s21-other", "hello")).status())
        .isEqualTo(200);
    arrive("s21-orphan", List.of("edit1", "delete3"), at);
    Store store = fleet.node(1).gateway().store();
    Key timers = new RedisKeys("acme").timers();
    String waiting =
        TestGateway.await(store.sorted(timers, 0, -1)).stream()
            .map(Scored::member)
            .filter(member -> member.startsWith("O:hook."))
            .findFirst()
            .orElseThrow();

    Instant now = store.clock("acme").now();
    TestGateway.await(
        store.commit(
            Commit.of("acme", now, Commit.Urgency.RELEASING)
                .write(new Write.SortedAdd(timers, waiting, now.toEpochMilli()))
                .wake("t:" + now.toEpochMilli())
                .build()));

    String id = fleet.conversationOf("s21-orphan").path("id").asText();
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(fleet.messages(id)).hasSize(2));
    JsonNode note = fleet.messages(id).get(1);
    assertThat(note.path("direction").asText()).isEqualTo("note");
    assertThat(note.path("content").path("text").asText()).isEqualTo("text 1 of s21-orphan");
    List<String> lines = new ArrayList<>();
    fleet
        .as("sue")
        .get("/api/v1/conversations/" + id + "/events")
        .body()
        .path("events")
        .forEach(line -> lines.add(line.path("what").asText() + line.path("details")));
    assertThat(lines)
        .anyMatch(line -> line.startsWith("orphan") && line.contains("s21-orphan-edit1"))
        .anyMatch(line -> line.startsWith("orphan") && line.contains("s21-orphan-delete3"));
    assertThat(fleet.metric("frontdesk_orphans_total", "channel=\"hook\"")).isEqualTo(2);
  }

  @Test
  void scenario21_editAfterTheAnswer_startsNoClock() {
    Instant at = Fleet.now().minusSeconds(5);
    arrive("s21-late", List.of("message0"), at);
    post("sue", fleet.conversationOf("s21-late"), Map.of("agent", "alice"));
    JsonNode assigned = fleet.conversationOf("s21-late");
    assertThat(fleet.reply("alice", assigned, "here you are", "s21-late").status()).isEqualTo(201);
    JsonNode before = fleet.conversationOf("s21-late");

    arrive("s21-late", List.of("edit1", "edit2"), at);

    JsonNode after = fleet.conversationOf("s21-late");
    assertThat(after.path("clocks")).isEqualTo(before.path("clocks"));
    assertThat(after.path("lastMessageAt")).isEqualTo(before.path("lastMessageAt"));
    assertThat(after.path("preview").asText()).isEqualTo("here you are");
  }
}
