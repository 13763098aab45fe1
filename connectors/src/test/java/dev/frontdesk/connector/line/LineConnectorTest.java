// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.line;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.ConnectorContract;
import dev.frontdesk.connector.ConnectorFactory;
import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.Decoded;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.connector.Payload;
import dev.frontdesk.connector.SendResult;
import dev.frontdesk.connector.sandbox.Fault;
import dev.frontdesk.connector.sandbox.InboundSample;
import dev.frontdesk.connector.sandbox.LineApi;
import dev.frontdesk.connector.sandbox.PlatformApi;
import dev.frontdesk.connector.sandbox.PlatformApi.Reply;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

public class LineConnectorTest extends ConnectorContract {

  private static final String USER = "U012345678901234567890123456789ab";

  @Override
  protected ConnectorFactory<?> factory() {
    return new LineConnector.Factory();
  }

  /** The token differs from the secret: taking one for the other fails. */
  @Override
  protected Record settings(Secret secret, String apiBaseUrl) {
    return new LineConnector.Settings(secret, Secret.of(token(secret.newest())), apiBaseUrl);
  }

  private static String token(String secret) {
    return secret + "-token";
  }

  @Override
  protected String secret(int number) {
    return "0123456789abcdef0123456789abcde" + number;
  }

  @Override
  protected InboundSample signed(String secret, Payload payload, Instant at) {
    String signature = LineConnector.sign(secret, payload.body());
    return new InboundSample("POST", "", Map.of("x-line-signature", signature), payload.body());
  }

  @Override
  protected Set<String> authenticatingHeaders() {
    return Set.of("x-line-signature");
  }

  @Override
  protected Payload text(String text, String externalId) {
    return delivered(message("text", externalId, node -> node.put("text", text)));
  }

  @Override
  protected Payload unknownKind() {
    return delivered(message("hologram", "m1", node -> {}));
  }

  @Override
  protected ContactRef recipient() {
    return ContactRef.of(USER);
  }

  @Override
  protected PlatformApi platform(String secret) {
    return new LineApi(token(secret));
  }

  @Test
  void sign_isBase64OfHmacSha256() {
    // echo -n '{}' | openssl dgst -sha256 -hmac secret -binary | base64
    assertThat(LineConnector.sign("secret", utf8("{}")))
        .isEqualTo("dzJZAsrKgS3CWXM6rNBGtzgXNyx3e42VtAJkdHRRbhM=");
  }

  @Test
  void events_ofAMixedBatch_areKeptAndOnlyTheMalformedOneIsRejected() throws Exception {
    ObjectNode good = message("text", "1", node -> node.put("text", "a"));
    ObjectNode noText = message("text", "2", node -> {});
    ObjectNode standby = message("text", "3", node -> node.put("text", "c"));
    standby.put("mode", "standby");
    ObjectNode newType = message("text", "4", node -> {}).put("type", "greatNewFeature");

    Decoded decoded = decode(delivered(good, noText, standby, newType));

    assertThat(decoded.events()).extracting(InboundEvent::key).containsExactly("1");
    assertThat(decoded.rejections()).extracting(Decoded.Rejection::index).containsExactly(1);
    assertThat(decoded.ignored()).isEqualTo(2);
  }

  @Test
  void send_afterSilence_isOneMessageWithTheSameId() throws Exception {
    platform().inject("line", Fault.TAKEN_THEN_SILENCE, 1);

    assertThat(send("hello")).isInstanceOf(SendResult.Unknown.class);
    SendResult again = send("hello");

    assertThat(platform().sent("line")).hasSize(1);
    assertThat(again)
        .isEqualTo(new SendResult.Accepted(platform().sent("line").get(0).externalId()));
  }

  @Test
  void send_ofAnotherTextUnderTheSameId_isNotTakenForARepetition() throws Exception {
    send("before the data was lost");
    send("after it");

    assertThat(platform().sentCount("line")).isEqualTo(2);
  }

