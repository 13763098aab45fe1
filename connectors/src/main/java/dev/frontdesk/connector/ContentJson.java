// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.frontdesk.connector.MessageContent.Call;
import dev.frontdesk.connector.MessageContent.Choice;
import dev.frontdesk.connector.MessageContent.Chosen;
import dev.frontdesk.connector.MessageContent.Event;
import dev.frontdesk.connector.MessageContent.Location;
import dev.frontdesk.connector.MessageContent.Media;
import dev.frontdesk.connector.MessageContent.Text;
import dev.frontdesk.connector.MessageContent.Unsupported;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JSON form of a {@link MessageContent}, as section 4 of the public contract has it. What is
 * written reads back equal; an unknown kind reads as {@link Unsupported}. Stateless, for any
 * thread.
 */
public final class ContentJson {

  /** Characters of a text, a caption or a question. */
  public static final int MAX_TEXT = 65_536;

  /** Characters of an address of a file. */
  public static final int MAX_URL = 2_048;

  /** Characters of an id, a label or a name. */
  public static final int MAX_NAME = 1_024;

  /** Options of a choice, entries of an event. */
  public static final int MAX_ENTRIES = 64;

  private ContentJson() {}

  /** Reads a content; what is missing or of another type is {@code MALFORMED}. */
  public static MessageContent read(@Nullable JsonNode node) throws WebhookRejected {
    JsonNode content = StrictJson.requireObject(node, "content");
    String kind = StrictJson.text(content, "kind", 64);
    return switch (kind) {
      case "text" -> new Text(StrictJson.text(content, "text", MAX_TEXT));
      case "image", "audio", "video", "file" -> media(kind, content);
      case "location" ->
          new Location(
              degrees(content, "lat", 90),
              degrees(content, "lon", 180),
              StrictJson.optionalText(content, "label", MAX_NAME));
      case "choice" -> choice(content);
      case "chosen" ->
          new Chosen(
              StrictJson.text(content, "id", MAX_NAME),
              StrictJson.optionalText(content, "label", MAX_NAME));
      case "call" ->
          new Call(
              StrictJson.text(content, "callId", MAX_NAME),
              StrictJson.text(content, "event", 64),
              seconds(content),
              StrictJson.optionalText(content, "recording", MAX_URL));
      case "event" -> new Event(StrictJson.text(content, "name", 64), entries(content.get("data")));
      case "unsupported" -> new Unsupported(StrictJson.text(content, "type", 64));
      default -> new Unsupported(kind);
    };
  }

  /** Writes a content with its {@code kind} first; what is null is left out. */
  public static ObjectNode write(MessageContent content) {
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("kind", content.kind());
    if (content instanceof Text text) {
      node.put("text", text.text());
    } else if (content instanceof Media media) {
      put(node, "mediaId", media.mediaId());
      put(node, "url", media.url());
      put(node, "mimeType", media.mimeType());
      if (media.bytes() != null) {
        node.put("bytes", media.bytes());
      }
      put(node, "fileName", media.fileName());
      put(node, "caption", media.caption());
    } else if (content instanceof Location location) {
      node.put("lat", location.lat()).put("lon", location.lon());
      put(node, "label", location.label());
    } else if (content instanceof Choice choice) {
      ArrayNode options = node.put("text", choice.text()).putArray("options");
      choice.options().forEach(o -> options.addObject().put("id", o.id()).put("label", o.label()));
    } else if (content instanceof Chosen chosen) {
      put(node.put("id", chosen.id()), "label", chosen.label());
    } else if (content instanceof Call call) {
      node.put("callId", call.callId()).put("event", call.event());
      if (call.durationSeconds() != null) {
        node.put("durationSeconds", call.durationSeconds());
      }
      put(node, "recording", call.recording());
    } else if (content instanceof Event event) {
      ObjectNode entries = node.put("name", event.name()).putObject("data");
      event.data().forEach(entries::put);
    } else if (content instanceof Unsupported unsupported) {
      node.put("type", unsupported.type());
    }
    return node;
  }

  private static Media media(String kind, JsonNode content) throws WebhookRejected {
    String id = StrictJson.optionalText(content, "mediaId", MAX_NAME);
    String url = StrictJson.optionalText(content, "url", MAX_URL);
    if (id == null && url == null) {
      throw WebhookRejected.malformed("content has neither mediaId nor url, expected one of them");
    }
    if (url != null && !url.startsWith("https://") && !url.startsWith("http://")) {
      throw WebhookRejected.malformed("url has another scheme, expected https or http");
    }
    return new Media(
        Media.Type.valueOf(kind.toUpperCase(Locale.ROOT)),
        id,
        url,
        StrictJson.optionalText(content, "mimeType", MAX_NAME),
        StrictJson.optionalLong(content, "bytes"),
        StrictJson.optionalText(content, "fileName", MAX_NAME),
        StrictJson.optionalText(content, "caption", MAX_TEXT));
  }

  private static Choice choice(JsonNode content) throws WebhookRejected {
    JsonNode options = content.get("options");
    if (options == null || !options.isArray() || options.size() > MAX_ENTRIES) {
      throw WebhookRejected.malformed(
          "options is no list, expected one of at most " + MAX_ENTRIES + " entries");
    }
    List<Choice.Option> read = new ArrayList<>();
    for (JsonNode option : options) {
      JsonNode object = StrictJson.requireObject(option, "options[]");
      read.add(
          new Choice.Option(
              StrictJson.text(object, "id", MAX_NAME), StrictJson.text(object, "label", MAX_NAME)));
    }
    return new Choice(StrictJson.text(content, "text", MAX_TEXT), read);
  }

  private static Map<String, String> entries(@Nullable JsonNode data) throws WebhookRejected {
    if (data == null || data.isNull()) {
      return Map.of();
    }
    if (StrictJson.requireObject(data, "data").size() > MAX_ENTRIES) {
      throw WebhookRejected.malformed("data has more than " + MAX_ENTRIES + " entries");
    }
    Map<String, String> read = new LinkedHashMap<>();
    for (String name : (Iterable<String>) data::fieldNames) {
      String value = StrictJson.optionalText(data, name, MAX_NAME);
      if (value != null) {
        read.put(name, value);
      }
    }
    return read;
  }

  private static @Nullable Integer seconds(JsonNode content) throws WebhookRejected {
    Long value = StrictJson.optionalLong(content, "durationSeconds");
    if (value != null && (value < 0 || value > Integer.MAX_VALUE)) {
      throw WebhookRejected.malformed("durationSeconds is " + value + ", expected 0 or more");
    }
    return value == null ? null : Integer.valueOf(value.intValue());
  }

  private static double degrees(JsonNode content, String name, double bound)
      throws WebhookRejected {
    JsonNode node = content.get(name);
    if (node == null || !node.isNumber() || !(Math.abs(node.doubleValue()) <= bound)) {
      throw WebhookRejected.malformed(
          name + " is no number or too far, expected at most ±" + (int) bound + " degrees");
    }
    return node.doubleValue();
  }

  private static void put(ObjectNode node, String name, @Nullable String value) {
    if (value != null) {
      node.put(name, value);
    }
  }
}
