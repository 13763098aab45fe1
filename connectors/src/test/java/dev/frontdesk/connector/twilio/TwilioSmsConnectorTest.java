// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.twilio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.ConnectorContract;
import dev.frontdesk.connector.ConnectorFactory;
import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.InboundEvent.Received;
import dev.frontdesk.connector.MessageContent.Choice;
import dev.frontdesk.connector.MessageContent.Media;
import dev.frontdesk.connector.Payload;
import dev.frontdesk.connector.SendResult;
import dev.frontdesk.connector.SendResult.Cause;
import dev.frontdesk.connector.sandbox.InboundSample;
import dev.frontdesk.connector.sandbox.PlatformApi;
import dev.frontdesk.connector.sandbox.TwilioApi;
import dev.frontdesk.connector.sandbox.TwilioCustomer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TwilioSmsConnectorTest extends ConnectorContract {

  static final String ACCOUNT = "AC00000000000000000000000000000001";
  static final String NUMBER = "+14155550100";
  static final String CUSTOMER = "+13218775974";

  @Override
  protected ConnectorFactory<?> factory() {
    return new TwilioSmsConnector.Factory();
  }

  @Override
  protected Record settings(Secret secret, String apiBaseUrl) {
    return new TwilioSmsConnector.Settings(ACCOUNT, secret, NUMBER, null, apiBaseUrl);
  }

  @Override
  protected String secret(int number) {
    return number == 0 ? "0123456789abcdef0123456789abcdef" : "fedcba9876543210fedcba9876543210";
  }

  @Override
  protected InboundSample signed(String secret, Payload payload, Instant at) {
    return TwilioForms.signed(ACCOUNT, secret, NUMBER, WEBHOOK_URL, payload);
  }

  @Override
  protected Set<String> authenticatingHeaders() {
    return Set.of("X-Twilio-Signature");
  }

  @Override
  protected Payload text(String text, String externalId) {
    return TwilioForms.payload(
        "text", Map.of("MessageSid", "SM" + externalId, "From", CUSTOMER, "Body", text));
  }

  @Override
  protected Payload unknownKind() {
    return TwilioForms.payload(
        "unknown kind", Map.of("MessageSid", "SM1", "From", CUSTOMER, "MessageType", "hologram"));
  }

  @Override
  protected PlatformApi platform(String secret) {
    return new TwilioApi(ACCOUNT, secret);
  }

  @Override
  protected ContactRef recipient() {
    return ContactRef.of(CUSTOMER);
  }

  @Override
  protected Map<String, Payload> bombs() {
    return TwilioForms.bombs(
        Map.of("MessageSid", "SM1", "From", CUSTOMER, "Body", "hello", "NumMedia", "0"));
  }

  @Override
  protected String path(String fileName) {
    return fileName.startsWith("status-") ? "/status" : "";
  }

  @Test
  void send_toOneWhoOptedOut_isRejectedForTheRecipient() throws Exception {
    TwilioApi api = new TwilioApi(ACCOUNT, secret(0));
    api.optOut(CUSTOMER);
    platform().mount(api);

    SendResult.Rejected rejected = (SendResult.Rejected) send("hello");

    assertThat(rejected.cause()).isEqualTo(Cause.RECIPIENT);
    assertThat(rejected.code()).isEqualTo("21610");
  }

  @Test
  void send_ofAMessageThatFailedAtOnce_isRejected() throws Exception {
    platform().inject("twilio", PlatformApi.Reply.json(201, "{\"error_code\": 21610 }"));

    assertThat(((SendResult.Rejected) send("hello")).cause()).isEqualTo(Cause.RECIPIENT);
  }

  @Test
  void send_withoutASid_isUnknown() throws Exception {
    platform().inject("twilio", PlatformApi.Reply.json(200, "<html>"));

    assertThat(send("hello")).isInstanceOf(SendResult.Unknown.class);
  }

  @Test
  void send_ofQueueOverflow_isRetried() throws Exception {
    platform().inject("twilio", PlatformApi.Reply.json(400, "{\"code\":30001}"));

    assertThat(send("hello")).isInstanceOf(SendResult.Retry.class);
  }

  @Test
  void send_ofEachContent_isTakenInWords() throws Exception {
    Choice choice =
        new Choice(
            "Which?", List.of(new Choice.Option("a", "Tea"), new Choice.Option("b", "Milk")));
    Media photo =
        new Media(Media.Type.IMAGE, null, "https://x.example/a.jpg", null, null, null, "");

    assertThat(await(connector().send(outbound(choice), NOW)))
        .isInstanceOf(SendResult.Accepted.class);
    assertThat(await(connector().send(outbound(photo), NOW)))
        .isInstanceOf(SendResult.Accepted.class);
    assertThat(platform().sent("twilio").get(0).text()).isEqualTo("Which?\n1. Tea\n2. Milk");
  }

  @Test
  void send_pastTheLimit_isRejectedForItsContent() throws Exception {
    assertThat(send("x".repeat(1_600))).isInstanceOf(SendResult.Accepted.class);
    assertThat(((SendResult.Rejected) send("x".repeat(1_601))).cause()).isEqualTo(Cause.CONTENT);
    assertThat(platform().callCount("twilio")).isEqualTo(1);
  }

  @Test
  void number_thatWasWrittenTo_isKeptForTheAnswer() throws Exception {
    Received received =
        (Received)
            decode(
                    TwilioForms.payload(
                        "to",
                        Map.of("MessageSid", "SM1", "From", CUSTOMER, "To", NUMBER, "Body", "x")))
                .events()
                .get(0);

    assertThat(received.context()).isEqualTo(Map.of("number", NUMBER));
  }

  @Test
  void receipt_namesTheMessageThatWasSent() throws Exception {
    SendResult.Accepted accepted = (SendResult.Accepted) send("hello");
    InboundSample status =
        TwilioCustomer.writing(ACCOUNT, secret(0), NUMBER, WEBHOOK_URL)
            .status(CUSTOMER, String.valueOf(accepted.externalId()), "delivered");

    connector().verify(status.request(WEBHOOK_URL), NOW);

    assertThat(Payload.describe(connector().decode(status.request(WEBHOOK_URL), NOW)))
        .contains("target=" + accepted.externalId(), "status=DELIVERED");
  }

  @Test
  void customer_makesCallsTheConnectorTakes() throws Exception {
    InboundSample sample =
        TwilioCustomer.writing(ACCOUNT, secret(0), NUMBER, WEBHOOK_URL)
            .message(CUSTOMER, "", HARD_TEXT, "17", NOW);

    connector().verify(sample.request(WEBHOOK_URL), NOW);

    Received received =
        (Received) connector().decode(sample.request(WEBHOOK_URL), NOW).events().get(0);
    assertThat(received.content().text()).isEqualTo(HARD_TEXT);
  }
}
