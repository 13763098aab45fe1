// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.frontdesk.connector.Decoded;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.connector.StrictJson;
import dev.frontdesk.connector.WebhookAnswer;
import dev.frontdesk.connector.WebhookRejected;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Reads one update (https://core.telegram.org/bots/api#update). Stateless.
 *
 * <p>A message is named by its chat and number, not by the update: an edit, a reply and a reaction
 * name it so, and a redelivered update holds the same. Other events are named by the update.
 */
final class UpdateReader {

  private static final int MAX_NAME = 256;

  /** Contents that Telegram writes into a chat itself; they are no message of the customer. */
  private static final Set<String> SERVICE =
      Set.of(
          "new_chat_members",
          "left_chat_member",
          "new_chat_title",
          "new_chat_photo",
          "delete_chat_photo",
          "group_chat_created",
          "supergroup_chat_created",
          "channel_chat_created",
          "message_auto_delete_timer_changed",
          "migrate_to_chat_id",
          "migrate_from_chat_id",
          "pinned_message",
          "write_access_allowed",
          "connected_website",
          "proximity_alert_triggered",
          "boost_added",
          "chat_background_set",
          "users_shared",
          "chat_shared",
          "forum_topic_created",
          "forum_topic_edited",
          "forum_topic_closed",
          "forum_topic_reopened",
          "general_forum_topic_hidden",
          "general_forum_topic_unhidden",
          "video_chat_scheduled",
          "video_chat_started",
          "video_chat_ended",
          "video_chat_participants_invited",
          "giveaway_created",
          "giveaway_completed");

  private UpdateReader() {}

  /**
   * What an update holds; kinds a bot does not get from customers are ignored.
   *
   * @param now taken where Telegram sends no time
   */
  static Decoded read(JsonNode update, Instant now) throws WebhookRejected {
    long id = StrictJson.number(update, "update_id");
    if (update.hasNonNull("message")) {
      return Decoded.of(message(part(update, "message"), now));
    }
    if (update.hasNonNull("edited_message")) {
      return edited(id, part(update, "edited_message"), now);
    }
    if (update.hasNonNull("callback_query")) {
      return chosen(part(update, "callback_query"), now);
    }
    if (update.hasNonNull("my_chat_member")) {
      return Decoded.of(membership(id, part(update, "my_chat_member"), now));
    }
    if (update.hasNonNull("message_reaction")) {
      return reaction(id, part(update, "message_reaction"), now);
    }
    return Decoded.nothing(WebhookAnswer.OK);
  }

  private static InboundEvent message(JsonNode message, Instant now) throws WebhookRejected {
    Chat chat = Chat.of(message);
    long number = StrictJson.number(message, "message_id");
    Instant sentAt = time(message, "date", now);
    String service = service(message);
    if (service != null) {
      return new InboundEvent.Signalled(
          chat.key(number), chat.contact(), chat.thread(), sentAt, event(service, message), null);
    }
    return new InboundEvent.Received(
        chat.key(number),
        chat.contact(),
        chat.thread(),
        sentAt,
        number,
        ContentReader.read(message),
        replyTo(chat, message),
        !message.hasNonNull("sender_chat") && message.path("from").path("is_bot").asBoolean(false),
        null,
        Map.of());
  }

  private static Decoded edited(long id, JsonNode message, Instant now) throws WebhookRejected {
    Chat chat = Chat.of(message);
    return Decoded.of(
        new InboundEvent.Edited(
            "update:" + id,
            chat.contact(),
            chat.thread(),
            time(message, "edit_date", now),
            chat.key(StrictJson.number(message, "message_id")),
            ContentReader.read(message)));
  }

  /** The answer ends the wait the customer's client shows on the button. */
  private static Decoded chosen(JsonNode query, Instant now) throws WebhookRejected {
    String id = StrictJson.text(query, "id", MAX_NAME);
    JsonNode from = StrictJson.requireObject(query.get("from"), "from");
    JsonNode message = query.get("message");
    boolean shown = message != null && message.isObject() && message.hasNonNull("chat");
    Chat chat =
        shown
            ? Chat.of(StrictJson.requireObject(message.get("chat"), "chat"), from, null)
            : Chat.with(from);
    String data = StrictJson.optionalText(query, "data", MAX_NAME);
    if (data == null || data.isEmpty()) {
      return Decoded.nothing(WebhookAnswer.OK); // a game, which no bot of ours offers
    }
    String answer =
        JsonNodeFactory.instance
            .objectNode()
            .put("method", "answerCallbackQuery")
            .put("callback_query_id", id)
            .toString();
    return Decoded.of(
            new InboundEvent.Received(
                "callback:" + id,
                chat.contact(),
                chat.thread(),
                now,
                0,
                new MessageContent.Chosen(data, shown ? label(message, data) : null),
                shown ? chat.key(StrictJson.number(message, "message_id")) : null,
                false,
                null,
                Map.of()))
        .answering(WebhookAnswer.ok("application/json", answer));
  }

  private static InboundEvent membership(long id, JsonNode member, Instant now)
      throws WebhookRejected {
    JsonNode from = StrictJson.requireObject(member.get("from"), "from");
    Chat chat = Chat.of(StrictJson.requireObject(member.get("chat"), "chat"), from, null);
    String status = member.path("new_chat_member").path("status").asText("");
    boolean gone = status.equals("kicked") || status.equals("left");
    String name =
        chat.thread() == null ? (gone ? "blocked" : "unblocked") : gone ? "removed" : "added";
    return new InboundEvent.Signalled(
        "update:" + id,
        chat.contact(),
        chat.thread(),
        time(member, "date", now),
        new MessageContent.Event(name, Map.of()),
        null);
  }

  private static Decoded reaction(long id, JsonNode reaction, Instant now) throws WebhookRejected {
    JsonNode who = reaction.hasNonNull("user") ? reaction.get("user") : reaction.get("actor_chat");
    JsonNode where = StrictJson.requireObject(reaction.get("chat"), "chat");
    Chat chat = Chat.of(where, who, null);
    StringJoiner emoji = new StringJoiner("");
    for (JsonNode each : reaction.path("new_reaction")) {
      emoji.add(each.path("emoji").asText(""));
    }
    String target = chat.key(StrictJson.number(reaction, "message_id"));
    return Decoded.of(
        new InboundEvent.Signalled(
            "update:" + id,
            chat.contact(),
            chat.thread(),
            time(reaction, "date", now),
            new MessageContent.Event(
                "reaction", Map.of("target", target, "emoji", cut(emoji.toString()))),
            null));
  }

  private static @Nullable String service(JsonNode message) {
    for (String field : (Iterable<String>) message::fieldNames) {
      if (SERVICE.contains(field)) {
        return field;
      }
    }
    return null;
  }

  /** Names what happened; of its details only the new id of a group that moved. */
  private static MessageContent.Event event(String service, JsonNode message) {
    Map<String, String> details = new HashMap<>();
    JsonNode detail = message.path(service);
    if (service.startsWith("migrate_") && detail.isIntegralNumber()) {
      details.put("chat", detail.asText());
    }
    return new MessageContent.Event(service, details);
  }

  private static @Nullable String replyTo(Chat chat, JsonNode message) throws WebhookRejected {
    JsonNode answered = message.get("reply_to_message");
    if (answered == null || !answered.isObject()) {
      return null;
    }
    Long number = StrictJson.optionalLong(answered, "message_id");
    return number == null ? null : chat.key(number);
  }

  private static @Nullable String label(JsonNode message, String data) {
    for (JsonNode row : message.path("reply_markup").path("inline_keyboard")) {
      for (JsonNode button : row) {
        if (data.equals(button.path("callback_data").asText(null))) {
          return cut(button.path("text").asText(""));
        }
      }
    }
    return null;
  }

  private static Instant time(JsonNode object, String field, Instant now) throws WebhookRejected {
    Long seconds = StrictJson.optionalLong(object, field);
    if (seconds == null || seconds == 0) {
      return now;
    }
    if (seconds < 0 || seconds > Integer.MAX_VALUE * 4L) {
      throw WebhookRejected.malformed(field + " is no number of seconds since 1970");
    }
    return Instant.ofEpochSecond(seconds);
  }

  private static JsonNode part(JsonNode update, String name) throws WebhookRejected {
    return StrictJson.requireObject(update.get(name), name);
  }

  private static String cut(String text) {
    return text.length() <= MAX_NAME ? text : text.substring(0, text.offsetByCodePoints(0, 128));
  }
}
