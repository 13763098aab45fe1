// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.frontdesk.connector.DeliveryStatus;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.gateway.domain.Author;
import dev.frontdesk.gateway.domain.Effect;
import dev.frontdesk.gateway.domain.Message;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Messages and lines of history as they are stored.
 *
 * <pre>
 * message  s seq · r received (ms) · d direction (absent: inbound) · a author · t text or c content
 *          k external id · y reply to · p sent, q edited (ms after received) · o platform order
 *          v delivery · f failure · x withdrawn
 * history  t at (ms) · w what · b by (absent: the gateway) · d details
 * </pre>
 */
final class StoredMessage {
  private static final String DELIVERIES = "psuafdr";
  private static final DeliveryStatus[] STATUSES = {
    DeliveryStatus.PENDING,
    DeliveryStatus.SENDING,
    DeliveryStatus.UNKNOWN,
    DeliveryStatus.ACCEPTED,
    DeliveryStatus.FAILED,
    DeliveryStatus.DELIVERED,
    DeliveryStatus.READ
  };

  private int seq;
  private Message.Direction direction = Message.Direction.INBOUND;
  private Author author = Author.SYSTEM;
  private MessageContent content = new MessageContent.Text("");
  private @Nullable String externalId;
  private @Nullable String replyTo;
  private long received;
  private long sentAfter;
  private @Nullable Long editedAfter;
  private long order;
  private @Nullable DeliveryStatus delivery;
  private @Nullable String failure;
  private boolean deleted;

  private StoredMessage() {}

  static void write(JsonGenerator json, Message m) throws IOException {
    long received = m.receivedAt().toEpochMilli();
    json.writeStartObject();
    json.writeNumberField("s", m.seq());
    json.writeNumberField("r", received);
    if (m.direction() != Message.Direction.INBOUND) {
      json.writeStringField("d", m.direction().label().substring(0, 1));
    }
    Fields.author(json, "a", m.author());
    if (m.content() instanceof MessageContent.Text text) {
      json.writeStringField("t", text.text());
    } else {
      StoredContent.write(json, "c", m.content());
    }
    Fields.text(json, "k", m.externalId());
    Fields.text(json, "y", m.replyTo());
    Fields.number(json, "p", m.sentAt().toEpochMilli() - received, 0);
    if (m.editedAt() != null) {
      json.writeNumberField("q", m.editedAt().toEpochMilli() - received);
    }
    Fields.number(json, "o", m.order(), 0);
    if (m.delivery() != null) {
      json.writeStringField("v", deliveryCode(m.delivery()));
    }
    Fields.text(json, "f", m.failure());
    Fields.flag(json, "x", m.deleted());
    json.writeEndObject();
  }

  static String deliveryCode(DeliveryStatus status) {
    for (int i = 0; i < STATUSES.length; i++) {
      if (STATUSES[i] == status) {
        return DELIVERIES.substring(i, i + 1);
      }
    }
    throw new IllegalArgumentException(status.name());
  }

  static DeliveryStatus delivery(String code) throws IOException {
    int at = DELIVERIES.indexOf(code);
    if (at < 0) {
      throw Fields.unknown("delivery", code);
    }
    return STATUSES[at];
  }

  static Message read(JsonParser json) throws IOException {
    StoredMessage stored = new StoredMessage();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      stored.field(name, json);
    }
    return stored.message();
  }

  private void field(String name, JsonParser json) throws IOException {
    switch (name) {
      case "s" -> seq = json.getIntValue();
      case "r" -> received = json.getLongValue();
      case "d" ->
          direction =
              json.getText().equals("o") ? Message.Direction.OUTBOUND : Message.Direction.NOTE;
      case "a" -> author = Fields.author(json);
      case "t" -> content = new MessageContent.Text(json.getText());
      case "c" -> content = StoredContent.read(json);
      case "k" -> externalId = json.getText();
      case "y" -> replyTo = json.getText();
      case "p" -> sentAfter = json.getLongValue();
      case "q" -> editedAfter = json.getLongValue();
      case "o" -> order = json.getLongValue();
      case "v" -> delivery = delivery(json.getText());
      case "f" -> failure = json.getText();
      case "x" -> deleted = true;
      default -> json.skipChildren();
    }
  }

  private Message message() {
    return new Message(
        seq,
        direction,
        author,
        content,
        externalId,
        replyTo,
        Instant.ofEpochMilli(received + sentAfter),
        Instant.ofEpochMilli(received),
        order,
        delivery,
        failure,
        editedAfter == null ? null : Instant.ofEpochMilli(received + editedAfter),
        deleted);
  }

  static void write(JsonGenerator json, Effect.Audit audit) throws IOException {
    json.writeStartObject();
    json.writeNumberField("t", audit.at().toEpochMilli());
    json.writeStringField("w", audit.what());
    Fields.author(json, "b", audit.by());
    Fields.texts(json, "d", audit.details());
    json.writeEndObject();
  }

  static Effect.Audit audit(JsonParser json) throws IOException {
    long at = 0;
    String what = "";
    Author by = Author.SYSTEM;
    Map<String, String> details = Map.of();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      switch (name) {
        case "t" -> at = json.getLongValue();
        case "w" -> what = json.getText();
        case "b" -> by = Fields.author(json);
        case "d" -> details = Fields.texts(json);
        default -> json.skipChildren();
      }
    }
    return new Effect.Audit(Instant.ofEpochMilli(at), what, by, details);
  }
}
