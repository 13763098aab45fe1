// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.StrictJson;
import dev.frontdesk.connector.WebhookRejected;
import org.jspecify.annotations.Nullable;

/**
 * Who wrote, and where. In a private chat the two are the same id; in a group each writer has a
 * conversation of their own, whose thread is the group (and topic).
 */
record Chat(long id, ContactRef contact, @Nullable String thread) {

  private static final int MAX_NAME = 256;

  /** The chat of a message: {@code chat}, {@code from} or {@code sender_chat}, and the topic. */
  static Chat of(JsonNode message) throws WebhookRejected {
    JsonNode chat = StrictJson.requireObject(message.get("chat"), "chat");
    JsonNode sender =
        message.hasNonNull("sender_chat") ? message.get("sender_chat") : message.get("from");
    return of(chat, sender, topic(message));
  }

  /** The private chat with a user. */
  static Chat with(JsonNode user) throws WebhookRejected {
    return new Chat(StrictJson.number(user, "id"), contact(user), null);
  }

  /**
   * @param sender a user or a chat; null for the chat itself
   * @param topic the topic of a forum, or null
   */
  static Chat of(JsonNode chat, @Nullable JsonNode sender, @Nullable Long topic)
      throws WebhookRejected {
    long id = StrictJson.number(chat, "id");
    boolean isPrivate = "private".equals(StrictJson.optionalText(chat, "type", 64));
    ContactRef contact =
        contact(sender == null ? chat : StrictJson.requireObject(sender, "sender"));
    String thread = isPrivate ? null : topic == null ? Long.toString(id) : id + ":" + topic;
    return new Chat(id, contact, thread);
  }

  /** The name of a message of this chat that edits, replies and reactions refer to. */
  String key(long messageId) {
    return id + ":" + messageId;
  }

  private static @Nullable Long topic(JsonNode message) throws WebhookRejected {
    return message.path("is_topic_message").asBoolean(false)
        ? StrictJson.optionalLong(message, "message_thread_id")
        : null;
  }

  private static ContactRef contact(JsonNode sender) throws WebhookRejected {
    return new ContactRef(Long.toString(StrictJson.number(sender, "id")), name(sender), null);
  }

  private static @Nullable String name(JsonNode sender) throws WebhookRejected {
    String first = StrictJson.optionalWords(sender, "first_name", MAX_NAME);
    String last = StrictJson.optionalWords(sender, "last_name", MAX_NAME);
    String full = ((first == null ? "" : first) + " " + (last == null ? "" : last)).strip();
    if (!full.isEmpty()) {
      return full;
    }
    String title = StrictJson.optionalWords(sender, "title", MAX_NAME);
    return title == null ? StrictJson.optionalText(sender, "username", MAX_NAME) : title;
  }
}
