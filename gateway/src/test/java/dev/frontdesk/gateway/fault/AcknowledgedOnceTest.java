// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.connector.sandbox.InboundSample;
import dev.frontdesk.gateway.TestGateway;
import io.vertx.core.Future;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The automatic first answer where several gateways store at once. */
class AcknowledgedOnceTest {

  @TempDir private Path folder;

  @Test
  void scenario6_tenMessagesOnThreeNodes_keepTheirOrder_andGetOneAcknowledgement() {
    DeskYaml yaml =
        new DeskYaml()
            .channel(
                "desk",
                "{ connector: webhook, settings: { secret: "
                    + TestGateway.SECRET
                    + ", sendUrl: \"http://127.0.0.1:9/\" }, acknowledgement: { text: { en: \"by"
                    + " {due}, number {position}\" } } }");
    try (Fleet fleet = new Fleet(folder, 3, yaml)) {
      Instant first = Fleet.now().minusSeconds(1);
      List<Future<Fleet.Reply>> posted = new ArrayList<>();
      for (int i : List.of(2, 0, 1, 9, 4, 3, 5, 8, 7, 6)) {
        URI desk = fleet.node(i).url().resolve("/webhooks/acme/desk");
        posted.add(fleet.post(desk, written(fleet, i, first.plusMillis(30L * i))));
      }
      TestGateway.await(Future.all(posted));

      assertThat(posted).extracting(reply -> reply.result().status()).containsOnly(200);
      JsonNode conversations = fleet.as("sue").get("/api/v1/conversations").body();
      assertThat(conversations.path("conversations")).hasSize(1);
      JsonNode conversation = conversations.path("conversations").path(0);
      assertThat(conversation.path("lastSeq").asInt()).isEqualTo(11);
      assertThat(conversation.path("clocks").path("firstResponse").path("state").asText())
          .isEqualTo("running");
      assertThat(inTheCustomersOrder(fleet.messages(conversation.path("id").asText())))
          .containsExactlyElementsOf(IntStream.range(0, 10).mapToObj(i -> "s06-" + i).toList());
      List<JsonNode> ours = automatic(fleet, conversation.path("id").asText());
      assertThat(ours).hasSize(1);
      assertThat(ours.get(0).path("content").path("text").asText()).endsWith(", number 1");
    }
  }

  private static InboundSample written(Fleet fleet, int i, Instant at) {
    return fleet.event(
        String.format(
            Locale.ROOT,
            """
            {"id":"s06-%d","type":"message","contact":{"id":"s06"},"sentAt":"%s",
             "content":{"kind":"text","text":"message %d"}}
            """,
            i,
            at,
            i));
  }

  /** Stored as they came in, three at a time; told apart by when they were written. */
  private static List<String> inTheCustomersOrder(List<JsonNode> messages) {
    return messages.stream()
        .filter(message -> message.path("author").path("kind").asText().equals("customer"))
        .sorted(Comparator.comparing(message -> Instant.parse(message.path("sentAt").asText())))
        .map(message -> message.path("externalId").asText())
        .toList();
  }

  private static List<JsonNode> automatic(Fleet fleet, String conversation) {
    JsonNode messages =
        fleet.as("sue").get("/api/v1/conversations/" + conversation + "/messages").body();
    return StreamSupport.stream(messages.path("messages").spliterator(), false)
        .filter(message -> message.path("author").path("kind").asText().equals("system"))
        .toList();
  }
}
