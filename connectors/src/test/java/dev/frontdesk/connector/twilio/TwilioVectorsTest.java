// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.twilio;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.ChannelContext;
import dev.frontdesk.connector.Connector;
import dev.frontdesk.connector.Decoded;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.InboundEvent.Received;
import dev.frontdesk.connector.IndexedVector;
import dev.frontdesk.connector.MessageContent.Call;
import dev.frontdesk.connector.SendResult;
import dev.frontdesk.connector.WebhookRejected;
import dev.frontdesk.connector.WebhookRequest;
import dev.frontdesk.connector.sandbox.TwilioCustomer;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every vector of the channels {@code twilio_signature} and {@code twilio_payload} has its stated
 * outcome and facts.
 */
class TwilioVectorsTest {

  private static final String URL = "https://desk.example.com/webhooks/acme/phone";
  private static final Instant NOW = Instant.parse("2026-11-21T03:04:05Z");

  static Stream<IndexedVector> signatures() throws IOException {
    return IndexedVector.of("twilio_signature").stream();
  }

  static Stream<IndexedVector> payloads() throws IOException {
    return IndexedVector.of("twilio_payload").stream();
  }

  @Test
  void files_areAllNamedByTheIndex() throws Exception {
    Set<String> files = IndexedVector.files("twilio", "");
    files.addAll(IndexedVector.files("outbound", "twilio_"));

    Set<String> named = new TreeSet<>();
    Stream.concat(signatures(), payloads()).forEach(vector -> named.add(vector.file()));
    assertThat(files).isEqualTo(named);
    assertThat(signatures()).hasSize(15);
    assertThat(payloads()).hasSize(2);
  }

  @ParameterizedTest
  @MethodSource("signatures")
  void signature_hasItsOutcome(IndexedVector vector) throws Exception {
    JsonNode entry = vector.entry();
    Map<String, List<String>> headers = new HashMap<>();
    headers.put("content-type", List.of(entry.get("content_type").asText()));
    entry
        .get("headers")
        .properties()
        .forEach(
            header ->
                headers.put(
                    header.getKey().toLowerCase(Locale.ROOT), List.of(header.getValue().asText())));
    String url = entry.get("url").asText();
    Map<String, List<String>> query = new QueryStringDecoder(url).parameters();
    WebhookRequest request = new WebhookRequest("POST", "", url, query, headers, vector.bytes());
    Secret token = Secret.of(entry.get("secrets").get("auth_token").asText());

    for (Connector connector : List.of(sms(token), voice(token))) {
      assertThat(outcome(connector, request)).isEqualTo(vector.expected());
    }
  }

  @ParameterizedTest
  @MethodSource("payloads")
  void payload_hasItsFacts(IndexedVector vector) throws Exception {
    switch (vector.id()) {
      case "out-twilio_21610" -> refusal(vector);
      case "twilio-voice-recording" -> recording(vector);
      default -> throw new AssertionError("nothing checks " + vector);
    }
  }

  /** Twilio answers a refusal with 400; a message that failed at once is a 201 with a code. */
  private static void refusal(IndexedVector vector) throws IOException {
    for (int status : new int[] {201, 400}) {
      SendResult result = MessagesAnswer.classify(status, vector.bytes(), null, NOW);

      assertThat(vector.facts().get("class").asText()).isEqualTo("recipient_opted_out");
      assertThat(((SendResult.Rejected) result).cause()).isEqualTo(SendResult.Cause.RECIPIENT);
    }
  }

  /** The recorded call was a GET; both methods say the same. */
  private static void recording(IndexedVector vector) throws Exception {
    Connector connector = voice(Secret.of("token"));
    TwilioCustomer twilio = TwilioCustomer.speaking("AC1", "token", "+19729941579", URL);
    WebhookRequest post = twilio.signed("/voicemail", vector.bytes()).request(URL);
    String address = URL + "/voicemail?" + vector.bytes();
    WebhookRequest get =
        new WebhookRequest(
            "GET",
            "/voicemail",
            address,
            new QueryStringDecoder(address).parameters(),
            Map.of(
                "x-twilio-signature",
                List.of(new TwilioSignature(Secret.of("token")).sign(address, Map.of()))),
            io.vertx.core.buffer.Buffer.buffer());
    for (WebhookRequest request : List.of(post, get)) {
      connector.verify(request, NOW);

      Decoded decoded = connector.decode(request, NOW);

      Received received = (Received) decoded.events().get(0);
      Call call = (Call) received.content();
      JsonNode facts = vector.facts();
      assertThat(facts.get("kind").asText()).isEqualTo("recording");
      assertThat(call.event()).isEqualTo("voicemail");
      assertThat(call.callId()).isEqualTo(facts.get("call_id").asText());
      assertThat(call.durationSeconds()).isEqualTo(facts.get("duration").asInt());
      assertThat(call.recording()).endsWith(facts.get("recording_id").asText());
      assertThat(received.contact().externalId()).isEqualTo(facts.get("sender").asText());
      assertThat(decoded.events().stream().map(InboundEvent::key))
          .containsExactly(
              facts.get("call_id").asText(), "recording:" + facts.get("recording_id").asText());
      assertThat(facts.size()).as("facts checked, digits aside").isEqualTo(6);
    }
  }

  private static String outcome(Connector connector, WebhookRequest request) {
    try {
      connector.verify(request, NOW);
      return "accepted";
    } catch (WebhookRejected e) {
      assertThat(e.reason()).isEqualTo(WebhookRejected.Reason.UNAUTHENTICATED);
      return "rejected";
    }
  }

  private static Connector sms(Secret token) {
    return new TwilioSmsConnector.Factory()
        .create(
            new TwilioSmsConnector.Settings("AC1", token, null, null, TwilioCalls.API), context());
  }

  private static Connector voice(Secret token) {
    return new TwilioVoiceConnector.Factory()
        .create(
            new TwilioVoiceConnector.Settings(
                "AC1", token, null, null, "en-US", "Hello", Duration.ofMinutes(2), TwilioCalls.API),
            context());
  }

  private static ChannelContext context() {
    return new ChannelContext("acme", "phone", URL, null, null, Duration.ofSeconds(10));
  }
}
