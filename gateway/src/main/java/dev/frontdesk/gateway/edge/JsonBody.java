// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.gateway.problem.GatewayException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object of a request, read strictly: UTF-8 only, no member twice, nothing after it, no
 * member nobody asked for, no value of another type than expected. Every failure is MALFORMED and
 * names the member, what was expected, and never the value.
 */
public final class JsonBody {

  private static final Instant FIRST = Instant.EPOCH;
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

  private final JsonNode node;
  private final String path;

  JsonBody(JsonNode node, String path) {
    this.node = node;
    this.path = path;
  }

  /** Refuses every member that is not named here. */
  public JsonBody only(String... names) {
    Set<String> known = new HashSet<>(List.of(names));
    for (Iterator<String> found = node.fieldNames(); found.hasNext(); ) {
      if (!known.contains(found.next())) {
        throw malformed(
            (path.isEmpty() ? "the body" : path)
                + " has a member that is not known, expected only "
                + List.of(names));
      }
    }
    return this;
  }

  /** Whether the member is there and not null. */
  public boolean has(String name) {
    return node.hasNonNull(name);
  }

  /** A text of 1 to {@code max} UTF-16 units. */
  public String text(String name, int max) {
    String text = optionalText(name, max);
    if (text == null || text.isEmpty()) {
      throw malformed(place(name) + " is missing, expected a text");
    }
    return text;
  }

  /**
   * A text as {@link #text} that shows something: with a character that is no blank, control or
   * format character.
   */
  public String visibleText(String name, int max) {
    String text = text(name, max);
    if (text.codePoints().noneMatch(JsonBody::isVisible)) {
      throw malformed(place(name) + " shows nothing, expected a visible character");
    }
    return text;
  }

  private static boolean isVisible(int character) {
    return switch (Character.getType(character)) {
      case Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.CONTROL,
          Character.FORMAT ->
          false;
      default -> true;
    };
  }

  /** The text, or null when the member is absent or null. */
  public @Nullable String optionalText(String name, int max) {
    JsonNode value = node.get(name);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw malformed(place(name) + " is not a text");
    }
    String text = value.textValue();
    if (text.length() > max) {
      throw malformed(
          place(name) + " has " + text.length() + " characters, expected at most " + max);
    }
    if (text.indexOf('\0') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw malformed(place(name) + " has a NUL or half a surrogate pair in it");
    }
    return text;
  }

  /** A whole number within both bounds. */
  public long integer(String name, long min, long max) {
    Long value = optionalInteger(name, min, max);
    if (value == null) {
      throw malformed(place(name) + " is missing, expected a whole number");
    }
    return value;
  }

  /** The whole number, or null when the member is absent or null. */
  public @Nullable Long optionalInteger(String name, long min, long max) {
    JsonNode value = node.get(name);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isIntegralNumber()
        || !value.canConvertToLong()
        || value.longValue() < min
        || value.longValue() > max) {
      throw malformed(place(name) + " is not a whole number from " + min + " to " + max);
    }
    return value.longValue();
  }

  /** A number within both bounds. */
  public double decimal(String name, double min, double max) {
    JsonNode value = node.get(name);
    if (value == null
        || !value.isNumber()
        || !(value.doubleValue() >= min && value.doubleValue() <= max)) {
      throw malformed(place(name) + " is not a number from " + min + " to " + max);
    }
    return value.doubleValue();
  }

  /** A time with offset (RFC 3339), or null when the member is absent or null. */
  public @Nullable Instant optionalInstant(String name) {
    String text = optionalText(name, 64);
    return text == null ? null : instant(place(name), text);
  }

  /**
   * Reads a time with offset, from 1970 to 9999: what the store counts in milliseconds and what
   * this API writes; {@code place} names it when it is none.
   */
  static Instant instant(String place, String text) {
    try {
      Instant time = java.time.OffsetDateTime.parse(text).toInstant();
      if (time.isBefore(FIRST) || time.isAfter(LAST)) {
        throw malformed(place + " is out of bounds, expected a time from " + FIRST + " to " + LAST);
      }
      return time;
    } catch (DateTimeException e) {
      throw malformed(place + " is not a time such as 2026-11-21T03:04:05Z");
    }
  }

  /** The object, or a failure when the member is something else. */
  public JsonBody object(String name) {
    JsonNode value = node.get(name);
    if (value == null || !value.isObject()) {
      throw malformed(place(name) + " is not an object");
    }
    return new JsonBody(value, place(name));
  }

  /** Names with a whole number of 1 to 10 each, {@code max} at most. */
  public Map<String, Integer> levels(String name, int max) {
    JsonNode value = node.get(name);
    if (value == null || !value.isObject() || value.size() > max) {
      throw malformed(place(name) + " is not an object of at most " + max + " levels");
    }
    Map<String, Integer> levels = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : value.properties()) {
      JsonNode level = entry.getValue();
      if (!level.isInt() || level.intValue() < 1 || level.intValue() > 10) {
        throw malformed(place(name) + " has a level that is not a whole number from 1 to 10");
      }
      levels.put(entry.getKey(), level.intValue());
    }
    return levels;
  }

  /** Names with a text each; none when the member is absent or null. */
  public Map<String, String> texts(String name, int max, int maxName, int maxText) {
    if (!has(name)) {
      return Map.of();
    }
    JsonNode value = node.get(name);
    if (!value.isObject() || value.size() > max) {
      throw malformed(place(name) + " is not an object of at most " + max + " texts");
    }
    Map<String, String> texts = new LinkedHashMap<>();
    JsonBody inner = new JsonBody(value, place(name));
    for (Map.Entry<String, JsonNode> entry : value.properties()) {
      if (entry.getKey().isEmpty() || entry.getKey().length() > maxName) {
        throw malformed(place(name) + " has a name that is not 1 to " + maxName + " characters");
      }
      String text = inner.optionalText(entry.getKey(), maxText);
      if (text == null) {
        throw malformed(place(name) + " has a member that is null");
      }
      texts.put(entry.getKey(), text);
    }
    return texts;
  }

  /** An array of {@code min} to {@code max} objects. */
  public List<JsonBody> objects(String name, int min, int max) {
    JsonNode value = node.get(name);
    if (value == null || !value.isArray() || value.size() < min || value.size() > max) {
      throw malformed(place(name) + " is not an array of " + min + " to " + max + " objects");
    }
    List<JsonBody> objects = new ArrayList<>();
    for (int i = 0; i < value.size(); i++) {
      if (!value.get(i).isObject()) {
        throw malformed(place(name) + "[" + i + "] is not an object");
      }
      objects.add(new JsonBody(value.get(i), place(name) + "[" + i + "]"));
    }
    return objects;
  }

  /** The full name of a member; of this object for the empty name. */
  String place(String name) {
    if (path.isEmpty()) {
      return name.isEmpty() ? "the body" : name;
    }
    return name.isEmpty() ? path : path + "." + name;
  }

  static GatewayException malformed(String message) {
    return new GatewayException(GatewayException.Kind.MALFORMED, "malformed", message);
  }
}
