// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The body of a platform's call.
 *
 * @param name for failure messages; of a recorded one its file's name
 * @param path where it is delivered, below the webhook address
 * @param expected what it decodes to (see {@link #describe}), or null
 */
public record Payload(
    String name, String path, String contentType, Buffer body, @Nullable String expected) {

  private static final Pattern JSON_VALUE =
      Pattern.compile(
          "\"(?:[^\"\\\\]++|\\\\.)*+\"|-?\\d+(?:\\.\\d+)?|true|false|null|\\[\\]|\\{\\}");

  private static final List<String> STRANGE =
      List.of(
          "null",
          "{}",
          "[]",
          "[null]",
          "true",
          "-1",
          "0",
          "1e999",
          "99999999999999999999999999",
          "-9223372036854775808",
          "0.1",
          "\"\"",
          "\" \"",
          "\"\\u0000\"",
          "\"\\ud800\"",
          "{\"$ne\":null}",
          "[[[[]]]]",
          "\"\uD83D\uDC4B\"",
          "\"" + "y".repeat(2_000) + "\"");

  public static Payload json(String name, String body) {
    return new Payload(name, "", "application/json", Buffer.buffer(body.getBytes(UTF_8)), null);
  }

  public static Payload form(String name, String body) {
    return new Payload(
        name, "", "application/x-www-form-urlencoded", Buffer.buffer(body.getBytes(UTF_8)), null);
  }

  /** The recorded payloads of a connector, by name. */
  public static List<Payload> recorded(String connector) throws IOException {
    URL folder =
        Thread.currentThread().getContextClassLoader().getResource("payloads/" + connector);
    if (folder == null) {
      return List.of();
    }
    List<Payload> payloads = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of(URI.create(folder.toString())))) {
      for (Path file : files.filter(f -> !f.toString().endsWith(".events")).sorted().toList()) {
        payloads.add(read(file));
      }
    }
    return payloads;
  }

  /** The same payload, delivered below the webhook address. */
  public Payload at(String otherPath) {
    return new Payload(name, otherPath, contentType, body, expected);
  }

  /** The same payload with another body. */
  public Payload with(Buffer other) {
    return new Payload(name, path, contentType, other, null);
  }

  /** What was expected, or {@code actual} written to the folder {@code -Drecord} names. */
  String expectedOr(String actual, String connector) throws IOException {
    String folder = System.getProperty("record");
    if (expected == null && folder != null) {
      Files.writeString(Path.of(folder, connector, name + ".events"), actual + "\n");
      return actual;
    }
    return expected == null ? "nothing: " + name + ".events is missing" : expected;
  }

  /** A payload that came out of this one by one to three accidents. */
  public Payload mutant(Random random) {
    Buffer mutant = body;
    for (int i = random.nextInt(3); i >= 0; i--) {
      mutant = random.nextBoolean() ? scratched(mutant, random) : replaced(mutant, random);
    }
    return with(mutant);
  }

  /**
   * What was decoded, one event a line: its kind and its components in order, those that are null
   * or empty left out, maps sorted; then rejections, the count of ignored parts, and an answer that
   * has a body.
   */
  public static String describe(Decoded decoded) {
    StringJoiner lines = new StringJoiner("\n");
    decoded.events().forEach(event -> lines.add(value(event)));
    decoded.rejections().forEach(r -> lines.add("rejected " + r.index() + " " + r.reason()));
    if (decoded.ignored() > 0) {
      lines.add("ignored " + decoded.ignored());
    }
    WebhookAnswer answer = decoded.answer();
    if (!answer.body().isEmpty()) {
      lines.add("answer " + answer.status() + " " + answer.contentType() + " " + answer.body());
    }
    return lines.toString();
  }

  /** Bodies no JSON connector may accept (fault W-10). */
  public static Map<String, Payload> jsonBombs() {
    Map<String, String> bodies = new LinkedHashMap<>();
    bodies.put("empty", "");
    bodies.put("no object", "[]");
    bodies.put("truncated", "{\"id\":1");
    bodies.put("two values", "{} {}");
    bodies.put("65 deep", "{\"a\":".repeat(65) + "1" + "}".repeat(65));
    bodies.put("100,000 deep", "{\"a\":" + "[".repeat(100_000));
    bodies.put("1 M keys", manyKeys(1_000_000));
    bodies.put("90,000 keys in 1 MiB", manyKeys(90_000));
    bodies.put("1 M equal keys", "{" + "\"a\":1,".repeat(1_000_000) + "\"b\":1}");
    bodies.put("10 MB number", "{\"a\":" + "9".repeat(10_000_000) + "}");
    bodies.put("10 MB string", "{\"a\":\"" + "a".repeat(10_000_000) + "\"}");
    bodies.put("duplicate key", "{\"id\":1,\"id\":2}");
    bodies.put("lone high surrogate", "{\"a\":\"\\ud800\"}");
    bodies.put("lone low surrogate", "{\"a\":\"x\\udc00\"}");
    bodies.put("surrogates the wrong way round", "{\"a\":\"\\udc00\\ud800\"}");
    bodies.put("lone surrogate in a key", "{\"\\ud800\":1}");
    bodies.put("escaped NUL", "{\"a\":\"\\u0000\"}");
    bodies.put("raw NUL", "{\"a\":\"\0\"}");
    bodies.put("byte order mark", "\uFEFF{}");
    bodies.put("comment", "{/* */}");
    Map<String, Payload> bombs = new LinkedHashMap<>();
    bodies.forEach((name, body) -> bombs.put(name, json(name, body)));
    Payload frame = json("malformed UTF-8", "{\"a\":\"?\"}");
    bombs.put("malformed UTF-8", frame.with(bytes(frame.body(), '?', 0xC3)));
    bombs.put("overlong UTF-8", frame.with(bytes(frame.body(), '?', 0xC0, 0xAF)));
    bombs.put("surrogate in UTF-8", frame.with(bytes(frame.body(), '?', 0xED, 0xA0, 0x80)));
    return bombs;
  }

  /** {@code body} with the first byte {@code place} replaced by {@code bytes}. */
  static Buffer bytes(Buffer body, char place, int... bytes) {
    Buffer out = Buffer.buffer();
    boolean done = false;
    for (byte b : body.getBytes()) {
      if (b == place && !done) {
        for (int other : bytes) {
          out.appendByte((byte) other);
        }
        done = true;
      } else {
        out.appendByte(b);
      }
    }
    return out;
  }

  private static Payload read(Path file) throws IOException {
    String name = String.valueOf(file.getFileName());
    Path expected = file.resolveSibling(name + ".events");
    String type =
        name.endsWith(".json")
            ? "application/json"
            : name.endsWith(".form") ? "application/x-www-form-urlencoded" : "text/xml";
    Buffer body = Buffer.buffer(Files.readAllBytes(file));
    String events = Files.exists(expected) ? Files.readString(expected).strip() : null;
    return new Payload(name, "", type, body, events);
  }

  private static Buffer scratched(Buffer body, Random random) {
    if (body.length() == 0) {
      return Buffer.buffer(new byte[] {(byte) random.nextInt()});
    }
    int from = random.nextInt(body.length());
    int to = Math.min(body.length(), from + 1 + random.nextInt(12));
    Buffer head = Buffer.buffer().appendBuffer(body.slice(0, from));
    switch (random.nextInt(4)) {
      case 0 ->
          head.appendByte((byte) random.nextInt()).appendBuffer(body.slice(from, body.length()));
      case 1 -> head.appendBuffer(body.slice(to, body.length()));
      case 2 ->
          head.appendBuffer(body.slice(from, to)).appendBuffer(body.slice(from, body.length()));
      default ->
          head.appendByte((byte) (body.getByte(from) ^ (1 << random.nextInt(8))))
              .appendBuffer(body.slice(from + 1, body.length()));
    }
    return head;
  }

  private static Buffer replaced(Buffer body, Random random) {
    String text = new String(body.getBytes(), UTF_8);
    Matcher values = JSON_VALUE.matcher(text);
    List<int[]> places = new ArrayList<>();
    while (values.find()) {
      places.add(new int[] {values.start(), values.end()});
    }
    if (places.isEmpty()) {
      return scratched(body, random);
    }
    int[] place = places.get(random.nextInt(places.size()));
    String strange = STRANGE.get(random.nextInt(STRANGE.size()));
    String changed = text.substring(0, place[0]) + strange + text.substring(place[1]);
    return Buffer.buffer(changed.getBytes(UTF_8));
  }

  private static String manyKeys(int count) {
    StringBuilder body = new StringBuilder(count * 12).append('{');
    for (int i = 0; i < count; i++) {
      body.append("\"k").append(i).append("\":1,");
    }
    return body.append("\"z\":1}").toString();
  }

  private static String value(@Nullable Object value) {
    if (value instanceof Record record) {
      StringJoiner parts = new StringJoiner(" ", record.getClass().getSimpleName() + "(", ")");
      for (RecordComponent component : record.getClass().getRecordComponents()) {
        String text = value(component(record, component));
        if (!text.isEmpty() && !text.equals("0") && !text.equals("false") && !text.equals("{}")) {
          parts.add(component.getName() + "=" + text);
        }
      }
      return parts.toString();
    }
    return value instanceof Map<?, ?> map
        ? new TreeMap<>(map).toString()
        : value == null ? "" : value.toString();
  }

  private static @Nullable Object component(Record record, RecordComponent component) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("accessor of " + component.getName(), e);
    }
  }
}