  @Test
  void send_answeredInLinesWords_isClassified() throws Exception {
    Map<Reply, SendResult.Cause> refusals =
        Map.of(
            Reply.json(429, "{\"message\":\"You have reached your monthly limit.\"}"),
            SendResult.Cause.OTHER,
            Reply.json(400, "{\"message\":\"Failed to send messages\"}"),
            SendResult.Cause.RECIPIENT,
            Reply.json(400, "{\"message\":\"The property, 'to', in the request body is invalid\"}"),
            SendResult.Cause.RECIPIENT,
            Reply.json(
                400,
                "{\"message\":\"The request body has 1 error(s)\",\"details\":"
                    + "[{\"message\":\"May not be empty\",\"property\":\"messages[0].text\"}]}"),
            SendResult.Cause.CONTENT,
            Reply.json(403, "{\"message\":\"Access to this API is not available\"}"),
            SendResult.Cause.CREDENTIALS);

    for (Map.Entry<Reply, SendResult.Cause> refusal : refusals.entrySet()) {
      platform().inject("line", refusal.getKey());
      SendResult result = send("hello");

      assertThat(result).as(refusal.getKey().body()).isInstanceOf(SendResult.Rejected.class);
      assertThat(((SendResult.Rejected) result).cause())
          .as(refusal.getKey().body())
          .isEqualTo(refusal.getValue());
    }
  }

  @Test
  void send_answeredWithGarbage_isUnknown() throws Exception {
    platform().inject("line", Fault.GARBAGE, 1);

    assertThat(send("hello")).isInstanceOf(SendResult.Unknown.class);
  }

  @Test
  void send_ofAChoice_isTakenAndItsAnswerDecoded() throws Exception {
    MessageContent choice =
        new MessageContent.Choice(
            "Which order?",
            List.of(
                new MessageContent.Choice.Option("a", "The one with the long name 📦📦📦"),
                new MessageContent.Choice.Option("b", "B")));

    assertThat(await(connector().send(outbound(choice), NOW)))
        .isInstanceOf(SendResult.Accepted.class);

    ObjectNode event = message("text", "1", node -> {}).put("type", "postback");
    event.remove("message");
    event.putObject("postback").put("data", "b");
    InboundEvent answer = decode(delivered(event)).events().get(0);
    assertThat(((InboundEvent.Received) answer).content())
        .isEqualTo(new MessageContent.Chosen("b", null));
  }

  @Test
  void send_ofWhatLineDoesNotTake_isRejectedWithoutACall() throws Exception {
    List<MessageContent.Choice.Option> many =
        Collections.nCopies(
            LineConnector.MAX_OPTIONS + 1, new MessageContent.Choice.Option("a", "A"));
    for (MessageContent content :
        List.of(
            new MessageContent.Text("x".repeat(LineConnector.MAX_TEXT + 1)),
            new MessageContent.Choice("?", many),
            new MessageContent.Choice("?", List.of()),
            new MessageContent.Location(1, 2, null))) {
      assertThat(await(connector().send(outbound(content), NOW)))
          .isInstanceOf(SendResult.Rejected.class);
    }
    assertThat(platform().callCount("line")).isZero();
  }

  private static Payload delivered(ObjectNode... events) {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("destination", "Uab0123456789");
    body.putArray("events").addAll(List.of(events));
    return Payload.json("batch", body.toString());
  }

  private static ObjectNode message(String type, String id, Consumer<ObjectNode> more) {
    ObjectNode event =
        JsonNodeFactory.instance
            .objectNode()
            .put("type", "message")
            .put("mode", "active")
            .put("timestamp", 1_462_629_479_859L)
            .put("webhookEventId", "01FZ74A0TDDPYRVKNK77XKC3ZR");
    event.putObject("source").put("type", "user").put("userId", USER);
    more.accept(event.putObject("message").put("id", id).put("type", type));
    return event;
  }
}
