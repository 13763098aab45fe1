// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.wechat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.ChannelContext;
import dev.frontdesk.connector.Connector;
import dev.frontdesk.connector.Decoded;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.IndexedVector;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.connector.SendResult;
import dev.frontdesk.connector.WebhookRejected;
import dev.frontdesk.connector.WebhookRequest;
import dev.frontdesk.connector.sandbox.InboundSample;
import dev.frontdesk.connector.sandbox.WechatCustomer;
import io.netty.handler.codec.http.QueryStringEncoder;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every vector of the channel {@code wechat_oa} has its stated outcome and facts. */
class WechatVectorsTest {

  private static final String URL = "https://desk.example.com/webhooks/acme/wechat";
  private static final Instant NOW = Instant.parse("2026-11-21T03:04:05Z");
  private static final String TOKEN = "our-own-token";

  static Stream<IndexedVector> vectors() throws IOException {
    return IndexedVector.of("wechat_oa").stream();
  }

  @Test
  void files_areAllNamedByTheIndex() throws Exception {
    Set<String> files = IndexedVector.files("wechat", "");
    files.addAll(IndexedVector.files("outbound", "wechat_"));

    Set<String> named = new TreeSet<>();
    vectors().forEach(vector -> named.add(vector.file()));
    assertThat(files).isEqualTo(named);
    assertThat(vectors()).hasSize(19);
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void vector_hasItsOutcomeAndFacts(IndexedVector vector) throws Exception {
    String direction = vector.facts().path("direction").asText();
    if (direction.equals("response to our send")) {
      answer(vector);
    } else if (direction.startsWith("outbound")) {
      encryption(vector);
    } else if (vector.entry().has("query")) {
      safeMode(vector);
    } else {
      plainMode(vector);
    }
  }

  private static void answer(IndexedVector vector) throws IOException {
    SendResult result = PlatformReply.of(200, vector.bytes(), null).result();

    switch (vector.facts().get("class").asText()) {
      case "ok" -> assertThat(result).isInstanceOf(SendResult.Accepted.class);
      case "window_closed", "quota_until_user_speaks" ->
          assertThat(((SendResult.Rejected) result).cause()).isEqualTo(SendResult.Cause.WINDOW);
      default -> throw new AssertionError("unknown class in " + vector);
    }
  }

  private static void encryption(IndexedVector vector) {
    JsonNode facts = vector.facts();
    JsonNode secrets = vector.entry().get("secrets");
    WechatCipher cipher =
        new WechatCipher(
            secrets.get("appid").asText(), List.of(secrets.get("encoding_aes_key").asText()));

    String encrypted =
        cipher.encrypt(
            facts.get("plaintext").asText(), facts.get("random16").asText().getBytes(UTF_8));

    assertThat(encrypted).isEqualTo(facts.get("encrypt").asText());
    assertThat(cipher.decrypt(encrypted)).contains(facts.get("plaintext").asText());
    if (facts.has("msg_signature")) {
      JsonNode query = vector.entry().get("query");
      assertThat(
              WechatSignature.of(
                  secrets.get("token").asText(),
                  query.get("timestamp").asText(),
                  query.get("nonce").asText(),
                  encrypted))
          .isEqualTo(facts.get("msg_signature").asText());
    }
  }

  private static void safeMode(IndexedVector vector) throws Exception {
    JsonNode secrets = vector.entry().get("secrets");
    Connector connector =
        connector(
            secrets.get("appid").asText(),
            secrets.get("token").asText(),
            Secret.of(secrets.get("encoding_aes_key").asText()));
    QueryStringEncoder query = new QueryStringEncoder("");
    vector
        .entry()
        .get("query")
        .properties()
        .forEach(p -> query.addParam(p.getKey(), p.getValue().asText()));
    WebhookRequest request =
        new InboundSample("POST", query.toString(), Map.of(), vector.bytes()).request(URL);
    Instant now = Instant.ofEpochSecond(vector.entry().path("now").asLong(1714112445));

    String outcome = "accepted";
    try {
      connector.verify(request, now);
      facts(connector.decode(request, now), vector.facts());
    } catch (WebhookRejected e) {
      assertThat(e.reason()).isEqualTo(WebhookRejected.Reason.UNAUTHENTICATED);
      outcome = "rejected";
    }
    assertThat(outcome).isEqualTo(vector.expected());
  }

  /** No signature was published for these: they are signed here. */
  private static void plainMode(IndexedVector vector) throws Exception {
    Connector connector = connector("wx1", TOKEN, null);
    WebhookRequest request =
        new WechatCustomer("wx1", TOKEN, null, null, 1).signed(vector.bytes(), NOW).request(URL);
    connector.verify(request, NOW);

    String outcome = "parsed";
    try {
      facts(connector.decode(request, NOW), vector.facts());
    } catch (WebhookRejected e) {
      assertThat(e.reason()).isEqualTo(WebhookRejected.Reason.MALFORMED);
      outcome = "rejected";
    }
    assertThat(outcome).isEqualTo(vector.expected());
  }

  private static void facts(Decoded decoded, JsonNode facts) {
    assertThat(decoded.answer().body()).isEqualTo("success");
    assertThat(decoded.events()).hasSize(1);
    InboundEvent event = decoded.events().get(0);
    facts
        .properties()
        .forEach(
            fact ->
                assertThat(holds(event, fact.getKey(), fact.getValue()))
                    .as("%s of %s", fact, event)
                    .isTrue());
  }

  private static boolean holds(InboundEvent event, String fact, JsonNode value) {
    MessageContent content =
        event instanceof InboundEvent.Received received
            ? received.content()
            : ((InboundEvent.Signalled) event).event();
    return switch (fact) {
      case "sender" -> event.contact().externalId().equals(value.asText());
      case "external_id" -> event.key().equals(value.asText());
      case "dedupe_key" -> event.key().startsWith(value.asText());
      case "kind" ->
          content.kind().equals(value.asText().equals("voice") ? "audio" : value.asText());
      case "media_id" -> value.asText().equals(((MessageContent.Media) content).mediaId());
      case "label" -> content.text().equals(value.asText());
      case "latitude" -> Math.abs(latitude(content) - value.asDouble()) < 1e-9;
      case "longitude" ->
          Math.abs(((MessageContent.Location) content).lon() - value.asDouble()) < 1e-9;
      case "event" -> ((MessageContent.Event) content).name().equals(value.asText());
      case "scene", "url" ->
          value.asText().equals(((MessageContent.Event) content).data().get(fact));
      case "recipient", "note", "plaintext", "random16", "appid" -> true; // not part of an event
      default -> false;
    };
  }

  private static double latitude(MessageContent content) {
    return content instanceof MessageContent.Location location
        ? location.lat()
        : Double.parseDouble(((MessageContent.Event) content).data().get("latitude"));
  }

  private static Connector connector(String appId, String token, Secret aesKey) {
    return new WechatConnector(
        new WechatSettings(
            appId,
            Secret.of("app-secret"),
            Secret.of(token),
            aesKey,
            "https://api.weixin.qq.com",
            Duration.ofMinutes(10),
            5),
        new ChannelContext("acme", "wechat", URL, null, null, Duration.ofSeconds(10)));
  }
}
