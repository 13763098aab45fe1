// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.wechat;

import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.connector.MessageContent.Media;
import dev.frontdesk.connector.SendGrant;
import dev.frontdesk.connector.Signatures;
import dev.frontdesk.connector.WebhookRejected;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What WeChat's fields mean: one callback is one message or one event.
 *
 * <p>A message is known by its {@code MsgId}. An event has no id: it is known by who, when, which
 * kind and a digest of its fields, because two different events of a user may share a second.
 * Grants follow the platform's table (developers.weixin.qq.com, 发送客服消息).
 */
final class WechatMessages {

  private static final SendGrant ACTION = new SendGrant(Duration.ofMinutes(1), 3);

  /** Of the menu's kinds only these three open the customer-service API. */
  private static final Set<String> GRANTING =
      Set.of("subscribe", "SCAN", "CLICK", "scancode_push", "scancode_waitmsg");

  /** The end of the year 9999. */
  private static final long LAST_SECOND = 253_402_300_799L;

  private static final Set<String> ENVELOPE =
      Set.of("ToUserName", "FromUserName", "CreateTime", "MsgType", "Event", "Encrypt");

  private final SendGrant userMessage;

  WechatMessages(int messagesPerUserMessage) {
    this.userMessage = new SendGrant(Duration.ofDays(2), messagesPerUserMessage);
  }

  InboundEvent event(WechatBody body) throws WebhookRejected {
    ContactRef contact = contact(body);
    Instant sentAt = sentAt(body);
    String type = body.required("MsgType");
    return type.equals("event")
        ? signal(body, contact, sentAt)
        : new InboundEvent.Received(
            key(body, type),
            contact,
            null,
            sentAt,
            0,
            content(type, body),
            null,
            false,
            userMessage,
            Map.of());
  }

  private static InboundEvent signal(WechatBody body, ContactRef contact, Instant sentAt)
      throws WebhookRejected {
    String name = body.required("Event");
    return new InboundEvent.Signalled(
        digestKey(body, name),
        contact,
        null,
        sentAt,
        new MessageContent.Event(name, fieldsOf(name, body)),
        GRANTING.contains(name) ? ACTION : null);
  }

  private static MessageContent content(String type, WechatBody body) throws WebhookRejected {
    return switch (type) {
      case "text" -> text(body);
      case "image" -> media(Media.Type.IMAGE, null, null, body);
      case "voice" ->
          media(
              Media.Type.AUDIO,
              body.text("Format").map(f -> "audio/" + f.toLowerCase(Locale.ROOT)).orElse(null),
              body.text("Recognition").orElse(null),
              body);
      case "video", "shortvideo" -> media(Media.Type.VIDEO, null, null, body);
      case "location" ->
          new MessageContent.Location(
              degrees(body, "Location_X", 90),
              degrees(body, "Location_Y", 180),
              body.text("Label").orElse(null));
      case "link" ->
          new MessageContent.Text(
              Stream.of("Title", "Description", "Url")
                  .flatMap(field -> body.text(field).stream())
                  .collect(Collectors.joining("\n")));
      default -> new MessageContent.Unsupported(type);
    };
  }

  /** A text; one that answers a menu message of ours names the entry that was tapped. */
  private static MessageContent text(WechatBody body) throws WebhookRejected {
    String content = body.values().get("Content");
    if (content == null) {
      throw WebhookRejected.malformed("Content is missing");
    }
    return body.text("bizmsgmenuid")
        .<MessageContent>map(id -> new MessageContent.Chosen(id, content))
        .orElseGet(() -> new MessageContent.Text(content));
  }

  private static Media media(
      Media.Type type, @Nullable String mimeType, @Nullable String caption, WechatBody body)
      throws WebhookRejected {
    String url =
        body.text("PicUrl")
            .filter(u -> u.startsWith("http://") || u.startsWith("https://"))
            .orElse(null);
    return new Media(type, body.required("MediaId"), url, mimeType, null, null, caption);
  }

  private static double degrees(WechatBody body, String field, int bound) throws WebhookRejected {
    try {
      double value = Double.parseDouble(body.required(field));
      if (Math.abs(value) <= bound) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw WebhookRejected.malformed(field + " is not a number");
    }
    throw WebhookRejected.malformed(field + " is out of range, expected at most " + bound);
  }

  /** Everything the event says, under the platform's names with a small first letter. */
  private static Map<String, String> fieldsOf(String name, WechatBody body) {
    Map<String, String> fields = new LinkedHashMap<>();
    body.values()
        .forEach(
            (field, value) -> {
              if (!ENVELOPE.contains(field) && !field.isEmpty()) {
                fields.put(Character.toLowerCase(field.charAt(0)) + field.substring(1), value);
              }
            });
    String eventKey = body.values().getOrDefault("EventKey", "");
    if (name.equals("SCAN")) {
      fields.put("scene", eventKey);
    } else if (name.equals("subscribe") && eventKey.startsWith("qrscene_")) {
      fields.put("scene", eventKey.substring("qrscene_".length()));
    } else if (name.equals("VIEW")) {
      fields.put("url", eventKey);
    }
    return fields;
  }

  private static ContactRef contact(WechatBody body) throws WebhookRejected {
    String openId = body.required("FromUserName");
    if (openId.length() > 128) {
      throw WebhookRejected.malformed("FromUserName is longer than 128 characters");
    }
    return ContactRef.of(openId);
  }

  private static Instant sentAt(WechatBody body) throws WebhookRejected {
    try {
      long seconds = Long.parseLong(body.required("CreateTime"));
      if (seconds >= 0 && seconds <= LAST_SECOND) {
        return Instant.ofEpochSecond(seconds);
      }
    } catch (NumberFormatException e) {
      throw WebhookRejected.malformed("CreateTime is not a number of seconds");
    }
    throw WebhookRejected.malformed("CreateTime is out of range");
  }

  private static String key(WechatBody body, String type) throws WebhookRejected {
    String id = body.text("MsgId").map(String::strip).orElse("");
    if (id.length() > 128) {
      throw WebhookRejected.malformed("MsgId is longer than 128 characters");
    }
    return id.isEmpty() ? digestKey(body, type) : id;
  }

  private static String digestKey(WechatBody body, String kind) throws WebhookRejected {
    String named = kind.length() <= 64 ? kind : kind.substring(0, 64);
    return body.required("FromUserName")
        + "+"
        + body.required("CreateTime")
        + "+"
        + named
        + "+"
        + digest(body.values());
  }

  /** 96 bits over all fields, names and values length-prefixed, independent of their order. */
  private static String digest(Map<String, String> values) {
    StringBuilder canonical = new StringBuilder();
    new TreeMap<>(values)
        .forEach(
            (name, value) ->
                canonical
                    .append(name.length())
                    .append(':')
                    .append(name)
                    .append(value.length())
                    .append(':')
                    .append(value));
    byte[] hash =
        Signatures.digest("SHA-256", canonical.toString().getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(hash, 0, 12);
  }
}
