// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.config.OneOf;
import dev.frontdesk.connector.DeliveryStatus;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.gateway.agent.AgentInbox;
import dev.frontdesk.gateway.conversation.EventRow;
import dev.frontdesk.gateway.conversation.JsonCodec;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Author;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.Effect;
import dev.frontdesk.gateway.domain.Message;
import dev.frontdesk.gateway.domain.Owner;
import dev.frontdesk.gateway.domain.Refusal;
import dev.frontdesk.gateway.event.EventJson;
import dev.frontdesk.gateway.event.EventLetter;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.Write;
import dev.frontdesk.gateway.timer.TimerLetter;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The document that is served describes the server that serves it, both ways. */
class OpenApiTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static EdgeFixture edge;
  private static JsonNode document;

  @BeforeAll
  static void start() throws IOException {
    edge = new EdgeFixture();
    var served = edge.call("GET", "/openapi.yaml", null, null);
    assertThat(served.statusCode()).isEqualTo(200);
    document = new ObjectMapper(new YAMLFactory()).readTree(served.body());
  }

  @AfterAll
  static void stop() {
    edge.close();
  }

  @Test
  void routes_areTheDocumented() {
    Set<String> served = new TreeSet<>();
    for (ApiRoute route : ApiRoute.values()) {
      served.add(route.method().name() + " " + route.path());
    }
    Set<String> documented = new TreeSet<>();
    document
        .get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        method -> {
                          if (path.getKey().startsWith(ApiRoute.ROOT)
                              && !method.equals("parameters")) {
                            documented.add(
                                method.toUpperCase(java.util.Locale.ROOT) + " " + path.getKey());
                          }
                        }));

    assertThat(documented).isEqualTo(served);
  }

  @Test
  void document_isWholeInItself() {
    List<String> broken = new ArrayList<>();
    references(document, broken);

    assertThat(broken).isEmpty();
  }

  private static void references(JsonNode node, List<String> broken) {
    if (node.has("$ref")) {
      String pointer = node.get("$ref").asText().substring(1);
      if (document.at(pointer).isMissingNode()) {
        broken.add(pointer);
      }
    }
    node.forEach(child -> references(child, broken));
  }

  /** Every route answers once with what it is for; each answer is valid for its place. */
  @Test
  void answers_areValid() {
    prepare();
    Set<ApiRoute> seen = new TreeSet<>();
    String c1 = ApiRoute.ROOT + "/conversations/c1";
    check(seen, ApiRoute.PRESENCE, "acme-alice", null, "{\"presence\":\"available\"}", 200);
    check(seen, ApiRoute.POLL, "acme-alice", null, null, 200);
    check(seen, ApiRoute.TAKE, "acme-alice", null, null, 200);
    check(seen, ApiRoute.TAKE, "acme-alice", null, null, 204);
    check(seen, ApiRoute.CONVERSATIONS, "acme-alice", null, null, 200);
    check(seen, ApiRoute.CONVERSATION, "acme-alice", c1, null, 200);
    check(seen, ApiRoute.MESSAGES, "acme-alice", c1 + "/messages", null, 200);
    check(seen, ApiRoute.EVENTS, "acme-alice", c1 + "/events", null, 200);
    check(seen, ApiRoute.ACCEPT, "acme-alice", c1 + "/accept", "{\"offer\":\"o\"}", 200);
    check(seen, ApiRoute.DECLINE, "acme-alice", c1 + "/decline", "{\"offer\":\"o\"}", 200);
    check(seen, ApiRoute.SEND, "acme-alice", c1 + "/messages", "{\"text\":\"x\",\"epoch\":3}", 201);
    check(seen, ApiRoute.TYPING, "acme-alice", c1 + "/typing", "{}", 204);
    check(seen, ApiRoute.NOTE, "acme-alice", c1 + "/notes", "{\"text\":\"x\"}", 200);
    check(seen, ApiRoute.TRANSFER, "acme-alice", c1 + "/transfer", "{\"queue\":\"vip\"}", 200);
    check(seen, ApiRoute.PAUSE, "acme-alice", c1 + "/pause", "{\"on\":\"supplier\"}", 200);
    check(seen, ApiRoute.RESUME, "acme-alice", c1 + "/resume", null, 200);
    check(seen, ApiRoute.RELEASE, "acme-alice", c1 + "/release", null, 200);
    check(seen, ApiRoute.RESOLVE, "acme-alice", c1 + "/resolve", "{}", 200);
    check(seen, ApiRoute.ASSIGN, "acme-sue", c1 + "/assign", "{\"agent\":\"alice\"}", 200);
    check(seen, ApiRoute.PROMISE, "acme-sue", c1 + "/promise", "{\"promise\":\"urgent\"}", 200);
    check(seen, ApiRoute.ACKNOWLEDGE, "acme-sue", c1 + "/escalation/acknowledge", null, 200);
    check(seen, ApiRoute.QUEUE, "acme-sue", null, null, 200);
    check(seen, ApiRoute.AGENTS, "acme-sue", null, null, 200);
    check(seen, ApiRoute.FIRST_RESPONSE, "acme-sue", null, null, 200);
    check(seen, ApiRoute.CLOCKS, "acme-sue", null, null, 200);
    check(seen, ApiRoute.LIVE, "acme-sue", null, null, 200);
    check(seen, ApiRoute.CHANNELS, "acme-otto", null, null, 200);
    check(seen, ApiRoute.DEAD_LETTERS, "acme-otto", null, null, 200);
    String letters = ApiRoute.ROOT + "/dead-letters/";
    check(seen, ApiRoute.RETRY_DEAD_LETTER, "acme-otto", letters + "c1.2/retry", null, 202);
    check(seen, ApiRoute.DELETE_DEAD_LETTER, "acme-otto", letters + "c1.3", null, 204);
    String timer = edge.rooms.timerLetters.keySet().iterator().next();
    assertThat(
            edge.call(
                    "POST",
                    letters + timer + "/retry",
                    "acme-otto",
                    null,
                    Map.of("Idempotency-Key", "timer"))
                .statusCode())
        .isEqualTo(202);
    assertThat(edge.call("DELETE", letters + timer, "acme-otto", null).statusCode()).isEqualTo(404);
    assertThat(edge.rooms.timerLetters).isEmpty();
    String sue = ApiRoute.ROOT + "/agents/sue/";
    check(seen, ApiRoute.DISABLE_AGENT, "acme-otto", sue + "disable", null, 200);
    check(seen, ApiRoute.ENABLE_AGENT, "acme-otto", sue + "enable", null, 200);
    String customer = ApiRoute.ROOT + "/customers/c-42";
    check(
        seen,
        ApiRoute.PUT_CUSTOMER,
        "acme-otto",
        customer,
        "{\"name\":\"Uma\",\"tier\":\"gold\",\"attributes\":{\"region\":\"north\"},"
            + "\"identities\":[{\"channel\":\"hook\",\"externalId\":\"u1\"}]}",
        200);
    check(seen, ApiRoute.CUSTOMER, "acme-otto", customer, null, 200);
    check(seen, ApiRoute.ERASE_CUSTOMER, "acme-otto", customer, null, 204);

    assertThat(seen).containsExactlyInAnyOrder(ApiRoute.values());
  }

  @Test
  void problems_areValid() {
    edge.rooms.open("acme", "c5", Owner.agent(new Agent.Id("bob")));
    String messages = ApiRoute.ROOT + "/conversations/c5/messages";
    for (Refusal.Code code : Refusal.Code.values()) {
      edge.rooms.refusal = new Refusal(code, "because");
      var answer =
          edge.call(
              "POST",
              messages,
              "acme-alice",
              "{\"text\":\"x\",\"epoch\":1}",
              Map.of("Idempotency-Key", "p" + code));

      assertThat(answer.statusCode()).as(code.name()).isBetween(404, 503);
      validate("problem of " + code, schema("#/components/schemas/Problem"), answer.body());
    }
    edge.rooms.refusal = null;
    validate(
        "401",
        schema("#/components/schemas/Problem"),
        edge.call("GET", messages, null, null).body());
  }

  /** Of every name that the rules announce, and no other. */
  @Test
  void announcements_areValid() {
    List<String> names = new ArrayList<>();
    schema("#/components/schemas/Announcement")
        .at("/properties/type/enum")
        .forEach(name -> names.add(name.asText()));
    for (String name : names) {
      EventRow row =
          EventRow.decode(
              "[\""
                  + name
                  + "\",1,\"c1\",2,0,\"hook\",\"assigned\",\"support\",\"urgent\",5,\"aalice\",9,\"k\",\"v\"]");
      validate(
          name, schema("#/components/schemas/Announcement"), EventJson.of("acme", row).encode());
    }
    assertThat(names)
        .containsExactly(
            FrontdeskConfig.EventEndpoint.class
                .getRecordComponents()[2]
                .getAnnotation(OneOf.class)
                .value());
  }

  /** The control: a member too many, one too few and a wrong type are all found. */
  @Test
  void validation_canFail() {
    JsonNode owner = schema("#/components/schemas/Problem");
    for (String wrong :
        List.of(
            "{\"type\":\"urn:frontdesk:problem:x\",\"title\":\"\",\"status\":409}",
            "{\"type\":\"urn:frontdesk:problem:x\",\"title\":\"\",\"status\":\"409\",\"detail\":\"\"}",
            "{\"type\":\"urn:frontdesk:problem:x\",\"title\":\"\",\"status\":409,\"detail\":\"\",\"x\":1}",
            "{\"type\":\"urn:frontdesk:problem:x\",\"title\":\"\",\"status\":409,\"detail\":\"\",\"owner\":{}}")) {
      org.assertj.core.api.Assertions.assertThatThrownBy(() -> validate("wrong", owner, wrong))
          .isInstanceOf(AssertionError.class);
    }
  }

  private static void check(
      Set<ApiRoute> seen, ApiRoute route, String token, String path, String body, int status) {
    Map<String, String> headers =
        route.needsIdempotencyKey() ? Map.of("Idempotency-Key", route + "-" + status) : Map.of();
    HttpResponse<String> answer =
        edge.call(route.method().name(), path == null ? route.path() : path, token, body, headers);

    assertThat(answer.statusCode()).as(route + " " + answer.body()).isEqualTo(status);
    seen.add(route);
    JsonNode operation =
        document
            .get("paths")
            .get(route.path())
            .get(route.method().name().toLowerCase(java.util.Locale.ROOT));
    JsonNode response = resolve(operation.get("responses").get(String.valueOf(status)));
    JsonNode schema = response.at("/content/application~1json/schema");
    if (response.at("/content").has("text/event-stream")) {
      assertThat(answer.headers().firstValue("content-type")).contains("text/event-stream");
      assertThat(answer.body()).startsWith("retry: 2000\nid: ");
    } else if (schema.isMissingNode()) {
      assertThat(answer.body()).isEmpty();
    } else {
      validate(route.name(), schema, answer.body());
    }
    if (body != null) {
      validate(
          route + " request",
          resolve(operation.get("requestBody")).at("/content/application~1json/schema"),
          body);
    }
  }

  private static JsonNode resolve(JsonNode node) {
    return node.has("$ref") ? document.at(node.get("$ref").asText().substring(1)) : node;
  }

  private static JsonNode schema(String pointer) {
    return document.at(pointer.substring(1));
  }

  /** The document's schemas are one JSON Schema once the components are put into it. */
  private static void validate(String what, JsonNode schema, String body) {
    try {
      var whole = JSON.createObjectNode();
      whole.set("components", document.get("components"));
      whole.set("allOf", JSON.createArrayNode().add(schema));
      JsonSchema validator =
          JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(whole);
      Set<ValidationMessage> problems = validator.validate(JSON.readTree(body));

      assertThat(problems).as(what + ": " + body).isEmpty();
    } catch (IOException e) {
      throw new AssertionError(what + ": " + body, e);
    }
  }

  /** One conversation with a message of every kind, an offer, a history and two dead letters. */
  private static void prepare() {
    Conversation conversation = edge.rooms.open("acme", "c1", Owner.agent(new Agent.Id("alice")));
    edge.rooms.messages.put(conversation.id(), messages());
    Conversation offered = edge.rooms.open("acme", "c4", null);
    edge.rooms.next = Optional.of(offered.id());
    edge.rooms.deadLetters.put("c1.2", "rejected by the platform");
    edge.rooms.deadLetters.put("c1.3", "unknown");
    EventLetter letter =
        new EventLetter(
            "crm",
            EventRow.decode(
                "[\"promise.breached\",1,\"c1\",2,0,\"hook\",\"waiting\",\"support\",\"urgent\",5,\"\",0]"),
            "the endpoint answered 500",
            FakeRooms.NOW);
    edge.rooms.eventLetters.put(letter.id(), letter);
    TimerLetter timer = new TimerLetter("b:c1:3", "cannot be done", FakeRooms.NOW);
    edge.rooms.timerLetters.put(timer.id(), timer);
    List<AgentInbox.Change> changes = new ArrayList<>();
    for (Effect.InboxRow.Change type : Effect.InboxRow.Change.values()) {
      changes.add(new AgentInbox.Change(type, conversation.id(), 1, "requeued"));
    }
    edge.rooms.page = Future.succeededFuture(new AgentInbox.Page("1-memory.0-0", changes, false));
    RedisKeys keys = new RedisKeys("acme");
    Effect.Audit audit =
        new Effect.Audit(
            FakeRooms.NOW,
            "assigned",
            new Author(Author.Kind.SYSTEM, "router", null),
            Map.of("rule", "take"));
    EdgeFixture.await(
        edge.store.commit(
            Commit.of("acme", FakeRooms.NOW, Commit.Urgency.RELEASING)
                .write(
                    new Write.SortedAdd(keys.index(), "c1", (double) FakeRooms.NOW.toEpochMilli()))
                .write(
                    new Write.Push(keys.history(conversation.id()), new JsonCodec().encode(audit)))
                .build()));
  }

  private static List<Message> messages() {
    List<MessageContent> contents =
        List.of(
            new MessageContent.Text("你好"),
            new MessageContent.Media(
                MessageContent.Media.Type.IMAGE, "m1", null, "image/png", 5L, null, "a"),
            new MessageContent.Location(31.2, 121.5, null),
            new MessageContent.Choice("?", List.of(new MessageContent.Choice.Option("1", "one"))),
            new MessageContent.Chosen("1", null),
            new MessageContent.Call("call-1", "missed", null, null),
            new MessageContent.Event("scan", Map.of("scene", "1")),
            new MessageContent.Unsupported("sticker"));
    List<Message> messages = new ArrayList<>();
    for (MessageContent content : contents) {
      int seq = messages.size() + 1;
      Message text = FakeRooms.message(seq, "");
      messages.add(
          new Message(
              seq,
              List.of(Message.Direction.values()).get(seq % 3),
              text.author(),
              content,
              seq == 1 ? null : "ext",
              seq == 1 ? null : "ext-0",
              text.sentAt(),
              text.receivedAt(),
              0,
              seq < 7 ? List.of(DeliveryStatus.values()).get(seq) : null,
              null,
              null,
              false));
    }
    return messages;
  }
}
