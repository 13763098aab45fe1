// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.ContentJson;
import dev.frontdesk.connector.DeliveryStatus;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.connector.StrictJson;
import dev.frontdesk.connector.WebhookRejected;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads one event of the {@code webhook} connector's form (contract, section 3). Stateless. */
final class EventReader {

  private static final int MAX_ID = 512;
  private static final int MAX_NAME = 256;
  private static final int MAX_TIER = 64;

  private EventReader() {}

  /**
   * The event, or empty if its type is none this gateway knows.
   *
   * @param now taken for an event that does not say when it happened
   */
  static Optional<InboundEvent> read(JsonNode node, Instant now) throws WebhookRejected {
    JsonNode event = StrictJson.requireObject(node, "event");
    String type = StrictJson.text(event, "type", 64);
    return switch (type) {
      case "message" -> Optional.of(message(Head.of(event, now), event));
      case "edit" -> Optional.of(edit(Head.of(event, now), event));
      case "delete" -> Optional.of(delete(Head.of(event, now), event));
      case "receipt" -> Optional.of(receipt(Head.of(event, now), event));
      default -> Optional.empty();
    };
  }

  private static InboundEvent message(Head head, JsonNode event) throws WebhookRejected {
    MessageContent content = inbound(ContentJson.read(event.get("content")));
    if (content instanceof MessageContent.Event signal) {
      return new InboundEvent.Signalled(
          head.id, head.contact, head.thread, head.sentAt, signal, null);
    }
    String replyTo = StrictJson.optionalText(event, "replyTo", MAX_ID);
    return new InboundEvent.Received(
        head.id,
        head.contact,
        head.thread,
        head.sentAt,
        0,
        content,
        replyTo,
        false,
        null,
        Map.of());
  }

  private static InboundEvent edit(Head head, JsonNode event) throws WebhookRejected {
    return new InboundEvent.Edited(
        head.id,
        head.contact,
        head.thread,
        head.sentAt,
        StrictJson.text(event, "target", MAX_ID),
        inbound(ContentJson.read(event.get("content"))));
  }

  private static InboundEvent delete(Head head, JsonNode event) throws WebhookRejected {
    return new InboundEvent.Deleted(
        head.id, head.contact, head.thread, head.sentAt, StrictJson.text(event, "target", MAX_ID));
  }

  private static InboundEvent receipt(Head head, JsonNode event) throws WebhookRejected {
    return new InboundEvent.Receipt(
        head.id,
        head.contact,
        head.thread,
        head.sentAt,
        StrictJson.text(event, "target", MAX_ID),
        status(StrictJson.text(event, "status", 32)),
        StrictJson.optionalText(event, "reason", MAX_NAME));
  }

  /** A question with options is ours to ask: coming in, it is kept as a kind we cannot show. */
  private static MessageContent inbound(MessageContent content) {
    return content instanceof MessageContent.Choice
        ? new MessageContent.Unsupported("choice")
        : content;
  }

  private static DeliveryStatus status(String word) throws WebhookRejected {
    return switch (word) {
      case "accepted" -> DeliveryStatus.ACCEPTED;
      case "delivered" -> DeliveryStatus.DELIVERED;
      case "read" -> DeliveryStatus.READ;
      case "failed" -> DeliveryStatus.FAILED;
      default ->
          throw WebhookRejected.malformed(
              "status is unknown, expected accepted, delivered, read or failed");
    };
  }

  /** What every event carries. */
  private record Head(String id, ContactRef contact, @Nullable String thread, Instant sentAt) {

    static Head of(JsonNode event, Instant now) throws WebhookRejected {
      return new Head(
          StrictJson.text(event, "id", MAX_ID),
          contact(StrictJson.requireObject(event.get("contact"), "contact")),
          thread(event),
          sentAt(event, now));
    }

    private static ContactRef contact(JsonNode contact) throws WebhookRejected {
      String id = StrictJson.text(contact, "id", ContactRef.MAX_ID_LENGTH);
      if (id.isBlank()) {
        throw WebhookRejected.malformed("contact.id is blank, expected an id");
      }
      return new ContactRef(
          id,
          StrictJson.optionalText(contact, "name", MAX_NAME),
          StrictJson.optionalText(contact, "tier", MAX_TIER));
    }

    private static @Nullable String thread(JsonNode event) throws WebhookRejected {
      String thread = StrictJson.optionalText(event, "thread", MAX_ID);
      return thread == null || thread.isBlank() ? null : thread;
    }

    private static Instant sentAt(JsonNode event, Instant now) throws WebhookRejected {
      String text = StrictJson.optionalText(event, "sentAt", 64);
      if (text == null) {
        return now;
      }
      try {
        Instant at = OffsetDateTime.parse(text).toInstant();
        Math.multiplyExact(at.getEpochSecond(), 1_000L);
        return at;
      } catch (DateTimeException | ArithmeticException e) {
        throw WebhookRejected.malformed("sentAt is no time such as 2026-11-21T03:04:05.678Z");
      }
    }
  }
}
