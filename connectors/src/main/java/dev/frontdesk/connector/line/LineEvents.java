// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.line;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.connector.StrictJson;
import dev.frontdesk.connector.WebhookRejected;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the entries of LINE's {@code events}. */
final class LineEvents {

  private static final int MAX_ID = 64;
  private static final int MAX_URL = 2_000;
  private static final long LAST_MILLISECOND = 253_402_300_799_999L; // of the year 9999

  /** Where an event that is no message keeps what is told about it. */
  private static final Map<String, String> DETAILS =
      Map.of("accountLink", "link", "beacon", "beacon", "videoPlayComplete", "videoPlayComplete");

  private static final List<String> SIGNALS =
      List.of(
          "follow",
          "unfollow",
          "join",
          "leave",
          "memberJoined",
          "memberLeft",
          "accountLink",
          "beacon",
          "videoPlayComplete");

  private LineEvents() {}

  /** What one entry of the list says, or null if it is of no interest. */
  static @Nullable InboundEvent read(JsonNode event) throws WebhookRejected {
    String type = StrictJson.text(event, "type", MAX_ID);
    // standby: another system has this chat, and nothing may be sent to it
    if ("standby".equals(StrictJson.optionalText(event, "mode", MAX_ID))) {
      return null;
    }
    ContactRef contact = contact(event.get("source"));
    if (contact == null) {
      return null;
    }
    long timestamp = StrictJson.number(event, "timestamp");
    if (timestamp < 0 || timestamp > LAST_MILLISECOND) {
      throw WebhookRejected.malformed("timestamp is out of range, expected milliseconds");
    }
    Instant at = Instant.ofEpochMilli(timestamp);
    String key = eventKey(event, type, contact, timestamp);
    return switch (type) {
      case "message" -> received(event, contact, at);
      case "messageEdited" -> {
        JsonNode message = StrictJson.requireObject(event.get("message"), "message");
        String target = id(message, "id");
        yield new InboundEvent.Edited(key, contact, null, at, target, content(message, target));
      }
      case "unsend" -> {
        JsonNode unsend = StrictJson.requireObject(event.get("unsend"), "unsend");
        yield new InboundEvent.Deleted(key, contact, null, at, id(unsend, "messageId"));
      }
      case "postback" -> {
        JsonNode postback = StrictJson.requireObject(event.get("postback"), "postback");
        String data = StrictJson.text(postback, "data", LineConnector.MAX_POSTBACK);
        yield received(key, contact, at, new MessageContent.Chosen(data, null), null);
      }
      default ->
          SIGNALS.contains(type)
              ? new InboundEvent.Signalled(
                  key,
                  contact,
                  null,
                  at,
                  new MessageContent.Event(type, details(event, type)),
                  null)
              : null;
    };
  }

  /** Whom an answer is pushed to: the user, or the group or room as a whole; null if unknown. */
  private static @Nullable ContactRef contact(@Nullable JsonNode source) throws WebhookRejected {
    if (source == null || source.isNull()) {
      return null;
    }
    String type = StrictJson.text(StrictJson.requireObject(source, "source"), "type", MAX_ID);
    return switch (type) {
      case "user" -> ContactRef.of(id(source, "userId"));
      case "group" -> ContactRef.of(id(source, "groupId"));
      case "room" -> ContactRef.of(id(source, "roomId"));
      default -> null;
    };
  }

  private static String eventKey(JsonNode event, String type, ContactRef contact, long timestamp)
      throws WebhookRejected {
    String id = StrictJson.optionalText(event, "webhookEventId", MAX_ID);
    return id == null || id.isBlank() ? type + ":" + contact.externalId() + ":" + timestamp : id;
  }

  private static InboundEvent received(JsonNode event, ContactRef contact, Instant at)
      throws WebhookRejected {
    JsonNode message = StrictJson.requireObject(event.get("message"), "message");
    String id = id(message, "id");
    String quoted = StrictJson.optionalText(message, "quotedMessageId", MAX_ID);
    return received(
        id, contact, at, content(message, id), quoted == null || quoted.isBlank() ? null : quoted);
  }

  private static InboundEvent.Received received(
      String key, ContactRef contact, Instant at, MessageContent content, @Nullable String quoted) {
    // LINE may deliver out of order and says to sort by timestamp
    return new InboundEvent.Received(
        key, contact, null, at, at.toEpochMilli(), content, quoted, false, null, Map.of());
  }

  private static MessageContent content(JsonNode message, String id) throws WebhookRejected {
    String type = StrictJson.text(message, "type", MAX_ID);
    return switch (type) {
      case "text" -> new MessageContent.Text(StrictJson.words(message, "text", 65_536));
      case "image" -> media(MessageContent.Media.Type.IMAGE, message, id);
      case "audio" -> media(MessageContent.Media.Type.AUDIO, message, id);
      case "video" -> media(MessageContent.Media.Type.VIDEO, message, id);
      case "file" -> media(MessageContent.Media.Type.FILE, message, id);
      case "location" -> location(message);
      case "sticker" -> {
        String written = StrictJson.optionalWords(message, "text", 1_024);
        yield written == null || written.isEmpty()
            ? new MessageContent.Unsupported(type)
            : new MessageContent.Text(written);
      }
      default -> new MessageContent.Unsupported(type);
    };
  }

  private static MessageContent media(MessageContent.Media.Type type, JsonNode message, String id)
      throws WebhookRejected {
    String url = null;
    JsonNode provider = message.get("contentProvider");
    if (provider != null && !provider.isNull()) {
      StrictJson.requireObject(provider, "contentProvider");
      url = StrictJson.optionalText(provider, "originalContentUrl", MAX_URL);
    }
    Long bytes = StrictJson.optionalLong(message, "fileSize");
    if (bytes != null && bytes < 0) {
      throw WebhookRejected.malformed("fileSize is negative, expected a size");
    }
    String fileName = StrictJson.optionalWords(message, "fileName", 1_024);
    return new MessageContent.Media(
        type, url == null ? id : null, url, null, bytes, fileName, null);
  }

  private static MessageContent location(JsonNode message) throws WebhookRejected {
    String title = StrictJson.optionalWords(message, "title", 1_024);
    String address = StrictJson.optionalWords(message, "address", 1_024);
    String label = title == null ? address : address == null ? title : title + ", " + address;
    return new MessageContent.Location(
        degrees(message, "latitude", 90), degrees(message, "longitude", 180), label);
  }

  private static double degrees(JsonNode message, String name, int max) throws WebhookRejected {
    JsonNode value = message.get(name);
    if (value == null || !value.isNumber() || !(Math.abs(value.doubleValue()) <= max)) {
      throw WebhookRejected.malformed(name + " is no number of degrees up to " + max);
    }
    return value.doubleValue();
  }

  private static Map<String, String> details(JsonNode event, String type) throws WebhookRejected {
    String name = DETAILS.get(type);
    if (name == null) {
      return Map.of();
    }
    JsonNode details = StrictJson.requireObject(event.get(name), name);
    Map<String, String> data = new HashMap<>();
    for (String field : List.of("type", "hwid", "result", "trackingId")) {
      String value = StrictJson.optionalText(details, field, 256);
      if (value != null) {
        data.put(field, value);
      }
    }
    return data;
  }

  private static String id(JsonNode object, String name) throws WebhookRejected {
    String id = StrictJson.text(object, name, MAX_ID);
    if (id.isBlank()) {
      throw WebhookRejected.malformed(name + " is blank, expected an id");
    }
    return id;
  }
}
