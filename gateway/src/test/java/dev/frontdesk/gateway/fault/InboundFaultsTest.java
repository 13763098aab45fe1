// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.sandbox.FakePlatform;
import dev.frontdesk.connector.sandbox.InboundSample;
import dev.frontdesk.connector.sandbox.WebhookCustomer;
import dev.frontdesk.connector.sandbox.WebhookReceiver;
import dev.frontdesk.gateway.TestGateway;
import dev.frontdesk.gateway.client.ApiClient;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows W-01 to W-08, W-17 and W-21: four gateways on one Redis. */
class InboundFaultsTest {

  private static final int NODES = 4;
  private static final long SEED = 20_261_121;

  @TempDir static Path folder;
  private static Vertx vertx;
  private static FakePlatform platform;
  private static Fleet fleet;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
    platform =
        TestGateway.await(
            FakePlatform.start(
                vertx,
                Clock.systemUTC(),
                List.of(new WebhookReceiver(Secret.of(TestGateway.SECRET)))));
    fleet =
        new Fleet(folder, NODES, new DeskYaml().sendUrl(platform.url("webhook")).capacity(100_000));
  }

  @AfterAll
  static void stop() {
    fleet.close();
    TestGateway.await(vertx.close());
  }

  private static List<Fleet.Reply> all(List<Future<Fleet.Reply>> replies) {
    return TestGateway.await(Future.all(replies).map(done -> done.<Fleet.Reply>list()));
  }

  @Test
  void w01_sameWebhookTenThousandTimes_isOneMessage() {
    InboundSample sample = fleet.text("w01", "w01-1", "hello");
    double before = fleet.metric("frontdesk_intake_total", "outcome=\"duplicate\"");
    long started = System.nanoTime();
    List<Future<Fleet.Reply>> replies = new ArrayList<>();
    for (int n = 0; n < 10_000; n++) {
      replies.add(fleet.post(n, sample));
    }

    assertThat(all(replies)).allMatch(reply -> reply.status() == 200);
    Duration took = Duration.ofNanos(System.nanoTime() - started);
    System.getLogger("W-01").log(System.Logger.Level.INFO, "10,000 copies in {0}", took);
    assertThat(fleet.messages(fleet.conversationOf("w01").path("id").asText())).hasSize(1);
    assertThat(fleet.metric("frontdesk_intake_total", "outcome=\"duplicate\"") - before)
        .isEqualTo(9_999);
    assertThat(took).isLessThan(Duration.ofSeconds(20));
  }

  @Test
  void w03_twoMessagesOfANewContactAtOnce_areOneConversation() {
    List<Future<Fleet.Reply>> replies = new ArrayList<>();
    for (int n = 0; n < 50; n++) {
      replies.add(fleet.post(n, fleet.text("w03-" + n, "w03-" + n + "-a", "first")));
      replies.add(fleet.post(n + 1, fleet.text("w03-" + n, "w03-" + n + "-b", "second")));
    }

    assertThat(all(replies)).allMatch(reply -> reply.status() == 200);
    Map<String, List<JsonNode>> byContact =
        fleet
            .conversations(c -> c.path("contact").path("externalId").asText().startsWith("w03-"))
            .stream()
            .collect(Collectors.groupingBy(c -> c.path("contact").path("externalId").asText()));
    assertThat(byContact).hasSize(50);
    assertThat(byContact.values())
        .allMatch(all -> all.size() == 1 && all.get(0).path("lastSeq").asInt() == 2);
  }

  @Test
  void w04_albumOverFourNodes_isOneConversation_inTheOrderOfStoring() {
    Instant taken = Fleet.now().truncatedTo(ChronoUnit.MILLIS).minusSeconds(10);
    for (int n = 0; n < 30; n++) { // each when the one before was answered, by another node
      assertThat(fleet.send(n, picture("w04-a", n, taken)).status()).isEqualTo(200);
    }

    assertThat(fleet.messages(fleet.conversationOf("w04-a").path("id").asText()))
        .extracting(m -> m.path("seq").asInt() + " " + m.path("externalId").asText())
        .containsExactlyElementsOf(
            IntStream.range(0, 30).mapToObj(n -> n + 1 + " w04-a-" + n).toList());
  }

  @Test
  void w04_albumAtOnceOverFourNodes_isOneConversation_eachWithThePlatformsTime() {
    Instant taken = Fleet.now().truncatedTo(ChronoUnit.MILLIS).minusSeconds(10);
    List<Integer> order = new ArrayList<>(IntStream.range(0, 30).boxed().toList());
    Collections.shuffle(order, new Random(SEED));
    List<Future<Fleet.Reply>> replies = new ArrayList<>();
    for (int n : order) {
      replies.add(fleet.post(n, picture("w04-b", n, taken)));
    }

    assertThat(all(replies)).as("seed %d", SEED).allMatch(reply -> reply.status() == 200);
    List<JsonNode> stored = fleet.messages(fleet.conversationOf("w04-b").path("id").asText());
    assertThat(stored)
        .extracting(m -> m.path("seq").asInt())
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 30).boxed().toList());
    // calls that race are stored in any order: that of the platform is in the time of each
    assertThat(stored)
        .extracting(
            m -> m.path("externalId").asText() + " " + Instant.parse(m.path("sentAt").asText()))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 30)
                .mapToObj(n -> "w04-b-" + n + " " + taken.plusMillis(n))
                .toList());
  }

  private static InboundSample picture(String contact, int n, Instant taken) {
    return fleet.event(
        String.format(
            java.util.Locale.ROOT,
            """
            {"id":"%s-%d","type":"message","contact":{"id":"%s"},"sentAt":"%s",
             "content":{"kind":"image","url":"https://pictures.example.com/%d.jpg"}}
            """,
            contact,
            n,
            contact,
            taken.plusMillis(n),
            n));
  }

  @Test
  void w06_editBeforeItsMessage_waitsForIt() {
    Fleet.Reply edit =
        fleet.send(
            0,
            fleet.event(
                """
                {"id":"w06-e","type":"edit","target":"w06-1","contact":{"id":"w06"},
                 "content":{"kind":"text","text":"corrected"}}
                """));
    Fleet.Reply message = fleet.send(1, fleet.text("w06", "w06-1", "wrong"));

    assertThat(List.of(edit.status(), message.status())).containsExactly(200, 200);
    List<JsonNode> stored = fleet.messages(fleet.conversationOf("w06").path("id").asText());
    assertThat(stored).hasSize(1);
    assertThat(stored.get(0).path("content").path("text").asText()).isEqualTo("corrected");
  }

  @Test
  void w06_statusBeforeItsSend_staysTheHighest() {
    fleet.send(0, fleet.text("w06s", "w06s-1", "hello"));
    JsonNode conversation = assigned("w06s");
    String id = conversation.path("id").asText();
    String external = "ext-" + id + ".2";
    Fleet.Reply early = fleet.send(1, receipt("w06s-r1", external, "read"));
    ApiClient.Answer sent = fleet.reply("alice", conversation, "good day", "w06s");

    assertThat(early.status()).isEqualTo(200);
    assertThat(sent.status()).isEqualTo(201);
    assertThat("ext-" + sent.body().path("id").asText()).isEqualTo(external);
    awaitDelivery(id, "read");
    assertThat(fleet.send(2, receipt("w06s-r2", external, "delivered")).status()).isEqualTo(200);
    assertThat(delivery(id)).as("status never falls back").isEqualTo("read");
  }

  private static InboundSample receipt(String id, String target, String status) {
    return fleet.event(
        String.format(
            java.util.Locale.ROOT,
            """
        {"id":"%s","type":"receipt","target":"%s","status":"%s","contact":{"id":"w06s"}}
        """,
            id,
            target,
            status));
  }

  /** The conversation of a contact, given to alice by the supervisor. */
  private static JsonNode assigned(String contact) {
    String id = fleet.conversationOf(contact).path("id").asText();
    fleet.available("alice");
    ApiClient.Answer answer =
        fleet.as("sue").post("/api/v1/conversations/" + id + "/assign", Map.of("agent", "alice"));
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    return answer.body();
  }

  private static void awaitDelivery(String conversation, String status) {
    Awaitility.await(status)
        .atMost(Duration.ofSeconds(10))
        .until(() -> delivery(conversation).equals(status));
  }

  private static String delivery(String conversation) {
    return fleet.messages(conversation).get(1).path("delivery").asText();
  }

  @Test
  void w07_signatureThatIsNotOurs_is401_andNothingIsParsedOrStored() {
    InboundSample good = fleet.text("w07", "w07-1", "hello");
    String signature = good.headers().get("webhook-signature");
    InboundSample other =
        new WebhookCustomer(Secret.of(DeskYaml.OTHER_SECRET))
            .message("w07", "w07", "hello", "w07-1", Fleet.now());
    Map<String, InboundSample> bad =
        Map.of(
            "missing", good.withHeader("webhook-signature", ""),
            "no id", good.withHeader("webhook-id", ""),
            "no time", good.withHeader("webhook-timestamp", ""),
            "truncated", good.withHeader("webhook-signature", signature.substring(0, 20)),
            "last character", good.withHeader("webhook-signature", flipped(signature)),
            "algorithm swap", good.withHeader("webhook-signature", "v1a" + signature.substring(2)),
            "empty", good.withHeader("webhook-signature", "v1,"),
            "other tenant", other,
            "other body", good.withBody(Buffer.buffer("{\"not json")),
            "no json, no signature",
                good.withHeader("webhook-signature", "").withBody(Buffer.buffer("{{{{")));
    double stored = fleet.metric("frontdesk_intake_total", "outcome=\"stored\"");

    bad.forEach(
        (what, sample) -> assertThat(fleet.send(0, sample).status()).as(what).isEqualTo(401));

    assertThat(fleet.conversationsOf("w07")).isEmpty();
    assertThat(fleet.metric("frontdesk_intake_total", "outcome=\"stored\"")).isEqualTo(stored);
    assertThat(fleet.send(0, good).status()).as("the control").isEqualTo(200);
  }

  private static String flipped(String signature) {
    int last = signature.length() - 2;
    char swapped = signature.charAt(last) == 'A' ? 'B' : 'A';
    return signature.substring(0, last) + swapped + signature.substring(last + 1);
  }

  @Test
  void w08_capturedRequestReplayed_isDedupedInTheWindow_andRefusedAfterIt() {
    InboundSample captured = fleet.text("w08", "w08-1", "hello");
    InboundSample old =
        DeskYaml.CUSTOMER.message("w08", "w08", "hello", "w08-1", Fleet.now().minusSeconds(360));
    InboundSample hour =
        DeskYaml.CUSTOMER.message("w08", "w08", "hello", "w08-1", Fleet.now().minusSeconds(3_600));

    Fleet.Reply first = fleet.send(0, captured);
    Fleet.Reply again = fleet.send(1, captured);

    assertThat(first.json().path("accepted").asInt()).isEqualTo(1);
    assertThat(again.json().path("duplicates").asInt()).isEqualTo(1);
    assertThat(fleet.send(2, old).status()).isEqualTo(401);
    assertThat(fleet.send(3, hour).status()).isEqualTo(401);
    assertThat(fleet.messages(fleet.conversationOf("w08").path("id").asText())).hasSize(1);
  }

  @Test
  void w17_unknownTypesAndEmptyBatches_areAcknowledgedAndCounted() {
    double before = fleet.metric("frontdesk_intake_total", "outcome=\"ignored\"");
    Fleet.Reply unknown =
        fleet.send(
            0,
            fleet.event("{\"id\":\"w17-u\",\"type\":\"hologram\",\"contact\":{\"id\":\"w17\"}}"));
    Fleet.Reply empty = fleet.send(0, fleet.event("{\"events\":[]}"));
    Fleet.Reply newField =
        fleet.send(
            0,
            fleet.event(
                """
                {"id":"w17-f","type":"message","contact":{"id":"w17","mood":"fine"},"v":2,
                 "content":{"kind":"text","text":"hello","font":"serif"}}
                """));
    Fleet.Reply newKind =
        fleet.send(
            0,
            fleet.event(
                """
                {"id":"w17-k","type":"message","contact":{"id":"w17"},
                 "content":{"kind":"sculpture","stone":"marble"}}
                """));

    assertThat(List.of(unknown, empty, newField, newKind)).allMatch(r -> r.status() == 200);
    assertThat(fleet.metric("frontdesk_intake_total", "outcome=\"ignored\"") - before).isEqualTo(1);
    List<JsonNode> stored = fleet.messages(fleet.conversationOf("w17").path("id").asText());
    assertThat(stored)
        .extracting(m -> m.path("content").path("kind").asText())
        .containsExactly("text", "unsupported");
  }

  @Test
  void w17_aThousandMessagesInOneCall_areStored_andABadOneSinksOnlyItself() {
    List<String> events = new ArrayList<>();
    for (int n = 0; n < 1_000; n++) {
      events.add(
          n == 500
              ? "{\"id\":\"w17-500\",\"type\":\"message\",\"contact\":{\"id\":\"w17b-0\"}}"
              : String.format(
                  java.util.Locale.ROOT,
                  """
                {"id":"w17-%d","type":"message","contact":{"id":"w17b-%d"},
                 "content":{"kind":"text","text":"number %d"}}
                """,
                  n,
                  n % 10,
                  n));
    }
    InboundSample batch = fleet.event("{\"events\":[" + String.join(",", events) + "]}");

    JsonNode first = fleet.send(0, batch).json();
    JsonNode again = fleet.send(1, batch).json();

    assertThat(first.path("accepted").asInt()).as(first.toString()).isEqualTo(999);
    assertThat(first.path("rejected")).hasSize(1);
    assertThat(first.path("rejected").get(0).path("index").asInt()).isEqualTo(500);
    assertThat(again.path("duplicates").asInt()).isEqualTo(999);
    List<JsonNode> conversations =
        fleet.conversations(c -> c.path("contact").path("externalId").asText().startsWith("w17b-"));
    assertThat(conversations).hasSize(10);
    assertThat(conversations.stream().mapToInt(c -> c.path("lastSeq").asInt()).sum())
        .isEqualTo(999);
  }

  @Test
  void w21_textOfAnyScript_comesBackByteForByte_bothWays() {
    List<String> texts =
        List.of(
            "👩‍👩‍👧‍👦 🏳️‍🌈 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𠮷野家",
            "مرحبا \u202Eعكس\u202C ‏שלום‎",
            "zero\u200Bwidth\u200D\uFEFFjoin\u2060er e\u0301 é",
            "tab\tline\r\nbreak \u0001 \\ \" </script> %00 {{7*7}} ${jndi:ldap://x}",
            "字".repeat(65_536 / 3),
            "a".repeat(65_536));
    for (int n = 0; n < texts.size(); n++) {
      assertThat(fleet.send(n, fleet.text("w21", "w21-" + n, texts.get(n))).status())
          .as("text %d", n)
          .isEqualTo(200);
    }
    JsonNode conversation = assigned("w21");
    List<String> stored = texts(fleet.messages(conversation.path("id").asText()));
    for (int n = 0; n < texts.size(); n++) {
      ApiClient.Answer sent = fleet.reply("alice", conversation, texts.get(n), "w21-" + n);
      assertThat(sent.status()).as(sent.body().toString()).isEqualTo(201);
    }
    Awaitility.await()
        .atMost(Duration.ofSeconds(15))
        .until(() -> atPlatform("w21").size() == texts.size());

    assertThat(stored).isEqualTo(texts);
    assertThat(atPlatform("w21")).isEqualTo(texts);
    assertThat(texts(fleet.messages(conversation.path("id").asText())).subList(6, 12))
        .isEqualTo(texts);
  }

  private static List<String> atPlatform(String contact) {
    return platform.sent("webhook").stream()
        .filter(sent -> sent.contact().equals(contact))
        .map(sent -> sent.text())
        .toList();
  }

  private static List<String> texts(List<JsonNode> messages) {
    return messages.stream().map(m -> m.path("content").path("text").asText()).toList();
  }
}
