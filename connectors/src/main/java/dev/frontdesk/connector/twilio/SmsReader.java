// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.twilio;

import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.ContentJson;
import dev.frontdesk.connector.Decoded;
import dev.frontdesk.connector.DeliveryStatus;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.connector.MessageContent.Media;
import dev.frontdesk.connector.WebhookAnswer;
import dev.frontdesk.connector.WebhookRejected;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads what Twilio posts for messages
 * (https://www.twilio.com/docs/messaging/guides/webhook-request and
 * https://www.twilio.com/docs/messaging/guides/track-outbound-message-status). Stateless.
 */
final class SmsReader {

  /** Name under which the number the customer wrote to is kept for the answer. */
  static final String NUMBER = "number";

  /** A message holds at most 10 files. */
  private static final int MAX_MEDIA = 10;

  /**
   * Words after which Twilio itself lets nothing more through to that number
   * (https://help.twilio.com/articles/223134027).
   */
  private static final Set<String> STOP =
      Set.of("stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout");

  private SmsReader() {}

  static Decoded read(TwilioForm form, Instant now) throws WebhookRejected {
    if (form.values().isEmpty()) {
      return Decoded.nothing(WebhookAnswer.OK);
    }
    Optional<String> status = form.get("MessageStatus");
    if (status.isEmpty()) {
      status = form.get("SmsStatus").filter(word -> !word.equals("received"));
    }
    return status.isPresent() && form.get("Body").isEmpty()
        ? receipt(form, status.get(), now)
        : message(form, now);
  }

  private static Decoded message(TwilioForm form, Instant now) throws WebhookRejected {
    String sid = sid(form);
    String from = PhoneAddress.normalize(form.require("From", TwilioCalls.MAX_ADDRESS));
    ContactRef contact =
        new ContactRef(
            from, form.get("ProfileName").filter(name -> name.length() <= 256).orElse(null), null);
    Optional<String> consent = consent(form, from);
    if (consent.isPresent()) {
      MessageContent.Event event = new MessageContent.Event(consent.get(), Map.of());
      return Decoded.of(new InboundEvent.Signalled(sid, contact, null, now, event, null))
          .answering(TwiMl.NOTHING);
    }
    Map<String, String> context =
        form.get("To")
            .filter(to -> to.length() <= TwilioCalls.MAX_ADDRESS)
            .map(to -> Map.of(NUMBER, PhoneAddress.normalize(to)))
            .orElse(Map.of());
    String replyTo =
        form.get("OriginalRepliedMessageSid").filter(s -> s.length() <= 64).orElse(null);
    List<InboundEvent> events = new ArrayList<>();
    for (MessageContent content : contents(form)) {
      String key = events.isEmpty() ? sid : sid + "/" + events.size();
      events.add(
          new InboundEvent.Received(
              key, contact, null, now, 0, content, replyTo, false, null, context));
    }
    return Decoded.of(events).answering(TwiMl.NOTHING);
  }

  /** What the customer said about being written to, when Twilio acted on it. */
  private static Optional<String> consent(TwilioForm form, String from) throws WebhookRejected {
    String type = form.get("OptOutType").orElse("").toUpperCase(Locale.ROOT);
    String word = form.get("Body").orElse("").strip().toLowerCase(Locale.ROOT);
    boolean sms = from.indexOf(':') < 0;
    if (type.equals("STOP") || (type.isEmpty() && sms && STOP.contains(word))) {
      return Optional.of("opt-out");
    }
    return switch (type) {
      case "START" -> Optional.of("opt-in");
      case "HELP" -> Optional.of("help");
      default -> Optional.empty();
    };
  }

  private static List<MessageContent> contents(TwilioForm form) throws WebhookRejected {
    String body = form.get("Body").orElse("");
    int files = form.number("NumMedia");
    if (files > MAX_MEDIA) {
      throw WebhookRejected.malformed("NumMedia is " + files + ", expected at most " + MAX_MEDIA);
    }
    if (files == 0) {
      return List.of(single(form, body));
    }
    List<MessageContent> contents = new ArrayList<>();
    for (int i = 0; i < files; i++) {
      contents.add(media(form, i, i == 0 && !body.isEmpty() ? body : null));
    }
    return contents;
  }

  private static MessageContent single(TwilioForm form, String body) throws WebhookRejected {
    Optional<String> button = form.get("ButtonPayload");
    if (button.isPresent()) {
      return new MessageContent.Chosen(
          button.get(), form.get("ButtonText").orElse(body.isEmpty() ? null : body));
    }
    Optional<String> entry = form.get("ListId");
    if (entry.isPresent()) {
      return new MessageContent.Chosen(entry.get(), form.get("ListTitle").orElse(null));
    }
    Optional<String> lat = form.get("Latitude");
    Optional<String> lon = form.get("Longitude");
    if (lat.isPresent() && lon.isPresent()) {
      String label = form.get("Label").orElse(form.get("Address").orElse(null));
      return new MessageContent.Location(degrees(lat.get()), degrees(lon.get()), label);
    }
    return body.isEmpty()
        ? new MessageContent.Unsupported(
            form.get("MessageType").filter(type -> type.length() <= 64).orElse("empty"))
        : new MessageContent.Text(body);
  }

  private static Media media(TwilioForm form, int index, @Nullable String caption)
      throws WebhookRejected {
    String url = form.require("MediaUrl" + index, ContentJson.MAX_URL);
    if (!url.startsWith("https://") && !url.startsWith("http://")) {
      throw WebhookRejected.malformed("MediaUrl" + index + " is no address, expected https");
    }
    String type =
        form.get("MediaContentType" + index).filter(mime -> mime.length() <= 256).orElse("");
    String medium = type.contains("/") ? type.substring(0, type.indexOf('/')) : "";
    return new Media(
        switch (medium.toLowerCase(Locale.ROOT)) {
          case "image" -> Media.Type.IMAGE;
          case "audio" -> Media.Type.AUDIO;
          case "video" -> Media.Type.VIDEO;
          default -> Media.Type.FILE;
        },
        null,
        url,
        type.isEmpty() ? null : type,
        null,
        null,
        caption);
  }

  private static Decoded receipt(TwilioForm form, String status, Instant now)
      throws WebhookRejected {
    DeliveryStatus progress =
        switch (status) {
          case "sent" -> DeliveryStatus.ACCEPTED;
          case "delivered" -> DeliveryStatus.DELIVERED;
          case "read" -> DeliveryStatus.READ;
          case "undelivered", "failed", "canceled" -> DeliveryStatus.FAILED;
          default -> DeliveryStatus.PENDING;
        };
    if (progress == DeliveryStatus.PENDING) {
      return Decoded.nothing(WebhookAnswer.OK); // accepted, scheduled, queued, sending
    }
    String sid = sid(form);
    boolean failed = progress == DeliveryStatus.FAILED;
    return Decoded.of(
        new InboundEvent.Receipt(
            sid + ":" + status,
            ContactRef.of(PhoneAddress.normalize(form.require("To", TwilioCalls.MAX_ADDRESS))),
            null,
            now,
            sid,
            progress,
            failed ? MessagesAnswer.failure(form.number("ErrorCode")) : null));
  }

  /** {@code SmsMessageSid} and {@code SmsSid} are older names of the same. */
  private static String sid(TwilioForm form) throws WebhookRejected {
    for (String name : List.of("MessageSid", "SmsMessageSid", "SmsSid")) {
      if (form.get(name).isPresent()) {
        return form.require(name, TwilioCalls.MAX_SID);
      }
    }
    throw WebhookRejected.malformed("MessageSid is absent, expected a value");
  }

  private static double degrees(String text) throws WebhookRejected {
    if (!text.matches("-?[0-9]{1,3}(\\.[0-9]{1,20})?")) {
      throw WebhookRejected.malformed("Latitude or Longitude is no number of degrees");
    }
    return Double.parseDouble(text);
  }
}
