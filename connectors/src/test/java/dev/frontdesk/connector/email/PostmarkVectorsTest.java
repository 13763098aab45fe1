// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.email;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.ChannelContext;
import dev.frontdesk.connector.Connector;
import dev.frontdesk.connector.Decoded;
import dev.frontdesk.connector.InboundEvent.Received;
import dev.frontdesk.connector.IndexedVector;
import dev.frontdesk.connector.WebhookRequest;
import dev.frontdesk.connector.sandbox.PostmarkCustomer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every vector of the channel {@code postmark} is read with its stated facts. */
class PostmarkVectorsTest {

  private static final Instant NOW = Instant.parse("2026-11-21T03:04:05Z");
  private static final String URL = "https://desk.example.com/webhooks/acme/mail";

  static Stream<IndexedVector> vectors() throws IOException {
    return IndexedVector.of("postmark").stream();
  }

  @Test
  void files_areAllNamedByTheIndex() throws Exception {
    Set<String> named = new TreeSet<>();
    vectors().forEach(vector -> named.add(vector.file()));

    assertThat(IndexedVector.files("postmark", "")).isEqualTo(named);
    assertThat(vectors()).hasSize(2);
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void vector_hasItsFacts(IndexedVector vector) throws Exception {
    Connector connector =
        new EmailConnector.Factory()
            .create(
                new EmailSettings(
                    "mailbox@inbound.postmarkapp.com",
                    new EmailSettings.Inbound(new EmailSettings.Postmark("u", Secret.of("p"))),
                    null,
                    true),
                new ChannelContext("acme", "mail", URL, null, null, Duration.ofSeconds(10)));
    WebhookRequest request =
        new PostmarkCustomer("u", "p", "").posted("").withBody(vector.bytes()).request(URL);
    connector.verify(request, NOW);

    Decoded decoded = connector.decode(request, NOW);

    Received first = (Received) decoded.events().get(0);
    JsonNode facts = vector.facts();
    assertThat(first.contact().externalId()).isEqualTo(facts.get("sender").asText());
    assertThat(first.key()).isEqualTo(facts.get("external_id").asText());
    assertThat(first.context()).containsEntry("subject", facts.get("subject").asText());
    assertThat(first.content().text()).startsWith(facts.get("subject").asText());
    assertThat(first.automatic()).isFalse();
    assertThat(decoded.events()).hasSizeGreaterThan(1); // its attachment
  }
}
