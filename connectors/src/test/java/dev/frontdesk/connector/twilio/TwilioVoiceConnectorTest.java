// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.twilio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.ConnectorContract;
import dev.frontdesk.connector.ConnectorFactory;
import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.Decoded;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.connector.OutboundMessage;
import dev.frontdesk.connector.Payload;
import dev.frontdesk.connector.SendResult;
import dev.frontdesk.connector.SendResult.Cause;
import dev.frontdesk.connector.WebhookRejected;
import dev.frontdesk.connector.sandbox.InboundSample;
import dev.frontdesk.connector.sandbox.PlatformApi;
import dev.frontdesk.connector.sandbox.TwilioApi;
import dev.frontdesk.connector.sandbox.TwilioCustomer;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class TwilioVoiceConnectorTest extends ConnectorContract {

  private static final String ACCOUNT = TwilioSmsConnectorTest.ACCOUNT;
  private static final String NUMBER = TwilioSmsConnectorTest.NUMBER;
  private static final String CALLER = TwilioSmsConnectorTest.CUSTOMER;
  private static final String GREETING = "请留言 <now> & \"soon\"";

  @Override
  protected ConnectorFactory<?> factory() {
    return new TwilioVoiceConnector.Factory();
  }

  @Override
  protected Record settings(Secret secret, String apiBaseUrl) {
    return settings(secret, NUMBER, apiBaseUrl);
  }

  private static TwilioVoiceConnector.Settings settings(
      Secret secret, String from, String apiBaseUrl) {
    return new TwilioVoiceConnector.Settings(
        ACCOUNT, secret, from, null, "zh-CN", GREETING, Duration.ofSeconds(90), apiBaseUrl);
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

  /** A call has no text; {@code text} only makes the body what it is. */
  @Override
  protected Payload text(String text, String externalId) {
    return TwilioForms.payload(
        "call",
        Map.of(
            "CallSid", "CA" + externalId, "From", CALLER, "CallStatus", "ringing", "Note", text));
  }

  @Override
  @Test
  protected void text_ofAnyScript_isByteIdentical() throws Exception {
    Decoded decoded = decode(text(HARD_TEXT, "1"));

    assertThat(decoded.events()).hasSize(1);
  }

  @Override
  protected Payload unknownKind() {
    return text("", "1");
  }

  @Override
  @Test
  protected void kind_thatIsUnknown_isUnsupported() throws Exception {
    Payload payload =
        TwilioForms.payload(
            "state", Map.of("CallSid", "CA1", "From", CALLER, "CallStatus", "levitating"));

    assertThat(decode(payload).events()).hasSize(1);
  }

  @Override
  protected PlatformApi platform(String secret) {
    return new TwilioApi(ACCOUNT, secret);
  }

  @Override
  protected ContactRef recipient() {
    return ContactRef.of(CALLER);
  }

  @Override
  protected Map<String, Payload> bombs() {
    return TwilioForms.bombs(
        Map.of("CallSid", "CA1", "From", CALLER, "CallStatus", "ringing", "To", NUMBER));
  }

  @Override
  protected String path(String fileName) {
    return fileName.startsWith("voicemail-")
        ? "/voicemail"
        : fileName.startsWith("recording-")
            ? "/recording"
            : fileName.startsWith("status-")
                ? "/status"
                : fileName.startsWith("message-status-") ? "/message-status" : "";
  }

  @Test
  void call_isGreetedAndRecorded() throws Exception {
    Document twiml = xml(decode(text("", "1")).answer().body());

    Element say = (Element) twiml.getElementsByTagName("Say").item(0);
    assertThat(say.getTextContent()).isEqualTo(GREETING);
    assertThat(say.getAttribute("language")).isEqualTo("zh-CN");
    Element record = (Element) twiml.getElementsByTagName("Record").item(0);
    assertThat(record.getAttribute("action")).isEqualTo(WEBHOOK_URL + "/voicemail");
    assertThat(record.getAttribute("maxLength")).isEqualTo("90");
  }

  @Test
  void call_withVoicemail_isOneMessageInAnyOrderOfItsCallbacks() throws Exception {
    TwilioCustomer twilio = TwilioCustomer.speaking(ACCOUNT, secret(0), NUMBER, WEBHOOK_URL);
    List<InboundSample> callbacks =
        List.of(
            twilio.message(CALLER, "", "", "17", NOW),
            twilio.voicemail(CALLER, "17", 4),
            twilio.callEnded(CALLER, "17", 9));

    for (InboundSample callback : callbacks) {
      connector().verify(callback.request(WEBHOOK_URL), NOW);
      InboundEvent first = connector().decode(callback.request(WEBHOOK_URL), NOW).events().get(0);

      assertThat(first).isInstanceOf(InboundEvent.Received.class);
      assertThat(first.key()).isEqualTo("CA00000000000000000000000000000017");
    }
  }

  @Test
  void paths_thatDoNotExist_areNotFound() {
    Payload elsewhere = text("", "1").at("/elsewhere");
    try {
      Decoded decoded = decode(elsewhere);
      assertThat(decoded.events()).isEmpty();
    } catch (WebhookRejected e) {
      assertThat(e.reason()).isEqualTo(WebhookRejected.Reason.NOT_FOUND);
    }
  }

  @Test
  void send_toAHiddenCaller_isRejectedForTheRecipient() throws Exception {
    OutboundMessage message =
        new OutboundMessage(
            "c1.7",
            "c1",
            ContactRef.of("anonymous"),
            "CA1",
            new MessageContent.Text("hello"),
            null,
            false,
            Map.of());

    SendResult result = await(connector().send(message, NOW));

    assertThat(((SendResult.Rejected) result).cause()).isEqualTo(Cause.RECIPIENT);
    assertThat(platform().callCount("twilio")).isZero();
  }

  private static Document xml(String body) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    return factory.newDocumentBuilder().parse(new InputSource(new StringReader(body)));
  }
}
