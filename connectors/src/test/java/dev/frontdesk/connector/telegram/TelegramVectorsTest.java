// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.ChannelContext;
import dev.frontdesk.connector.Connector;
import dev.frontdesk.connector.Decoded;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.InboundEvent.Edited;
import dev.frontdesk.connector.InboundEvent.Received;
import dev.frontdesk.connector.IndexedVector;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.connector.MessageContent.Chosen;
import dev.frontdesk.connector.MessageContent.Media;
import dev.frontdesk.connector.WebhookRequest;
import dev.frontdesk.connector.sandbox.TelegramCustomer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every vector of the channel {@code telegram} has its stated facts. */
class TelegramVectorsTest {

  private static final String URL = "https://desk.example.com/webhooks/acme/telegram";
  private static final Instant NOW = Instant.parse("2026-11-21T03:04:05Z");

  static Stream<IndexedVector> vectors() throws IOException {
    return IndexedVector.of("telegram").stream();
  }

  @Test
  void files_areAllNamedByTheIndex() throws Exception {
    Set<String> named = new TreeSet<>();
    vectors().forEach(vector -> named.add(vector.file()));

    assertThat(IndexedVector.files("telegram", "")).isEqualTo(named);
    assertThat(vectors()).hasSize(6).allMatch(vector -> vector.expected().equals("parsed"));
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void vector_hasItsFacts(IndexedVector vector) throws Exception {
    Connector connector =
        new TelegramConnector.Factory()
            .create(
                new TelegramConnector.Settings(
                    Secret.of("1:a"), Secret.of("s"), "https://api.telegram.org"),
                new ChannelContext("acme", "telegram", URL, null, null, Duration.ofSeconds(10)));
    WebhookRequest request = new TelegramCustomer("s").signed(vector.bytes()).request(URL);
    connector.verify(request, NOW);

    Decoded decoded = connector.decode(request, NOW);

    if (vector.facts().get("kind").asText().equals("inline_query")) {
      assertThat(decoded.events()).isEmpty();
      assertThat(decoded.ignored()).isEqualTo(1);
    } else {
      assertThat(decoded.events()).hasSize(1);
      InboundEvent event = decoded.events().get(0);
      vector
          .facts()
          .properties()
          .forEach(
              fact ->
                  assertThat(holds(event, fact.getKey(), fact.getValue()))
                      .as("%s of %s", fact, event)
                      .isTrue());
    }
  }

  private static boolean holds(InboundEvent event, String fact, JsonNode value) {
    MessageContent content =
        event instanceof Received received ? received.content() : ((Edited) event).content();
    String name = event instanceof Edited edited ? edited.target() : event.key();
    return switch (fact) {
      case "update_id" -> !(event instanceof Edited) || event.key().equals("update:" + value);
      case "sender" -> event.contact().externalId().equals(value.asText());
      case "chat" -> name.startsWith(value.asText() + ":");
      case "external_id" -> name.endsWith(":" + value.asText());
      case "created" ->
          event instanceof Edited || event.sentAt().getEpochSecond() == value.asLong();
      case "kind" ->
          switch (value.asText()) {
            case "audio", "voice" -> ((Media) content).type() == Media.Type.AUDIO;
            case "file" -> ((Media) content).type() == Media.Type.FILE;
            case "edit" -> event instanceof Edited;
            case "postback" -> content instanceof Chosen;
            default -> false;
          };
      case "media_id" -> value.asText().equals(((Media) content).mediaId());
      case "filename" -> value.asText().equals(((Media) content).fileName());
      case "text" -> content.text().equals(value.asText());
      case "data" -> ((Chosen) content).id().equals(value.asText());
      default -> false;
    };
  }
}
