// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.customer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.gateway.customer.CustomerDesk.Reply;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Customers on two gateways with one real Redis: scenarios 18 and 20, lookup, erasure. */
class CustomersLiveTest {

  @TempDir private Path folder;

  private static Instant due(JsonNode conversation) {
    return Instant.parse(conversation.at("/clocks/firstResponse/dueAt").asText());
  }

  private static Instant opened(JsonNode conversation) {
    return Instant.parse(conversation.path("openedAt").asText());
  }

  private static void ok(Reply reply) {
    assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
  }

  @Test
  void scenario18_tierOfACustomerRaised_appliesToAllItsOpenConversationsAtOnce() {
    try (CustomerDesk desk = new CustomerDesk(folder, 2, "")) {
      desk.message(0, "hook", "u1", "a1");
      desk.message(1, "hook", "u1", "a2", new JsonObject().put("thread", "t7"));
      desk.message(0, "hook", "u2", "a3");
      Instant before = due(desk.of("hook", "u2"));
      assertThat(desk.conversations("&channel=hook")).hasSize(3);

      Reply put =
          desk.call(1, "olga", "PUT", "/customers/c-1", CustomerDesk.customer("gold", "hook/u1"));

      ok(put);
      List<JsonNode> hers = desk.conversations("&customer=c-1");
      assertThat(hers).hasSize(2);
      for (JsonNode one : hers) {
        assertThat(one.path("promise").asText()).isEqualTo("gold");
        assertThat(one.path("priority").asInt()).isEqualTo(2);
        assertThat(one.at("/customer/tier").asText()).isEqualTo("gold");
        assertThat(one.at("/customer/id").asText()).isEqualTo("c-1");
        assertThat(due(one))
            .isBetween(
                opened(one).plus(Duration.ofHours(1)),
                java.time.Clock.systemUTC().instant().plusSeconds(3601));
      }
      assertThat(desk.of("hook", "u2").path("promise").asText()).isEqualTo("normal");
      assertThat(due(desk.of("hook", "u2"))).isEqualTo(before);

      // from_creation counts from the opening; and a lower tier takes nothing back
      ok(desk.call(0, "olga", "PUT", "/customers/c-2", CustomerDesk.customer("silver", "hook/u2")));
      JsonNode silver = desk.of("hook", "u2");
      assertThat(due(silver)).isEqualTo(opened(silver).plus(Duration.ofHours(2)));
      ok(desk.call(0, "olga", "PUT", "/customers/c-1", CustomerDesk.customer("none", "hook/u1")));
      for (JsonNode one : desk.conversations("&customer=c-1")) {
        assertThat(one.path("promise").asText()).isEqualTo("gold");
        assertThat(one.at("/customer/tier").asText()).isEqualTo("none");
      }
    }
  }

  @Test
  void scenario20_mergedCustomers_keepTheirConversations_andASplitRestoresThem() {
    try (CustomerDesk desk = new CustomerDesk(folder, 2, "")) {
      desk.message(0, "hook", "V", "v1", CustomerDesk.tier("gold"));
      JsonNode v = desk.taken(0, "alice", "hook", "V");
      desk.message(1, "wx", "W", "w1");
      JsonNode w = desk.taken(1, "bob", "wx", "W");
      desk.message(1, "chat", "B", "b1");
      JsonNode b = desk.of("chat", "B");
      assertThat(b.path("state").asText()).isEqualTo("bot");
      Instant dueBefore = due(w);
      String alices = desk.cursor(0, "alice");
      String bobs = desk.cursor(1, "bob");

      // joined without a tier: the higher one of what is known counts
      Reply joined =
          desk.call(
              1,
              "olga",
              "PUT",
              "/customers/c-1",
              CustomerDesk.customer(null, "hook/V", "wx/W", "chat/B"));

      ok(joined);
      assertThat(joined.body().path("tier").asText()).isEqualTo("gold");
      assertThat(desk.conversations("&customer=c-1")).hasSize(3);
      JsonNode v2 = desk.of("hook", "V");
      JsonNode w2 = desk.of("wx", "W");
      JsonNode b2 = desk.of("chat", "B");
      assertThat(List.of(v2.path("id"), w2.path("id"), b2.path("id")))
          .containsExactly(v.path("id"), w.path("id"), b.path("id"));
      assertThat(v2.at("/owner/id").asText()).isEqualTo("alice");
      assertThat(w2.at("/owner/id").asText()).isEqualTo("bob");
      assertThat(b2.at("/owner/id").asText()).isEqualTo("faq");
      for (JsonNode one : List.of(v2, w2, b2)) {
        assertThat(one.at("/customer/id").asText()).isEqualTo("c-1");
        assertThat(one.at("/customer/tier").asText()).isEqualTo("gold");
        assertThat(one.path("promise").asText()).isEqualTo("gold");
      }
      assertThat(due(w2)).isBefore(dueBefore);
      assertThat(due(v2)).isEqualTo(due(v));
      assertThat(told(desk.since(0, "alice", alices))).contains("updated customer");
      assertThat(told(desk.since(1, "bob", bobs))).contains("updated customer");
      // not fused: each message is where it was, by the identity that wrote it
      assertThat(author(desk, w2, 1)).isEqualTo(w.at("/customer/id").asText());

      Reply split =
          desk.call(0, "olga", "PUT", "/customers/c-1", CustomerDesk.customer("gold", "hook/V"));

      ok(split);
      JsonNode w3 = desk.of("wx", "W");
      assertThat(w3.at("/customer/id").asText()).isEqualTo(w.at("/customer/id").asText());
      assertThat(w3.at("/customer/tier").isNull()).isTrue();
      assertThat(due(w3)).as("never later").isEqualTo(due(w2));
      assertThat(desk.conversations("&customer=c-1")).hasSize(1);
      assertThat(desk.conversations("&customer=" + w.at("/customer/id").asText())).hasSize(1);
      // nothing is ever joined by itself: the same id elsewhere is another person
      desk.message(0, "wx", "V", "v9");
      assertThat(desk.of("wx", "V").at("/customer/id").asText()).isNotEqualTo("c-1");
      assertThat(desk.of("wx", "V").path("promise").asText()).isEqualTo("normal");
    }
  }

