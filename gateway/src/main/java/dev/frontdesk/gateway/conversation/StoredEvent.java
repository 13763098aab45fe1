// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.DeliveryStatus;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.connector.SendGrant;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Inbound events as they wait for their target.
 *
 * <pre>
 * e which · k key · x contact, n name, i tier · h thread · s sent (ms) · t target · c content
 * o platform order · y reply to · a automatic · g grant [ms, messages] · m context
 * v delivery · f reason
 * </pre>
 */
final class StoredEvent {
  private String which = "";
  private String key = "";
  private String contact = "";
  private @Nullable String name;
  private @Nullable String tier;
  private @Nullable String thread;
  private long sent;
  private String target = "";
  private MessageContent content = new MessageContent.Text("");
  private long order;
  private @Nullable String replyTo;
  private boolean automatic;
  private @Nullable SendGrant grant;
  private Map<String, String> context = Map.of();
  private DeliveryStatus delivery = DeliveryStatus.PENDING;
  private @Nullable String reason;

  private StoredEvent() {}

  static void write(JsonGenerator json, InboundEvent event) throws IOException {
    json.writeStartObject();
    if (event instanceof InboundEvent.Received e) {
      json.writeStringField("e", "received");
      received(json, e);
    } else if (event instanceof InboundEvent.Edited e) {
      json.writeStringField("e", "edited");
      json.writeStringField("t", e.target());
      StoredContent.write(json, "c", e.content());
    } else if (event instanceof InboundEvent.Deleted e) {
      json.writeStringField("e", "deleted");
      json.writeStringField("t", e.target());
    } else if (event instanceof InboundEvent.Receipt e) {
      json.writeStringField("e", "receipt");
      json.writeStringField("t", e.target());
      json.writeStringField("v", StoredMessage.deliveryCode(e.status()));
      Fields.text(json, "f", e.reason());
    } else {
      InboundEvent.Signalled e = (InboundEvent.Signalled) event;
      json.writeStringField("e", "signalled");
      StoredContent.write(json, "c", e.event());
      grant(json, e.grant());
    }
    json.writeStringField("k", event.key());
    json.writeStringField("x", event.contact().externalId());
    Fields.text(json, "n", event.contact().name());
    Fields.text(json, "i", event.contact().tier());
    Fields.text(json, "h", event.thread());
    json.writeNumberField("s", event.sentAt().toEpochMilli());
    json.writeEndObject();
  }

  private static void received(JsonGenerator json, InboundEvent.Received e) throws IOException {
    StoredContent.write(json, "c", e.content());
    Fields.number(json, "o", e.platformOrder(), 0);
    Fields.text(json, "y", e.replyTo());
    Fields.flag(json, "a", e.automatic());
    grant(json, e.grant());
    Fields.texts(json, "m", e.context());
  }

  private static void grant(JsonGenerator json, @Nullable SendGrant grant) throws IOException {
    if (grant != null) {
      json.writeArrayFieldStart("g");
      json.writeNumber(grant.window().toMillis());
      if (grant.messages() != null) {
        json.writeNumber(grant.messages());
      }
      json.writeEndArray();
    }
  }

  static InboundEvent read(JsonParser json) throws IOException {
    StoredEvent stored = new StoredEvent();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      stored.field(field, json);
    }
    return stored.event();
  }

  private void field(String field, JsonParser json) throws IOException {
    switch (field) {
      case "e" -> which = json.getText();
      case "k" -> key = json.getText();
      case "x" -> contact = json.getText();
      case "n" -> name = json.getText();
      case "i" -> tier = json.getText();
      case "h" -> thread = json.getText();
      case "s" -> sent = json.getLongValue();
      case "t" -> target = json.getText();
      case "c" -> content = StoredContent.read(json);
      case "o" -> order = json.getLongValue();
      case "y" -> replyTo = json.getText();
      case "a" -> automatic = true;
      case "g" -> grant = grant(json);
      case "m" -> context = Fields.texts(json);
      case "v" -> delivery = StoredMessage.delivery(json.getText());
      case "f" -> reason = json.getText();
      default -> json.skipChildren();
    }
  }

  private static SendGrant grant(JsonParser json) throws IOException {
    json.nextToken();
    Duration window = Duration.ofMillis(json.getLongValue());
    Integer messages = null;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      messages = json.getIntValue();
    }
    return new SendGrant(window, messages);
  }

  private InboundEvent event() throws IOException {
    ContactRef who = new ContactRef(contact, name, tier);
    Instant at = Instant.ofEpochMilli(sent);
    return switch (which) {
      case "received" ->
          new InboundEvent.Received(
              key, who, thread, at, order, content, replyTo, automatic, grant, context);
      case "edited" -> new InboundEvent.Edited(key, who, thread, at, target, content);
      case "deleted" -> new InboundEvent.Deleted(key, who, thread, at, target);
      case "receipt" -> new InboundEvent.Receipt(key, who, thread, at, target, delivery, reason);
      case "signalled" -> {
        if (content instanceof MessageContent.Event signal) {
          yield new InboundEvent.Signalled(key, who, thread, at, signal, grant);
        }
        throw Fields.unknown("signal", content.kind());
      }
      default -> throw Fields.unknown("event", which);
    };
  }
}
