// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.twilio;

import dev.frontdesk.connector.StrictJson;
import dev.frontdesk.connector.WebhookRejected;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The parameters of a call by Twilio, by name in the order of UTF-16 units, as its signature wants
 * them.
 *
 * <p>Written here: the decoders of the JDK and of Netty replace malformed UTF-8 silently, and what
 * was replaced would no longer be what was signed.
 */
final class TwilioForm {

  /** Parameters of one call; Twilio sends about 30, and two for each of at most 10 files. */
  static final int MAX_PARAMETERS = 1_000;

  /** Bytes of a body; the edge has the same default. */
  static final int MAX_BYTES = 1_048_576;

  private final Map<String, List<String>> values;

  private TwilioForm(Map<String, List<String>> values) {
    this.values = values;
  }

  static TwilioForm of(Map<String, List<String>> values) {
    return new TwilioForm(new TreeMap<>(values));
  }

  static TwilioForm empty() {
    return new TwilioForm(Map.of());
  }

  /** Reads {@code application/x-www-form-urlencoded}. */
  static TwilioForm parse(byte[] body) throws WebhookRejected {
    if (body.length > MAX_BYTES) {
      throw WebhookRejected.malformed("form has " + body.length + " bytes, expected 1 MiB at most");
    }
    Map<String, List<String>> values = new TreeMap<>();
    int parameters = 0;
    int start = 0;
    while (start < body.length) {
      int end = indexOf(body, '&', start, body.length);
      if (end > start) {
        if (++parameters > MAX_PARAMETERS) {
          throw WebhookRejected.malformed("form has more than " + MAX_PARAMETERS + " parameters");
        }
        int equals = indexOf(body, '=', start, end);
        values
            .computeIfAbsent(decode(body, start, equals), name -> new ArrayList<>(1))
            .add(equals < end ? decode(body, equals + 1, end) : "");
      }
      start = end + 1;
    }
    return new TwilioForm(values);
  }

  /** All parameters; not to be changed. */
  Map<String, List<String>> values() {
    return values;
  }

  /** The first value of a parameter that is there and not empty. */
  Optional<String> get(String name) throws WebhookRejected {
    String value = values.getOrDefault(name, List.of("")).get(0);
    if (value.indexOf('\0') >= 0) {
      throw WebhookRejected.malformed(name + " holds NUL");
    }
    return value.isEmpty() ? Optional.empty() : Optional.of(value);
  }

  /** The first value of a parameter that must be there, at most {@code max} characters. */
  String require(String name, int max) throws WebhookRejected {
    String value =
        get(name)
            .orElseThrow(() -> WebhookRejected.malformed(name + " is absent, expected a value"));
    if (value.length() > max || value.isBlank()) {
      throw WebhookRejected.malformed(
          name + " has " + value.length() + " characters, expected 1 to " + max);
    }
    return value;
  }

  /** A whole number from 0, or 0 if the parameter is absent. */
  int number(String name) throws WebhookRejected {
    String value = get(name).orElse("0");
    if (!value.matches("[0-9]{1,9}")) {
      throw WebhookRejected.malformed(name + " is no number, expected 0 to 999999999");
    }
    return Integer.parseInt(value);
  }

  private static String decode(byte[] body, int start, int end) throws WebhookRejected {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(end - start);
    for (int i = start; i < end; i++) {
      if (body[i] == '%') {
        if (i + 2 >= end) {
          throw WebhookRejected.malformed("form has a % without two hexadecimal digits");
        }
        bytes.write(hex(body[i + 1]) * 16 + hex(body[i + 2]));
        i += 2;
      } else {
        bytes.write(body[i] == '+' ? ' ' : body[i]);
      }
    }
    return StrictJson.utf8(bytes.toByteArray());
  }

  private static int hex(byte digit) throws WebhookRejected {
    int value = Character.digit(digit, 16);
    if (value < 0) {
      throw WebhookRejected.malformed("form has a % without two hexadecimal digits");
    }
    return value;
  }

  private static int indexOf(byte[] body, char wanted, int from, int end) {
    for (int i = from; i < end; i++) {
      if (body[i] == wanted) {
        return i;
      }
    }
    return end;
  }

  /** The body Twilio would send, for senders. */
  static String encode(Map<String, String> parameters) {
    StringBuilder body = new StringBuilder();
    parameters.forEach(
        (name, value) ->
            body.append(body.isEmpty() ? "" : "&")
                .append(java.net.URLEncoder.encode(name, StandardCharsets.UTF_8))
                .append('=')
                .append(java.net.URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return body.toString();
  }
}
