// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.sandbox;

import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.twilio.TwilioSignature;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.QueryStringEncoder;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Twilio, calling the webhooks of a number: text messages, or calls where {@code speaking}. Ids of
 * contacts are E.164 numbers; ids of messages become sids.
 */
public final class TwilioCustomer implements Customer {

  private final TwilioSignature signature;
  private final String accountSid;
  private final String number;
  private final String webhookUrl;
  private final boolean speaking;

  private TwilioCustomer(
      String accountSid, String authToken, String number, String webhookUrl, boolean speaking) {
    this.signature = new TwilioSignature(Secret.of(authToken));
    this.accountSid = accountSid;
    this.number = number;
    this.webhookUrl = webhookUrl;
    this.speaking = speaking;
  }

  /** People who write to {@code number}; the channel is configured at {@code webhookUrl}. */
  public static TwilioCustomer writing(
      String accountSid, String authToken, String number, String webhookUrl) {
    return new TwilioCustomer(accountSid, authToken, number, webhookUrl, false);
  }

  /** People who call {@code number}; the channel is configured at {@code webhookUrl}. */
  public static TwilioCustomer speaking(
      String accountSid, String authToken, String number, String webhookUrl) {
    return new TwilioCustomer(accountSid, authToken, number, webhookUrl, true);
  }

  /** A text message, or a call that comes in ({@code text} is not said to the gateway then). */
  @Override
  public InboundSample message(
      String contactId, String name, String text, String externalId, Instant at) {
    Map<String, String> form = common(contactId);
    if (speaking) {
      form.put("CallSid", sid("CA", externalId));
      form.put("CallStatus", "ringing");
      form.put("Direction", "inbound");
      form.put("Caller", contactId);
      form.put("Called", number);
    } else {
      String sid = sid("SM", externalId);
      form.put("MessageSid", sid);
      form.put("SmsMessageSid", sid);
      form.put("SmsSid", sid);
      form.put("SmsStatus", "received");
      form.put("Body", text);
      form.put("NumMedia", "0");
      form.put("NumSegments", "1");
    }
    return signed("", form);
  }

  /** A text message with one picture; a call that comes in where {@code speaking}. */
  @Override
  public InboundSample picture(
      String contactId, String name, String url, String externalId, Instant at) {
    if (speaking) {
      return message(contactId, name, "", externalId, at);
    }
    Map<String, String> form = common(contactId);
    String sid = sid("MM", externalId);
    form.put("MessageSid", sid);
    form.put("SmsMessageSid", sid);
    form.put("SmsSid", sid);
    form.put("SmsStatus", "received");
    form.put("Body", "");
    form.put("NumMedia", "1");
    form.put("MediaUrl0", url);
    form.put("MediaContentType0", "image/jpeg");
    form.put("NumSegments", "1");
    return signed("", form);
  }

  /** The caller of an earlier {@link #message} has spoken. */
  public InboundSample voicemail(String contactId, String externalId, int seconds) {
    Map<String, String> form = common(contactId);
    String recording = sid("RE", externalId);
    form.put("CallSid", sid("CA", externalId));
    form.put("CallStatus", "in-progress");
    form.put("Direction", "inbound");
    form.put("Digits", "hangup");
    form.put("RecordingSid", recording);
    form.put("RecordingDuration", Integer.toString(seconds));
    form.put(
        "RecordingUrl",
        "https://api.twilio.com/2010-04-01/Accounts/" + accountSid + "/Recordings/" + recording);
    return signed("/voicemail", form);
  }

  /** The call of an earlier {@link #message} has ended. */
  public InboundSample callEnded(String contactId, String externalId, int seconds) {
    Map<String, String> form = common(contactId);
    form.put("CallSid", sid("CA", externalId));
    form.put("CallStatus", "completed");
    form.put("Direction", "inbound");
    form.put("CallDuration", Integer.toString(seconds));
    return signed("/status", form);
  }

  /** How far a message of ours got; {@code sid} as {@link PlatformApi.Sent#externalId()} says. */
  public InboundSample status(String contactId, String sid, String status) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("AccountSid", accountSid);
    form.put("From", number);
    form.put("To", contactId);
    form.put("MessageSid", sid);
    form.put("SmsSid", sid);
    form.put("MessageStatus", status);
    form.put("SmsStatus", status);
    return signed(speaking ? "/message-status" : "/status", form);
  }

  /** Any form, signed for a path below the webhook address. */
  public InboundSample signed(String path, Map<String, String> form) {
    QueryStringEncoder encoder = new QueryStringEncoder("", StandardCharsets.UTF_8);
    form.forEach(encoder::addParam);
    String body = encoder.toString();
    return signed(path, Buffer.buffer(body.isEmpty() ? "" : body.substring(1)));
  }

  /** Any body, signed for a path below the webhook address as the form it is. */
  public InboundSample signed(String path, Buffer body) {
    Map<String, List<String>> form =
        new QueryStringDecoder(body.toString(StandardCharsets.UTF_8), false).parameters();
    return new InboundSample(
        "POST",
        path,
        Map.of(
            "Content-Type",
            "application/x-www-form-urlencoded; charset=UTF-8",
            "X-Twilio-Signature",
            signature.sign(webhookUrl + path, form)),
        body);
  }

  private Map<String, String> common(String contactId) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("AccountSid", accountSid);
    form.put("ApiVersion", "2010-04-01");
    form.put("From", contactId);
    form.put("To", number);
    return form;
  }

  /** Two letters and 32 digits, as sids have; a longer id stays as it is. */
  private static String sid(String kind, String externalId) {
    return kind + "0".repeat(Math.max(0, 32 - externalId.length())) + externalId;
  }
}
