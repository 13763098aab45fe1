// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.ChannelContext;
import dev.frontdesk.connector.Connector;
import dev.frontdesk.connector.ConnectorContract;
import dev.frontdesk.connector.ConnectorFactory;
import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.Decoded;
import dev.frontdesk.connector.Payload;
import dev.frontdesk.connector.SendResult;
import dev.frontdesk.connector.StoreOutcome;
import dev.frontdesk.connector.WebhookAnswer;
import dev.frontdesk.connector.WebhookRejected;
import dev.frontdesk.connector.sandbox.Fault;
import dev.frontdesk.connector.sandbox.InboundSample;
import dev.frontdesk.connector.sandbox.PlatformApi;
import dev.frontdesk.connector.sandbox.WebhookCustomer;
import dev.frontdesk.connector.sandbox.WebhookReceiver;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WebhookConnectorTest extends ConnectorContract {

  @Override
  protected ConnectorFactory<?> factory() {
    return new WebhookConnector.Factory();
  }

  @Override
  protected Record settings(Secret secret, String apiBaseUrl) {
    return new WebhookConnector.Settings(secret, apiBaseUrl, null);
  }

  @Override
  protected String secret(int number) {
    return number == 0
        ? "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        : "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
  }

  @Override
  protected InboundSample signed(String secret, Payload payload, Instant at) {
    return new WebhookCustomer(Secret.of(secret)).signed("msg_1", payload.body(), at);
  }

  @Override
  protected Set<String> authenticatingHeaders() {
    return Set.of("webhook-id", "webhook-timestamp", "webhook-signature");
  }

  @Override
  protected Payload text(String text, String externalId) {
    ObjectNode event = event("message", externalId);
    event.putObject("content").put("kind", "text").put("text", text);
    return Payload.json("text", event.toString());
  }

  @Override
  protected Payload unknownKind() {
    ObjectNode event = event("message", "m1");
    event.putObject("content").put("kind", "hologram");
    return Payload.json("unknown kind", event.toString());
  }

  @Override
  protected PlatformApi platform(String secret) {
    return new WebhookReceiver(Secret.of(secret));
  }

  @Override
  protected ContactRef recipient() {
    return ContactRef.of("u1");
  }

  @Test
  void batch_isAnsweredWithItsRejections() throws Exception {
    Decoded decoded =
        decode(
            batch(
                event("message", "b0").set("content", words("first")),
                event("message", "b1"),
                event("message", "b2").set("content", words("last"))));

    WebhookAnswer answer = connector().answer(decoded, new StoreOutcome(1, 1, 0));

    assertThat(answer)
        .isEqualTo(
            new WebhookAnswer(
                200,
                "application/json",
                "{\"accepted\":1,\"duplicates\":1,\"rejected\":[{\"index\":1,"
                    + "\"reason\":\"content is absent, expected an object\"}]}"));
  }

  @Test
  void batch_withASpoiltString_rejectsThatEventOnly() throws Exception {
    for (String spoilt : List.of("a\\u0000b", "\\ud800", "x\\udc00", "\\udc00\\ud800")) {
      Payload batch =
          batch(
              event("message", "b0").set("content", words("good")),
              event("message", "b1").set("content", words("SPOILT")),
              event("message", "SPOILT").set("content", words("bad id")),
              event("message", "b3").set("content", words("bad key").put("SPOILT", 1)));
      Decoded decoded =
          decode(Payload.json("batch", batch.body().toString().replace("SPOILT", spoilt)));

      assertThat(decoded.events()).hasSize(1);
      assertThat(decoded.rejections())
          .extracting(Decoded.Rejection::index)
          .containsExactly(1, 2, 3);
    }
  }

  @Test
  void batch_ofNothingButRejections_is400() throws Exception {
    Decoded decoded = decode(batch(event("message", "b1"), event("edit", "b2")));

    WebhookAnswer answer = connector().answer(decoded, new StoreOutcome(0, 0, 0));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).startsWith("{\"accepted\":0,\"duplicates\":0,\"rejected\":[{");
  }

  @Test
  void event_thatIsSingleAndMalformed_is400WithTheSameBody() throws Exception {
    Decoded decoded = decode(Payload.json("single", event("message", "b1").toString()));

    assertThat(connector().answer(decoded, new StoreOutcome(0, 0, 0)))
        .isEqualTo(
            new WebhookAnswer(
                400,
                "application/json",
                "{\"accepted\":0,\"duplicates\":0,\"rejected\":[{\"index\":0,"
                    + "\"reason\":\"content is absent, expected an object\"}]}"));
  }

  @Test
  void batch_thatIsEmptyOrOfUnknownTypes_is200() throws Exception {
    for (Payload payload : List.of(batch(), batch(event("typing", "b1")))) {
      Decoded decoded = decode(payload);

      assertThat(connector().answer(decoded, new StoreOutcome(0, 0, 0)))
          .isEqualTo(
              new WebhookAnswer(
                  200, "application/json", "{\"accepted\":0,\"duplicates\":0,\"rejected\":[]}"));
    }
  }

  @Test
  void batch_of1000_isTakenWhole() throws Exception {
    ObjectNode[] events = new ObjectNode[1_000];
    for (int i = 0; i < events.length; i++) {
      events[i] = event("message", "e" + i).put("sentAt", "2026-11-21T03:04:05Z");
      events[i].putObject("content").put("kind", "text").put("text", "message " + i);
    }

    assertThat(decode(batch(events)).events()).hasSize(1_000);
  }

  @Test
  void timestamp_fiveMinutesOffBothWays_isTheLast() throws Exception {
    for (int seconds : new int[] {-300, 300}) {
      InboundSample sample = signed(secret(0), text("hello", "m1"), NOW.plusSeconds(seconds));
      connector().verify(sample.request(WEBHOOK_URL), NOW);
    }
    for (int seconds : new int[] {-301, 301, -3_600, 86_400}) {
      InboundSample sample = signed(secret(0), text("hello", "m1"), NOW.plusSeconds(seconds));
      assertThatThrownBy(() -> connector().verify(sample.request(WEBHOOK_URL), NOW))
          .isInstanceOf(WebhookRejected.class);
    }
  }

  @Test
  void request_toAnotherPathOrMethod_isRefused() {
    InboundSample good = signed(secret(0), text("hello", "m1"), NOW);
    InboundSample below = new InboundSample("POST", "/x", good.headers(), good.body());
    InboundSample get = new InboundSample("GET", "", good.headers(), good.body());

    assertThatThrownBy(() -> connector().verify(below.request(WEBHOOK_URL), NOW))
        .extracting(e -> ((WebhookRejected) e).reason())
        .isEqualTo(WebhookRejected.Reason.NOT_FOUND);
    assertThatThrownBy(() -> connector().verify(get.request(WEBHOOK_URL), NOW))
        .extracting(e -> ((WebhookRejected) e).reason())
        .isEqualTo(WebhookRejected.Reason.METHOD);
  }

  @Test
  void send_whileTheSecretIsChanged_fitsReceiversOfEither() throws Exception {
    for (int known : new int[] {0, 1}) {
      platform().mount(new WebhookReceiver(Secret.of(secret(known))));
      Connector both = connector(Secret.of(secret(1), secret(0)));

      assertThat(await(both.send(outbound("hello"), NOW))).isInstanceOf(SendResult.Accepted.class);
    }
  }

  @Test
  void send_withoutAnIdInTheAnswer_isNamedByOurs() throws Exception {
    platform().inject("webhook", PlatformApi.Reply.json(202, ""));

    assertThat(send("hello")).isEqualTo(new SendResult.Accepted("c1.7"));
  }

  @Test
  void send_refused_isRejectedByItsStatus() throws Exception {
    Map<Integer, SendResult.Cause> causes =
        Map.of(
            400, SendResult.Cause.CONTENT,
            403, SendResult.Cause.CREDENTIALS,
            404, SendResult.Cause.OTHER,
            410, SendResult.Cause.OTHER,
            422, SendResult.Cause.CONTENT);
    for (Map.Entry<Integer, SendResult.Cause> cause : causes.entrySet()) {
      platform().inject("webhook", PlatformApi.Reply.json(cause.getKey(), "{}"));

      SendResult result = send("hello");

      assertThat(((SendResult.Rejected) result).cause())
          .as("%s", cause.getKey())
          .isEqualTo(cause.getValue());
    }
  }

  @Test
  void send_answeredByteByByte_waitsForTheWholeAnswer() throws Exception {
    platform().inject("webhook", Fault.SLOW_BODY, 1);

    SendResult result = send("hello"); // the total deadline is the outbox's, not the connector's

    assertThat(result).isEqualTo(new SendResult.Accepted("ext-c1.7"));
    assertThat(platform().sentCount("webhook")).isEqualTo(1);
  }

  /** A system that reads its answers: what is stored is where it is to be. */
  @Test
  void send_withoutAddress_isAcceptedToBeRead() throws Exception {
    Connector mailbox =
        new WebhookConnector.Factory()
            .create(
                new WebhookConnector.Settings(Secret.of(secret(0)), null, null),
                new ChannelContext("acme", "c1", WEBHOOK_URL, null, null, Duration.ofSeconds(10)));

    assertThat(await(mailbox.send(outbound("hello"), NOW)))
        .isEqualTo(new SendResult.Accepted("c1.7"));
  }

  @Test
  void settings_thatMakeNoSense_areRefusedWithoutTheSecret() {
    assertThatThrownBy(
            () -> new WebhookConnector.Settings(Secret.of("whsec_not*base64"), null, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected")
        .hasMessageNotContaining("not*base64");
    for (String url : List.of("ftp://x/", "x", "https://u:p@x/", "https://x/#f", "https:///")) {
      assertThatThrownBy(() -> new WebhookConnector.Settings(Secret.of(secret(0)), url, null))
          .as(url)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void settings_withApiBaseUrl_keepThePathOfSendUrl() {
    assertThat(
            new WebhookConnector.Settings(
                    Secret.of(secret(0)),
                    "https://shop.example.com/a/b?c=d",
                    "http://127.0.0.1:9/x")
                .address())
        .isEqualTo("http://127.0.0.1:9/x/a/b?c=d");
  }

  private static ObjectNode words(String text) {
    return JsonNodeFactory.instance.objectNode().put("kind", "text").put("text", text);
  }

  private static Payload batch(JsonNode... events) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putArray("events").addAll(List.of(events));
    return Payload.json("batch", body.toString());
  }

  private static ObjectNode event(String type, String id) {
    ObjectNode event = JsonNodeFactory.instance.objectNode().put("id", id).put("type", type);
    event.putObject("contact").put("id", "u1").put("name", "Ada");
    return event;
  }
}
