// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.telegram;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.connector.OutboundMessage;
import dev.frontdesk.connector.SendResult;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A method of the Bot API and its parameters. */
record BotCall(String method, ObjectNode body) {

  /** UTF-16 units of a text (https://core.telegram.org/bots/api#sendmessage). */
  static final int MAX_TEXT = 4_096;

  /** UTF-16 units of a caption. */
  static final int MAX_CAPTION = 1_024;

  /** Bytes of {@code callback_data}. */
  static final int MAX_OPTION = 64;

  /** The call that sends a message, or why there is none. */
  static Prepared of(OutboundMessage message) {
    String where = message.thread() == null ? message.contact().externalId() : message.thread();
    String[] ids = where.split(":", 2);
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    try {
      body.put("chat_id", Long.parseLong(ids[0]));
      if (ids.length > 1) {
        body.put("message_thread_id", Long.parseLong(ids[1]));
      }
    } catch (NumberFormatException e) {
      return refused(SendResult.Cause.RECIPIENT, "chat-id", "the contact is no Telegram chat id");
    }
    reply(body, message.replyTo());
    return content(body, message.content());
  }

  BotCall to(long chat) {
    return new BotCall(method, body.deepCopy().put("chat_id", chat));
  }

  private static Prepared content(ObjectNode body, MessageContent content) {
    if (content instanceof MessageContent.Text text) {
      return text(body, text.text());
    }
    if (content instanceof MessageContent.Choice choice) {
      return choice(body, choice);
    }
    if (content instanceof MessageContent.Media media) {
      return media(body, media);
    }
    if (content instanceof MessageContent.Location place) {
      body.put("latitude", place.lat()).put("longitude", place.lon());
      return Prepared.call(new BotCall("sendLocation", body));
    }
    return refused(
        SendResult.Cause.CONTENT,
        "kind",
        "Telegram takes text, media, location and choice, not " + content.kind());
  }

  private static Prepared text(ObjectNode body, String text) {
    if (text.isBlank() || text.length() > MAX_TEXT) {
      return tooLong("text", text.length(), MAX_TEXT);
    }
    return Prepared.call(new BotCall("sendMessage", body.put("text", text)));
  }

  private static Prepared choice(ObjectNode body, MessageContent.Choice choice) {
    ArrayNode rows = body.putObject("reply_markup").putArray("inline_keyboard");
    for (MessageContent.Choice.Option option : choice.options()) {
      int bytes = option.id().getBytes(StandardCharsets.UTF_8).length;
      if (bytes < 1 || bytes > MAX_OPTION) {
        return tooLong("option id", bytes, MAX_OPTION);
      }
      rows.addArray().addObject().put("text", option.label()).put("callback_data", option.id());
    }
    return text(body, choice.text());
  }

  private static Prepared media(ObjectNode body, MessageContent.Media media) {
    String file = media.mediaId() == null ? media.url() : media.mediaId();
    if (file == null) {
      return refused(SendResult.Cause.CONTENT, "file", "media has neither mediaId nor url");
    }
    String caption = media.text();
    if (caption.length() > MAX_CAPTION) {
      return tooLong("caption", caption.length(), MAX_CAPTION);
    }
    if (!caption.isEmpty()) {
      body.put("caption", caption);
    }
    String field =
        switch (media.type()) {
          case IMAGE -> "photo";
          case AUDIO -> "audio";
          case VIDEO -> "video";
          case FILE -> "document";
        };
    String method = "send" + Character.toUpperCase(field.charAt(0)) + field.substring(1);
    return Prepared.call(new BotCall(method, body.put(field, file)));
  }

  /** Our name of a message is {@code chat:number}; another's is not Telegram's to answer. */
  private static void reply(ObjectNode body, @Nullable String replyTo) {
    String number = replyTo == null ? "" : replyTo.substring(replyTo.indexOf(':') + 1);
    if (number.matches("[0-9]{1,18}")) {
      body.putObject("reply_parameters")
          .put("message_id", Long.parseLong(number))
          .put("allow_sending_without_reply", true);
    }
  }

  private static Prepared tooLong(String what, int length, int max) {
    return refused(
        SendResult.Cause.CONTENT, "length", what + " has " + length + ", expected 1 to " + max);
  }

  private static Prepared refused(SendResult.Cause cause, String code, String reason) {
    return new Prepared(null, new SendResult.Rejected(cause, code, reason));
  }

  /** A call, or the refusal of a message that Telegram is known not to take. */
  record Prepared(@Nullable BotCall call, SendResult.@Nullable Rejected refusal) {

    static Prepared call(BotCall call) {
      return new Prepared(call, null);
    }

    <R> R fold(
        Function<? super BotCall, ? extends R> send,
        Function<? super SendResult, ? extends R> refuse) {
      return call == null ? refuse.apply(refusal) : send.apply(call);
    }
  }
}
