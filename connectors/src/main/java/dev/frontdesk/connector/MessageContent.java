// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a message says, in the closed list of kinds of the public contract (section 4). */
public sealed interface MessageContent {

  /** The contract's word for this content: {@code text}, {@code image}, {@code call} …. */
  String kind();

  /** The words a person would read: the text, a caption, a label; empty when there are none. */
  String text();

  record Text(String text) implements MessageContent {
    @Override
    public String kind() {
      return "text";
    }
  }

  /**
   * A file of any medium.
   *
   * @param mediaId the platform's handle of the file, when it is fetched by id
   * @param url where the platform keeps it, when it is fetched by address
   * @param bytes its size, or null when the platform did not say
   */
  record Media(
      Type type,
      @Nullable String mediaId,
      @Nullable String url,
      @Nullable String mimeType,
      @Nullable Long bytes,
      @Nullable String fileName,
      @Nullable String caption)
      implements MessageContent {

    public enum Type {
      IMAGE,
      AUDIO,
      VIDEO,
      FILE
    }

    @Override
    public String kind() {
      return type.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String text() {
      return caption == null ? "" : caption;
    }
  }

  /** A place; degrees, WGS 84 or as the platform sent them. */
  record Location(double lat, double lon, @Nullable String label) implements MessageContent {
    @Override
    public String kind() {
      return "location";
    }

    @Override
    public String text() {
      return label == null ? "" : label;
    }
  }

  /** A question with options to pick from (outbound). */
  record Choice(String text, List<Option> options) implements MessageContent {
    public Choice {
      options = List.copyOf(options);
    }

    @Override
    public String kind() {
      return "choice";
    }

    public record Option(String id, String label) {}
  }

  /** The option a customer picked: a button, a menu entry, a digit. */
  record Chosen(String id, @Nullable String label) implements MessageContent {
    @Override
    public String kind() {
      return "chosen";
    }

    @Override
    public String text() {
      return label == null ? id : label;
    }
  }

  /**
   * A telephone call or a part of one.
   *
   * @param event what happened: {@code missed}, {@code voicemail}, {@code completed} …
   * @param recording where the platform keeps the recording, if there is one
   */
  record Call(
      String callId, String event, @Nullable Integer durationSeconds, @Nullable String recording)
      implements MessageContent {
    @Override
    public String kind() {
      return "call";
    }

    @Override
    public String text() {
      return "";
    }
  }

  /** Something the customer did that is not a message: followed, scanned, opened a menu. */
  record Event(String name, Map<String, String> data) implements MessageContent {
    public Event {
      data = Map.copyOf(data);
    }

    @Override
    public String kind() {
      return "event";
    }

    @Override
    public String text() {
      return "";
    }
  }

  /** A kind this version cannot show; kept so that nothing is lost and the platform is answered. */
  record Unsupported(String type) implements MessageContent {
    @Override
    public String kind() {
      return "unsupported";
    }

    @Override
    public String text() {
      return "";
    }
  }
}
