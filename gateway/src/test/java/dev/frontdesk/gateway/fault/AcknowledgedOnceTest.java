// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.gateway.TestGateway;
import io.vertx.core.Future;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The automatic first answer where several gateways store at once. */
class AcknowledgedOnceTest {

  @TempDir private Path folder;

  @Test
  void scenario6_tenMessagesOnThreeNodes_getOneAcknowledgement() {
    DeskYaml yaml =
        new DeskYaml()
            .channel(
                "desk",
                "{ connector: webhook, settings: { secret: "
                    + TestGateway.SECRET
                    + ", sendUrl: \"http://127.0.0.1:9/\" }, acknowledgement: { text: { en: \"by"
                    + " {due}, number {position}\" } } }");
    try (Fleet fleet = new Fleet(folder, 3, yaml)) {
      List<Future<Fleet.Reply>> posted = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        URI desk = fleet.node(i).url().resolve("/webhooks/acme/desk");
        posted.add(fleet.post(desk, fleet.text("s06", "s06-" + i, "message " + i)));
      }
      TestGateway.await(Future.all(posted));

      assertThat(posted).extracting(reply -> reply.result().status()).containsOnly(200);
      JsonNode conversations = fleet.as("sue").get("/api/v1/conversations").body();
      assertThat(conversations.path("conversations")).hasSize(1);
      JsonNode conversation = conversations.path("conversations").path(0);
      assertThat(conversation.path("lastSeq").asInt()).isEqualTo(11);
      assertThat(conversation.path("clocks").path("firstResponse").path("state").asText())
          .isEqualTo("running");
      List<JsonNode> ours = automatic(fleet, conversation.path("id").asText());
      assertThat(ours).hasSize(1);
      assertThat(ours.get(0).path("content").path("text").asText()).endsWith(", number 1");
    }
  }

  private static List<JsonNode> automatic(Fleet fleet, String conversation) {
    JsonNode messages =
        fleet.as("sue").get("/api/v1/conversations/" + conversation + "/messages").body();
    return StreamSupport.stream(messages.path("messages").spliterator(), false)
        .filter(message -> message.path("author").path("kind").asText().equals("system"))
        .toList();
  }
}
