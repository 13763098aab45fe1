// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON of strangers: what is outside its bounds is {@link
 * WebhookRejected.Reason#MALFORMED}, never an error of another kind.
 *
 * <p>Refused: more than {@value #MAX_BYTES} bytes; bytes that are not UTF-8 (overlong forms and
 * encoded surrogates among them), a byte order mark, nesting past {@value #MAX_DEPTH}, a key that
 * stands twice in one object, more than {@value #MAX_TOKENS} tokens, a string past {@value
 * #MAX_STRING} or a number past {@value #MAX_NUMBER} characters, anything after the value, and text
 * or keys with NUL or half a surrogate pair (no UTF-8 form exists, so no store could give it back).
 * Stateless, for any thread.
 */
public final class StrictJson {

  /** Deepest nesting; {@code server.limits.jsonDepth} has the same default. */
  public static final int MAX_DEPTH = 64;

  /** Bytes of a body; {@code server.limits.bodyBytes} has the same default. */
  public static final int MAX_BYTES = 1_048_576;

  /** A batch of 1,000 events of 60 tokens, and something to spare. */
  public static final int MAX_TOKENS = 100_000;

  /** Characters of one string; the largest body is 1 MiB. */
  public static final int MAX_STRING = 262_144;

  /** Digits of one number; ids of platforms have at most 20. */
  public static final int MAX_NUMBER = 100;

  private static final ObjectReader READER = reader(MAX_STRING);
  private static final ObjectReader LONG_STRINGS = reader(MAX_BYTES);

  private StrictJson() {}

  private static ObjectReader reader(int maxString) {
    return new JsonMapper(
            JsonFactory.builder()
                .streamReadConstraints(
                    StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxTokenCount(MAX_TOKENS)
                        .maxStringLength(maxString)
                        .maxNameLength(1_024)
                        .maxNumberLength(MAX_NUMBER)
                        .build())
                // names are a stranger's: a table of them that is kept could only grow
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build())
        .readerFor(JsonNode.class)
        .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  }

  /** The value that {@code body} holds. */
  public static JsonNode parse(Buffer body) throws WebhookRejected {
    return parse(body, READER);
  }

  /** The object that {@code body} holds, with whole files in its strings. */
  public static JsonNode objectWithFiles(Buffer body) throws WebhookRejected {
    return requireObject(parse(body, LONG_STRINGS), "body");
  }

  private static JsonNode parse(Buffer body, ObjectReader reader) throws WebhookRejected {
    if (body.length() > MAX_BYTES) {
      throw WebhookRejected.malformed(
          "body has " + body.length() + " bytes, expected at most " + MAX_BYTES);
    }
    JsonNode value;
    try {
      value = reader.readValue(utf8(body.getBytes()));
    } catch (JsonProcessingException e) {
      throw WebhookRejected.malformed("body is not the JSON this gateway reads" + place(e));
    }
    if (value == null || value.isMissingNode()) {
      throw WebhookRejected.malformed("body is empty, expected JSON");
    }
    requireStorable(value);
    return value;
  }

  /** The object that {@code body} holds. */
  public static JsonNode object(Buffer body) throws WebhookRejected {
    return requireObject(parse(body), "body");
  }

  /** Decodes strictly: malformed input is refused, never replaced. */
  public static String utf8(byte[] bytes) throws WebhookRejected {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes))
          .toString();
    } catch (CharacterCodingException e) {
      throw WebhookRejected.malformed("body is not UTF-8");
    }
  }

  /** Returns {@code node} if it is an object. */
  public static JsonNode requireObject(@Nullable JsonNode node, String name)
      throws WebhookRejected {
    if (node == null || !node.isObject()) {
      throw WebhookRejected.malformed(name + " is " + type(node) + ", expected an object");
    }
    return node;
  }

  /** The string below {@code name}, 1 to {@code max} characters. */
  public static String text(JsonNode object, String name, int max) throws WebhookRejected {
    String value = optionalText(object, name, max);
    if (value == null || value.isEmpty()) {
      throw WebhookRejected.malformed(
          name + " is " + (value == null ? "absent" : "empty") + ", expected a string");
    }
    return value;
  }

  /** The string below {@code name}, at most {@code max} characters; null if absent or null. */
  public static @Nullable String optionalText(JsonNode object, String name, int max)
      throws WebhookRejected {
    JsonNode node = object.get(name);
    if (node == null || node.isNull()) {
      return null;
    }
    if (!node.isTextual()) {
      throw WebhookRejected.malformed(name + " is " + type(node) + ", expected a string");
    }
    if (node.textValue().length() > max) {
      throw WebhookRejected.malformed(
          name + " has " + node.textValue().length() + " characters, expected at most " + max);
    }
    return node.textValue();
  }

  /** The list below {@code name}; empty if absent or null. */
  public static JsonNode optionalList(JsonNode object, String name) throws WebhookRejected {
    JsonNode node = object.get(name);
    if (node == null || node.isNull()) {
      return JsonNodeFactory.instance.arrayNode();
    }
    if (!node.isArray()) {
      throw WebhookRejected.malformed(name + " is " + type(node) + ", expected a list");
    }
    return node;
  }

  /** The whole number below {@code name}; null if absent or null. */
  public static @Nullable Long optionalLong(JsonNode object, String name) throws WebhookRejected {
    JsonNode node = object.get(name);
    if (node == null || node.isNull()) {
      return null;
    }
    if (!node.isIntegralNumber() || !node.canConvertToLong()) {
      throw WebhookRejected.malformed(name + " is " + type(node) + ", expected a whole number");
    }
    return node.longValue();
  }

  /** The whole number below {@code name}. */
  public static long number(JsonNode object, String name) throws WebhookRejected {
    Long value = optionalLong(object, name);
    if (value == null) {
      throw WebhookRejected.malformed(name + " is absent, expected a whole number");
    }
    return value;
  }

  /** Refuses text that has no UTF-8 form or holds NUL. */
  static void requireStorable(String text) throws WebhookRejected {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (c == 0 || (Character.isSurrogate(c) && !pair)) {
        throw WebhookRejected.malformed(
            c == 0 ? "a string holds NUL" : "a string holds half a surrogate pair");
      }
      if (pair) {
        i++;
      }
    }
  }

  private static void requireStorable(JsonNode node) throws WebhookRejected {
    if (node.isTextual()) {
      requireStorable(node.textValue());
    } else if (node.isObject()) {
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        requireStorable(field.getKey());
        requireStorable(field.getValue());
      }
    } else {
      for (Iterator<JsonNode> items = node.elements(); items.hasNext(); ) {
        requireStorable(items.next());
      }
    }
  }

  private static String place(JsonProcessingException e) {
    return e.getLocation() == null
        ? ""
        : " (line "
            + e.getLocation().getLineNr()
            + ", column "
            + e.getLocation().getColumnNr()
            + ")";
  }

  private static String type(@Nullable JsonNode node) {
    return node == null ? "absent" : node.getNodeType().name().toLowerCase(java.util.Locale.ROOT);
  }
}
