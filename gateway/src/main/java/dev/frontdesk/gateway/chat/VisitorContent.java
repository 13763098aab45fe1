// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.chat;

import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.gateway.edge.ContentJson;
import dev.frontdesk.gateway.edge.JsonBody;
import dev.frontdesk.gateway.socket.Frames;

/** What a visitor may say: a text, a place, or one of the options it was given. */
final class VisitorContent {

  /** The longest text of a visitor, characters. */
  private static final int MAX_TEXT = 10_000;

  private static final int MAX_OPTION = 1_024;

  private VisitorContent() {}

  /** Reads {@code text} or {@code content} of a frame; exactly one of them is there. */
  static MessageContent read(JsonBody frame) {
    if (frame.has("text") == frame.has("content")) {
      throw Frames.malformed("a message has exactly one of text and content");
    }
    if (frame.has("text")) {
      return new MessageContent.Text(frame.text("text", MAX_TEXT));
    }
    JsonBody content = frame.object("content");
    String kind = content.text("kind", 32);
    return switch (kind) {
      case "text" -> new MessageContent.Text(content.only("kind", "text").text("text", MAX_TEXT));
      case "location" -> ContentJson.read(content);
      case "chosen" -> {
        content.only("kind", "id", "label");
        yield new MessageContent.Chosen(
            content.text("id", MAX_OPTION), content.optionalText("label", MAX_OPTION));
      }
      default ->
          throw Frames.malformed(
              "content.kind is none that a visitor may send, expected text, chosen or location");
    };
  }
}
