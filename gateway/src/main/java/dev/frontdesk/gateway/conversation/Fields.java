// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.frontdesk.gateway.domain.Author;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Single fields of stored rows: written only when they differ from their default. */
final class Fields {
  private Fields() {}

  static void text(JsonGenerator json, String name, @Nullable String value) throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }

  static void number(JsonGenerator json, String name, long value, long absent) throws IOException {
    if (value != absent) {
      json.writeNumberField(name, value);
    }
  }

  static void flag(JsonGenerator json, String name, boolean value) throws IOException {
    if (value) {
      json.writeNumberField(name, 1);
    }
  }

  static void texts(JsonGenerator json, String name, Map<String, String> values)
      throws IOException {
    if (!values.isEmpty()) {
      json.writeObjectFieldStart(name);
      for (Map.Entry<String, String> entry : new TreeMap<>(values).entrySet()) {
        json.writeStringField(entry.getKey(), entry.getValue());
      }
      json.writeEndObject();
    }
  }

  /** {@code ["a","alice","Alice"]}; the gateway itself is absent. */
  static void author(JsonGenerator json, String name, Author author) throws IOException {
    if (author.equals(Author.SYSTEM)) {
      return;
    }
    json.writeArrayFieldStart(name);
    json.writeString(String.valueOf(author.kind().label().charAt(0)));
    json.writeString(author.id());
    if (author.name() != null) {
      json.writeString(author.name());
    }
    json.writeEndArray();
  }

  static Author author(JsonParser json) throws IOException {
    List<String> parts = strings(json);
    return new Author(
        authorKind(parts.get(0)), parts.get(1), parts.size() > 2 ? parts.get(2) : null);
  }

  private static Author.Kind authorKind(String code) throws IOException {
    for (Author.Kind kind : Author.Kind.values()) {
      if (kind.label().startsWith(code)) {
        return kind;
      }
    }
    throw unknown("author", code);
  }

  static IOException unknown(String what, String code) {
    return new IOException(what + " '" + code + "' is not known to this version");
  }

  /** The array the parser stands on. */
  static List<String> strings(JsonParser json) throws IOException {
    List<String> strings = new ArrayList<>(3);
    while (json.nextToken() != JsonToken.END_ARRAY) {
      strings.add(json.getText());
    }
    return strings;
  }

  /** The array of numbers the parser stands on; null stays null. */
  static List<@Nullable Long> numbers(JsonParser json) throws IOException {
    List<@Nullable Long> numbers = new ArrayList<>(3);
    while (json.nextToken() != JsonToken.END_ARRAY) {
      numbers.add(json.currentToken() == JsonToken.VALUE_NULL ? null : json.getLongValue());
    }
    return numbers;
  }

  static Map<String, String> texts(JsonParser json) throws IOException {
    Map<String, String> texts = new LinkedHashMap<>();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      json.nextToken();
      texts.put(name, json.getText());
    }
    return texts;
  }
}
