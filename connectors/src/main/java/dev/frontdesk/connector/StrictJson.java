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
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
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
 * #MAX_STRING} or a number past {@value #MAX_NUMBER} characters, and anything after the value.
 *
 * <p>NUL and half a surrogate pair (it has no UTF-8 form, so no store could give it back) spoil the
 * one string they are in: {@link #text} refuses it, so that no two ids become one; {@link #words}
 * and whatever reads the node itself get U+FFFD in their place, so that no message is lost for a
 * character. Stateless, for any thread.
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
    return isStorable(value) ? value : mended(value);
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
    if (object.get(name) instanceof Mended) {
      throw WebhookRejected.malformed(name + " holds NUL or half a surrogate pair");
    }
    return optionalWords(object, name, max);
  }

  /** Like {@link #text}, for what people read: U+FFFD stands for what cannot be stored. */
  public static String words(JsonNode object, String name, int max) throws WebhookRejected {
    String value = optionalWords(object, name, max);
    if (value == null || value.isEmpty()) {
      throw WebhookRejected.malformed(
          name + " is " + (value == null ? "absent" : "empty") + ", expected a string");
    }
    return value;
  }

  /** Like {@link #optionalText}, for what people read. */
  public static @Nullable String optionalWords(JsonNode object, String name, int max)
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

  private static boolean isStorable(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (isSpoilt(text, i)) {
        return false;
      }
      if (Character.isHighSurrogate(text.charAt(i))) {
        i++;
      }
    }
    return true;
  }

  /** Whether NUL or half a surrogate pair stands there; {@code at} is no second half of a pair. */
  private static boolean isSpoilt(String text, int at) {
    char c = text.charAt(at);
    boolean pair =
        Character.isHighSurrogate(c)
            && at + 1 < text.length()
            && Character.isLowSurrogate(text.charAt(at + 1));
    return c == 0 || (Character.isSurrogate(c) && !pair);
  }

  private static boolean isStorable(JsonNode node) {
    if (node.isTextual()) {
      return isStorable(node.textValue());
    }
    for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
      if (!isStorable(names.next())) {
        return false;
      }
    }
    for (JsonNode part : node) {
      if (!isStorable(part)) {
        return false;
      }
    }
    return true;
  }

  /** The same with U+FFFD for what spoils a string, each such string marked. */
  private static JsonNode mended(JsonNode node) {
    if (node.isTextual()) {
      return isStorable(node.textValue()) ? node : new Mended(mended(node.textValue()));
    }
    if (node.isObject()) {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        if (!isStorable(field.getKey())) {
          return new Mended("\uFFFD"); // its keys cannot be told apart: no object any more
        }
        object.set(field.getKey(), mended(field.getValue()));
      }
      return object;
    }
    if (node.isArray()) {
      ArrayNode list = JsonNodeFactory.instance.arrayNode();
      node.forEach(part -> list.add(mended(part)));
      return list;
    }
    return node;
  }

  /** Refuses a value in which any string holds NUL or half a surrogate pair. */
  public static void requireWhole(JsonNode node) throws WebhookRejected {
    if (node instanceof Mended) {
      throw WebhookRejected.malformed("a string holds NUL or half a surrogate pair");
    }
    for (JsonNode part : node) {
      requireWhole(part);
    }
  }

  private static String mended(String text) {
    StringBuilder whole = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      whole.append(isSpoilt(text, i) ? '\uFFFD' : text.charAt(i));
      if (Character.isHighSurrogate(text.charAt(i)) && !isSpoilt(text, i)) {
        i++;
        whole.append(text.charAt(i));
      }
    }
    return whole.toString();
  }

  /** A string that came with NUL or half a surrogate pair. */
  private static final class Mended extends TextNode {
    private static final long serialVersionUID = 1L;

    Mended(String text) {
      super(text);
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
