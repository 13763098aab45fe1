// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import dev.frontdesk.connector.MessageContent;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Message content in the form of contract §4: writing all kinds, reading those people may send. */
public final class ContentJson {

  /** The longest text of one message, in UTF-16 units. */
  public static final int MAX_TEXT = 65_536;

  private static final int MAX_NAME = 1_024;
  private static final int MAX_URL = 2_048;
  private static final int MAX_OPTIONS = 50;

  private ContentJson() {}

  /** A content as clients see it. */
  public static JsonObject of(MessageContent content) {
    JsonObject json = new JsonObject().put("kind", content.kind());
    if (content instanceof MessageContent.Text text) {
      json.put("text", text.text());
    } else if (content instanceof MessageContent.Media media) {
      json.put("mediaId", media.mediaId())
          .put("url", media.url())
          .put("mimeType", media.mimeType())
          .put("bytes", media.bytes())
          .put("fileName", media.fileName())
          .put("caption", media.caption());
    } else if (content instanceof MessageContent.Location place) {
      json.put("lat", place.lat()).put("lon", place.lon()).put("label", place.label());
    } else if (content instanceof MessageContent.Choice choice) {
      json.put("text", choice.text()).put("options", options(choice));
    } else if (content instanceof MessageContent.Chosen chosen) {
      json.put("id", chosen.id()).put("label", chosen.label());
    } else if (content instanceof MessageContent.Call call) {
      json.put("callId", call.callId())
          .put("event", call.event())
          .put("durationSeconds", call.durationSeconds())
          .put("recording", call.recording());
    } else if (content instanceof MessageContent.Event event) {
      json.put("name", event.name()).put("data", texts(event.data()));
    } else if (content instanceof MessageContent.Unsupported unsupported) {
      json.put("type", unsupported.type());
    }
    return json;
  }

  private static JsonArray options(MessageContent.Choice choice) {
    JsonArray options = new JsonArray();
    choice
        .options()
        .forEach(o -> options.add(new JsonObject().put("id", o.id()).put("label", o.label())));
    return options;
  }

  /**
   * What a person or bot wants to send: {@code text}, media by address, {@code location} or {@code
   * choice}; other kinds only ever come in. Fails MALFORMED with the place of the problem.
   */
  public static MessageContent read(JsonBody body) {
    String kind = body.text("kind", 32);
    return switch (kind) {
      case "text" -> {
        body.only("kind", "text");
        yield new MessageContent.Text(body.visibleText("text", MAX_TEXT));
      }
      case "image", "audio", "video", "file" -> media(kind, body);
      case "location" -> {
        body.only("kind", "lat", "lon", "label");
        yield new MessageContent.Location(
            body.decimal("lat", -90, 90),
            body.decimal("lon", -180, 180),
            body.optionalText("label", MAX_NAME));
      }
      case "choice" -> {
        body.only("kind", "text", "options");
        yield new MessageContent.Choice(body.text("text", MAX_TEXT), options(body));
      }
      default ->
          throw JsonBody.malformed(
              body.place("kind")
                  + " is a kind that cannot be sent, expected one of "
                  + List.of("text", "image", "audio", "video", "file", "location", "choice"));
    };
  }

  private static MessageContent media(String kind, JsonBody body) {
    body.only("kind", "mediaId", "url", "mimeType", "bytes", "fileName", "caption");
    String mediaId = body.optionalText("mediaId", MAX_NAME);
    String url = body.optionalText("url", MAX_URL);
    if ((mediaId == null) == (url == null)) {
      throw JsonBody.malformed(body.place("") + " has to name exactly one of mediaId and url");
    }
    if (url != null && !url.startsWith("https://") && !url.startsWith("http://")) {
      throw JsonBody.malformed(body.place("url") + " has to be an http or https address");
    }
    return new MessageContent.Media(
        MessageContent.Media.Type.valueOf(kind.toUpperCase(Locale.ROOT)),
        mediaId,
        url,
        body.optionalText("mimeType", 256),
        body.optionalInteger("bytes", 0, Long.MAX_VALUE),
        body.optionalText("fileName", MAX_NAME),
        body.optionalText("caption", MAX_TEXT));
  }

  private static List<MessageContent.Choice.Option> options(JsonBody body) {
    List<MessageContent.Choice.Option> options = new ArrayList<>();
    for (JsonBody option : body.objects("options", 1, MAX_OPTIONS)) {
      option.only("id", "label");
      options.add(
          new MessageContent.Choice.Option(
              option.text("id", MAX_NAME), option.text("label", MAX_NAME)));
    }
    return options;
  }

  /** A map of texts as clients see it, in alphabetical order. */
  static JsonObject texts(Map<String, String> texts) {
    return new JsonObject(new TreeMap<String, Object>(texts));
  }
}
