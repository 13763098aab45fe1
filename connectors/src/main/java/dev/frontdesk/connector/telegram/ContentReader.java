// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.connector.ContentJson;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.connector.MessageContent.Location;
import dev.frontdesk.connector.MessageContent.Media;
import dev.frontdesk.connector.MessageContent.Text;
import dev.frontdesk.connector.MessageContent.Unsupported;
import dev.frontdesk.connector.StrictJson;
import dev.frontdesk.connector.WebhookRejected;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a Telegram message says (https://core.telegram.org/bots/api#message). Stateless.
 *
 * <p>A message has one field that is its content, among fields that say where it comes from. Some
 * contents come with a second field for old clients ({@code animation} with {@code document},
 * {@code venue} with {@code location}): the order here is the order of preference.
 */
final class ContentReader {

  private static final int MAX = ContentJson.MAX_NAME;

  /** Fields that hold a file, and the medium they are shown as. */
  private static final Map<String, Media.Type> FILES =
      Map.of(
          "voice", Media.Type.AUDIO,
          "audio", Media.Type.AUDIO,
          "video", Media.Type.VIDEO,
          "video_note", Media.Type.VIDEO,
          "animation", Media.Type.VIDEO,
          "document", Media.Type.FILE);

  /** Fields that describe a message and are not its content. */
  private static final Set<String> ENVELOPE =
      Set.of(
          "message_id",
          "message_thread_id",
          "from",
          "sender_chat",
          "sender_boost_count",
          "sender_business_bot",
          "sender_tag",
          "date",
          "business_connection_id",
          "chat",
          "forward_origin",
          "forward_from",
          "forward_from_chat",
          "forward_from_message_id",
          "forward_signature",
          "forward_sender_name",
          "forward_date",
          "is_topic_message",
          "is_automatic_forward",
          "reply_to_message",
          "external_reply",
          "quote",
          "reply_to_story",
          "reply_to_checklist_task_id",
          "via_bot",
          "edit_date",
          "has_protected_content",
          "is_from_offline",
          "is_paid_post",
          "media_group_id",
          "author_signature",
          "paid_star_count",
          "entities",
          "link_preview_options",
          "effect_id",
          "caption",
          "caption_entities",
          "show_caption_above_media",
          "has_media_spoiler",
          "reply_markup",
          "direct_messages_topic",
          "suggested_post_info");

  private ContentReader() {}

  static MessageContent read(JsonNode message) throws WebhookRejected {
    String text = StrictJson.optionalWords(message, "text", ContentJson.MAX_TEXT);
    if (text != null) {
      return new Text(text);
    }
    for (String field :
        new String[] {"animation", "voice", "audio", "video", "video_note", "document"}) {
      if (message.hasNonNull(field)) {
        return file(message, message.get(field), type(field), null);
      }
    }
    if (message.hasNonNull("photo")) {
      return file(message, largest(message.get("photo")), Media.Type.IMAGE, "image/jpeg");
    }
    if (message.hasNonNull("sticker")) {
      return sticker(message.get("sticker"));
    }
    if (message.hasNonNull("venue")) {
      return venue(message.get("venue"));
    }
    if (message.hasNonNull("location")) {
      return location(message.get("location"), null);
    }
    return inWords(message);
  }

  /** Contents that are shown by the words a person would read. */
  private static MessageContent inWords(JsonNode message) throws WebhookRejected {
    if (message.hasNonNull("contact")) {
      JsonNode contact = StrictJson.requireObject(message.get("contact"), "contact");
      return lines(
          StrictJson.optionalWords(contact, "first_name", MAX),
          StrictJson.optionalWords(contact, "last_name", MAX),
          StrictJson.text(contact, "phone_number", MAX));
    }
    if (message.hasNonNull("dice")) {
      JsonNode dice = StrictJson.requireObject(message.get("dice"), "dice");
      return lines(
          StrictJson.words(dice, "emoji", MAX), Long.toString(StrictJson.number(dice, "value")));
    }
    if (message.hasNonNull("poll")) {
      return poll(StrictJson.requireObject(message.get("poll"), "poll"));
    }
    return new Unsupported(kind(message));
  }

  /** The name of the first field that is not of the envelope. */
  static String kind(JsonNode message) {
    for (String field : (Iterable<String>) message::fieldNames) {
      if (!ENVELOPE.contains(field)) {
        return field.length() > 64 ? field.substring(0, 64) : field;
      }
    }
    return "unknown";
  }

  private static Media.Type type(String field) {
    return FILES.getOrDefault(field, Media.Type.FILE);
  }

  private static Media file(
      JsonNode message, JsonNode node, Media.Type type, @Nullable String mimeType)
      throws WebhookRejected {
    JsonNode file = StrictJson.requireObject(node, "file");
    String stated = StrictJson.optionalText(file, "mime_type", MAX);
    return new Media(
        type,
        StrictJson.text(file, "file_id", MAX),
        null,
        stated == null ? mimeType : stated,
        StrictJson.optionalLong(file, "file_size"),
        StrictJson.optionalWords(file, "file_name", MAX),
        StrictJson.optionalWords(message, "caption", ContentJson.MAX_TEXT));
  }

  /** The sizes of a photo differ in pixels only; the size in bytes is optional. */
  private static JsonNode largest(JsonNode sizes) throws WebhookRejected {
    if (!sizes.isArray() || sizes.isEmpty()) {
      throw WebhookRejected.malformed("photo is no list of sizes, expected at least one");
    }
    JsonNode largest = sizes.get(0);
    for (JsonNode size : sizes) {
      largest = pixels(size) > pixels(largest) ? size : largest;
    }
    return largest;
  }

  private static double pixels(JsonNode size) {
    return size.path("width").asDouble() * size.path("height").asDouble();
  }

  private static Media sticker(JsonNode node) throws WebhookRejected {
    JsonNode sticker = StrictJson.requireObject(node, "sticker");
    boolean animated = sticker.path("is_animated").asBoolean(false);
    boolean video = sticker.path("is_video").asBoolean(false);
    return new Media(
        video ? Media.Type.VIDEO : animated ? Media.Type.FILE : Media.Type.IMAGE,
        StrictJson.text(sticker, "file_id", MAX),
        null,
        video ? "video/webm" : animated ? "application/x-tgsticker" : "image/webp",
        StrictJson.optionalLong(sticker, "file_size"),
        null,
        StrictJson.optionalWords(sticker, "emoji", MAX));
  }

  private static Location venue(JsonNode node) throws WebhookRejected {
    JsonNode venue = StrictJson.requireObject(node, "venue");
    Text label =
        lines(
            StrictJson.optionalWords(venue, "title", MAX),
            StrictJson.optionalWords(venue, "address", MAX));
    return location(venue.get("location"), label.text());
  }

  private static Location location(@Nullable JsonNode node, @Nullable String label)
      throws WebhookRejected {
    JsonNode location = StrictJson.requireObject(node, "location");
    JsonNode lat = location.path("latitude");
    JsonNode lon = location.path("longitude");
    if (!lat.isNumber() || !lon.isNumber()) {
      throw WebhookRejected.malformed("location has no latitude and longitude, expected numbers");
    }
    return new Location(lat.doubleValue(), lon.doubleValue(), label);
  }

  private static Text poll(JsonNode poll) throws WebhookRejected {
    StringJoiner lines = new StringJoiner("\n");
    lines.add(StrictJson.words(poll, "question", MAX));
    for (JsonNode option : poll.path("options")) {
      lines.add(
          "– " + StrictJson.words(StrictJson.requireObject(option, "options[]"), "text", MAX));
    }
    return new Text(lines.toString());
  }

  private static Text lines(@Nullable String... parts) {
    StringJoiner words = new StringJoiner(" ");
    for (String part : parts) {
      if (part != null && !part.isEmpty()) {
        words.add(part);
      }
    }
    return new Text(words.toString());
  }
}
