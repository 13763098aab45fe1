// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.IndexedVector;
import dev.frontdesk.connector.WebhookRejected;
import dev.frontdesk.connector.WebhookRequest;
import dev.frontdesk.connector.sandbox.InboundSample;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every vector of the channel {@code standard_webhooks} has its stated outcome. */
class StandardWebhooksVectorsTest {

  static Stream<IndexedVector> vectors() throws IOException {
    return IndexedVector.of("standard_webhooks").stream();
  }

  @Test
  void files_areAllNamedByTheIndex() throws Exception {
    Set<String> named = new TreeSet<>();
    vectors().forEach(vector -> named.add(vector.file()));

    assertThat(IndexedVector.files("standard_webhooks", "")).isEqualTo(named);
    assertThat(vectors()).hasSize(6);
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void vector_hasItsOutcome(IndexedVector vector) throws Exception {
    Map<String, String> headers = new HashMap<>();
    vector
        .entry()
        .get("headers")
        .properties()
        .forEach(h -> headers.put(h.getKey(), h.getValue().asText()));
    WebhookRequest request =
        new InboundSample("POST", "", headers, vector.bytes()).request("https://desk.example.com");
    StandardWebhooks signatures =
        new StandardWebhooks(Secret.of(vector.entry().get("secrets").get("secret").asText()));
    Instant now = Instant.ofEpochSecond(vector.entry().get("now").asLong());

    String outcome = "accepted";
    try {
      signatures.verify(request, now);
    } catch (WebhookRejected e) {
      assertThat(e.reason()).isEqualTo(WebhookRejected.Reason.UNAUTHENTICATED);
      outcome = "rejected";
    }

    assertThat(outcome).isEqualTo(vector.expected());
    assertThat(request.header(StandardWebhooks.ID))
        .hasValue(vector.facts().get("external_id").asText());
  }
}
