// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.frontdesk.connector.MessageContent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Content as it is stored: {@code k} names the kind; the other fields mean what that kind says. A
 * kind of a newer version is read as {@code unsupported}.
 */
final class StoredContent {
  private String kind = "";
  private @Nullable String text;
  private @Nullable String id;
  private @Nullable String url;
  private @Nullable String mime;
  private @Nullable String file;
  private @Nullable Long bytes;
  private @Nullable Integer seconds;
  private double lat;
  private double lon;
  private List<MessageContent.Choice.Option> options = List.of();
  private Map<String, String> data = Map.of();

  private StoredContent() {}

  static void write(JsonGenerator json, String name, MessageContent content) throws IOException {
    json.writeObjectFieldStart(name);
    if (content instanceof MessageContent.Text c) {
      kind(json, "text", c.text());
    } else if (content instanceof MessageContent.Media c) {
      media(json, c);
    } else if (content instanceof MessageContent.Location c) {
      kind(json, "location", c.label());
      json.writeNumberField("a", c.lat());
      json.writeNumberField("o", c.lon());
    } else if (content instanceof MessageContent.Choice c) {
      choice(json, c);
    } else if (content instanceof MessageContent.Chosen c) {
      kind(json, "chosen", c.label());
      json.writeStringField("i", c.id());
    } else if (content instanceof MessageContent.Call c) {
      kind(json, "call", c.event());
      json.writeStringField("i", c.callId());
      Fields.text(json, "u", c.recording());
      if (c.durationSeconds() != null) {
        json.writeNumberField("s", c.durationSeconds());
      }
    } else if (content instanceof MessageContent.Event c) {
      kind(json, "event", c.name());
      Fields.texts(json, "d", c.data());
    } else {
      kind(json, "unsupported", ((MessageContent.Unsupported) content).type());
    }
    json.writeEndObject();
  }

  private static void kind(JsonGenerator json, String kind, @Nullable String text)
      throws IOException {
    json.writeStringField("k", kind);
    Fields.text(json, "t", text);
  }

  private static void media(JsonGenerator json, MessageContent.Media c) throws IOException {
    kind(json, c.kind(), c.caption());
    Fields.text(json, "i", c.mediaId());
    Fields.text(json, "u", c.url());
    Fields.text(json, "m", c.mimeType());
    Fields.text(json, "f", c.fileName());
    if (c.bytes() != null) {
      json.writeNumberField("b", c.bytes());
    }
  }

  private static void choice(JsonGenerator json, MessageContent.Choice c) throws IOException {
    kind(json, "choice", c.text());
    json.writeArrayFieldStart("p");
    for (MessageContent.Choice.Option option : c.options()) {
      json.writeStartArray();
      json.writeString(option.id());
      json.writeString(option.label());
      json.writeEndArray();
    }
    json.writeEndArray();
  }

  /** Reads the object the parser stands on. */
  static MessageContent read(JsonParser json) throws IOException {
    StoredContent stored = new StoredContent();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      stored.field(name, json);
    }
    return stored.content();
  }

  private void field(String name, JsonParser json) throws IOException {
    switch (name) {
      case "k" -> kind = json.getText();
      case "t" -> text = json.getText();
      case "i" -> id = json.getText();
      case "u" -> url = json.getText();
      case "m" -> mime = json.getText();
      case "f" -> file = json.getText();
      case "b" -> bytes = json.getLongValue();
      case "s" -> seconds = json.getIntValue();
      case "a" -> lat = json.getDoubleValue();
      case "o" -> lon = json.getDoubleValue();
      case "p" -> options = options(json);
      case "d" -> data = Fields.texts(json);
      default -> json.skipChildren();
    }
  }

  private static List<MessageContent.Choice.Option> options(JsonParser json) throws IOException {
    List<MessageContent.Choice.Option> options = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      List<String> pair = Fields.strings(json);
      options.add(new MessageContent.Choice.Option(pair.get(0), pair.get(1)));
    }
    return options;
  }

  private MessageContent content() {
    String words = Objects.requireNonNullElse(text, "");
    String name = Objects.requireNonNullElse(id, "");
    return switch (kind) {
      case "text" -> new MessageContent.Text(words);
      case "image", "audio", "video", "file" ->
          new MessageContent.Media(
              MessageContent.Media.Type.valueOf(kind.toUpperCase(Locale.ROOT)),
              id,
              url,
              mime,
              bytes,
              file,
              text);
      case "location" -> new MessageContent.Location(lat, lon, text);
      case "choice" -> new MessageContent.Choice(words, options);
      case "chosen" -> new MessageContent.Chosen(name, text);
      case "call" -> new MessageContent.Call(name, words, seconds, url);
      case "event" -> new MessageContent.Event(words, data);
      case "unsupported" -> new MessageContent.Unsupported(words);
      default -> new MessageContent.Unsupported(kind);
    };
  }
}