  private static List<String> told(List<JsonNode> changes) {
    return changes.stream()
        .map(c -> c.path("type").asText() + " " + c.path("reason").asText(""))
        .toList();
  }

  private static String author(CustomerDesk desk, JsonNode conversation, int seq) {
    return desk.call(
            0,
            "sue",
            "GET",
            "/conversations/" + conversation.path("id").asText() + "/messages?after=" + (seq - 1),
            null)
        .body()
        .at("/messages/0/author/id")
        .asText();
  }

  @Test
  void openingOfALinkedContact_hasItsTier_alsoOnTheOtherNode() {
    try (CustomerDesk desk = new CustomerDesk(folder, 2, "")) {
      desk.message(1, "hook", "somebody", "s1");
      JsonObject told =
          CustomerDesk.customer("gold", "hook/u1")
              .put("attributes", new JsonObject().put("region", "north"));
      ok(desk.call(0, "olga", "PUT", "/customers/c-1", told));

      Awaitility.await()
          .until(
              () -> {
                String id = "u" + System.nanoTime();
                ok(
                    desk.call(
                        0,
                        "olga",
                        "PUT",
                        "/customers/" + id,
                        CustomerDesk.customer("gold", "hook/" + id)));
                desk.message(1, "hook", id, "m" + id);
                return desk.of("hook", id).path("promise").asText().equals("gold");
              });
      desk.message(1, "hook", "u1", "m1", CustomerDesk.tier("platinum"));

      JsonNode opened = desk.of("hook", "u1");
      assertThat(opened.path("promise").asText()).isEqualTo("gold");
      assertThat(opened.path("category").asText()).isEqualTo("usage");
      assertThat(opened.at("/customer/name").asText()).isEqualTo("Uma Example");
      assertThat(opened.at("/customer/tier").asText()).isEqualTo("gold");
      Reply get = desk.call(1, "olga", "GET", "/customers/c-1", null);
      assertThat(get.body().path("attributes").path("region").asText()).isEqualTo("north");
      ok(desk.call(1, "olga", "PUT", "/customers/c-1", new JsonObject(get.body().toString())));
    }
  }

  @Test
  void identityOfAnotherCustomer_isRefused() {
    try (CustomerDesk desk = new CustomerDesk(folder, 1, "")) {
      ok(desk.call(0, "olga", "PUT", "/customers/c-1", CustomerDesk.customer("gold", "hook/u1")));

      Reply second =
          desk.call(0, "olga", "PUT", "/customers/c-2", CustomerDesk.customer("gold", "hook/u1"));

      assertThat(second.status()).isEqualTo(409);
      assertThat(second.body().path("type").asText()).endsWith("identity-linked");
      assertThat(desk.call(0, "olga", "GET", "/customers/c-2", null).status()).isEqualTo(404);
      assertThat(desk.call(0, "sue", "GET", "/customers/c-1", null).status()).isEqualTo(403);
    }
  }

  @Test
  void erasure_leavesNothingReadable_inAnyKey_evenAfterTheNextMessage() {
    try (CustomerDesk desk = new CustomerDesk(folder, 2, "")) {
      JsonObject secret =
          new JsonObject()
              .put("contact", new JsonObject().put("name", "PLANTED-NAME"))
              .put("content", new JsonObject().put("text", "PLANTED-TEXT urgent"));
      desk.message(0, "hook", "PLANTED-ID", "e1", secret);
      desk.taken(0, "alice", "hook", "PLANTED-ID");
      JsonNode mine = desk.of("hook", "PLANTED-ID");
      String path = "/conversations/" + mine.path("id").asText();
      Reply reply =
          desk.call(
              1,
              "alice",
              "POST",
              path + "/messages",
              new JsonObject()
                  .put("text", "PLANTED-ANSWER")
                  .put("epoch", mine.path("epoch").asInt()));
      assertThat(reply.status()).isEqualTo(201);
      desk.call(0, "alice", "POST", path + "/notes", new JsonObject().put("text", "PLANTED-NOTE"));
      desk.message(1, "hook", "PLANTED-ID", "e2", secret.copy().put("thread", "PLANTED-THREAD"));
      desk.message(1, "chat", "PLANTED-ID", "e3", secret);
      JsonObject told =
          CustomerDesk.customer("gold", "hook/PLANTED-ID", "chat/PLANTED-ID")
              .put("name", "PLANTED-NAME")
              .put("attributes", new JsonObject().put("street", "PLANTED-STREET"));
      ok(desk.call(0, "olga", "PUT", "/customers/c-1", told));
      desk.message(0, "wx", "u2", "other");
      assertThat(planted(desk)).as("the control: it is all there before").hasSizeGreaterThan(8);
      String alices = desk.cursor(0, "alice");

      Reply erased = desk.call(1, "olga", "DELETE", "/customers/c-1", null);

      assertThat(erased.status()).as(String.valueOf(erased.body())).isEqualTo(204);
      assertThat(planted(desk)).isEmpty();
      assertThat(told(desk.since(0, "alice", alices))).contains("removed closed");
      assertThat(desk.conversations("")).hasSize(1);
      assertThat(desk.call(0, "olga", "GET", "/customers/c-1", null).status()).isEqualTo(404);
      assertThat(desk.call(0, "olga", "DELETE", "/customers/c-1", null).status()).isEqualTo(404);
      // a platform's repeat brings nothing back, on either node
      for (int node = 0; node < 2; node++) {
        assertThat(
                desk.message(node, "hook", "PLANTED-ID", "e1", secret).path("duplicates").asInt())
            .isEqualTo(1);
      }
      assertThat(planted(desk)).isEmpty();
      // the next message opens as a stranger's does, and only it is there
      desk.message(0, "hook", "PLANTED-ID", "e9", new JsonObject());
      JsonNode next = desk.of("hook", "PLANTED-ID");
      assertThat(next.path("promise").asText()).isEqualTo("normal");
      assertThat(next.path("lastSeq").asInt()).isEqualTo(1);
      assertThat(desk.everything().toString())
          .doesNotContain("PLANTED-TEXT", "PLANTED-NAME", "PLANTED-STREET", "PLANTED-ANSWER")
          .doesNotContain("PLANTED-NOTE", "PLANTED-THREAD");
      Awaitility.await("alice, who has room for one, is offered another")
          .until(
              () ->
                  desk.changes(0, "alice").stream()
                      .anyMatch(c -> c.path("type").asText().equals("offered")));
    }
  }

  /** The first commit of an erasure is all that a node did before it died. */
  @Test
  void erasure_ofANodeThatDied_isEndedByTheTimer() {
    try (CustomerDesk desk = new CustomerDesk(folder, 1, "")) {
      desk.message(0, "hook", "PLANTED-ID", "e1");
      desk.message(0, "hook", "PLANTED-ID", "e2", new JsonObject().put("thread", "t1"));
      desk.message(0, "hook", "u2", "e3");
      String identity = desk.of("hook", "PLANTED-ID").at("/customer/id").asText();
      long now = java.time.Clock.systemUTC().millis();

      desk.redis(
          commands -> {
            commands.hset("{acme}:ce", "c-9", now + " " + identity);
            commands.zadd("{acme}:t", (double) now, "k:c-9:1");
          });

      Awaitility.await()
          .until(() -> planted(desk).isEmpty() && !desk.everything().containsKey("{acme}:ce"));
      assertThat(desk.everything().get("{acme}:t")).doesNotContain("k:c-9:1");
      assertThat(desk.conversations("")).hasSize(1);
      assertThat(
              desk.call(0, "olga", "PUT", "/customers/c-9", CustomerDesk.customer("gold")).status())
          .isEqualTo(200);
    }
  }

  /** Keys in which something planted can be read. */
  private static List<String> planted(CustomerDesk desk) {
    return desk.everything().entrySet().stream()
        .filter(e -> (e.getKey() + e.getValue()).contains("PLANTED"))
        .map(Map.Entry::getKey)
        .toList();
  }

  @Test
  void erasure_ofAContactWithoutALink_isByTheIdItsConversationsShow() {
    try (CustomerDesk desk = new CustomerDesk(folder, 1, "")) {
      desk.message(0, "hook", "PLANTED-ID", "e1");
      desk.message(0, "hook", "u2", "e2");
      String id = desk.of("hook", "PLANTED-ID").at("/customer/id").asText();
      Reply shown = desk.call(0, "olga", "GET", "/customers/" + id, null);
      assertThat(shown.body().at("/identities/0/externalId").asText()).isEqualTo("PLANTED-ID");

      Reply erased = desk.call(0, "olga", "DELETE", "/customers/" + id, null);

      assertThat(erased.status()).isEqualTo(204);
      assertThat(planted(desk)).isEmpty();
      assertThat(desk.conversations("")).hasSize(1);
    }
  }
}
