// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.email;

import dev.frontdesk.connector.Cut;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a structured header, with RFC 2231 continuations and charsets, and with the
 * encoded words that clients put there against RFC 2047. Mime4j's field classes are not used: they
 * give up on a header with one bad parameter and know neither extension.
 */
final class HeaderParameters {

  private static final int MAX_FILE_NAME = 255;

  private static final Pattern PARAMETER =
      Pattern.compile(";\\s*([^\\s=;]+)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*+)\"?|([^;]*))");

  private final Map<String, String> plain = new TreeMap<>();
  private final Map<String, TreeMap<Integer, String>> sections = new TreeMap<>();

  HeaderParameters(String header) {
    Matcher matcher = PARAMETER.matcher(header);
    while (matcher.find()) {
      String quoted = matcher.group(2);
      String value = quoted == null ? matcher.group(3).strip() : quoted.replaceAll("\\\\(.)", "$1");
      add(matcher.group(1).toLowerCase(Locale.ROOT), value);
    }
  }

  /** The value of a parameter, or null. */
  @Nullable String get(String name) {
    TreeMap<Integer, String> continued = sections.get(name);
    String value = continued == null ? plain.get(name) : String.join("", continued.values());
    return value == null || value.isEmpty() ? null : value;
  }

  /** The name of the file in a part, without folders and control characters, or null. */
  static @Nullable String fileName(MailHeaders headers) {
    String name =
        new HeaderParameters(headers.raw("Content-Disposition").orElse("")).get("filename");
    if (name == null) {
      name = new HeaderParameters(headers.raw("Content-Type").orElse("")).get("name");
    }
    return name == null ? null : harmless(MailHeaders.decoded(name));
  }

  /** A name of a file is never a path. */
  static @Nullable String harmless(String name) {
    String last = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
    String clean = last.replaceAll("\\p{Cntrl}", "").strip();
    if (clean.isEmpty() || clean.equals(".") || clean.equals("..")) {
      return null;
    }
    return Cut.to(clean, MAX_FILE_NAME);
  }

  private void add(String name, String value) {
    int star = name.indexOf('*');
    if (star < 0) {
      plain.putIfAbsent(name, value);
      return;
    }
    String main = name.substring(0, star);
    boolean extended = name.endsWith("*");
    String number = name.substring(star + 1).replace("*", "");
    int section = number.matches("[0-9]{1,4}") ? Integer.parseInt(number) : 0;
    sections
        .computeIfAbsent(main, n -> new TreeMap<>())
        .putIfAbsent(section, extended ? percentDecoded(main, section, value) : value);
  }

  private final Map<String, String> charsets = new TreeMap<>();

  /** The first section names the charset ({@code utf-8'en'…}); the others follow it. */
  private String percentDecoded(String name, int section, String value) {
    String text = value;
    if (section == 0) {
      int first = value.indexOf('\'');
      int second = value.indexOf('\'', first + 1);
      if (first >= 0 && second > first) {
        charsets.put(name, value.substring(0, first));
        text = value.substring(second + 1);
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); i++) {
      int hex = text.charAt(i) == '%' && i + 2 < text.length() ? hex(text, i + 1) : -1;
      if (hex >= 0) {
        bytes.write(hex);
        i += 2;
      } else {
        bytes.writeBytes(String.valueOf(text.charAt(i)).getBytes(StandardCharsets.UTF_8));
      }
    }
    return MailCharsets.decode(bytes.toByteArray(), charsets.get(name));
  }

  private static int hex(String text, int at) {
    int high = Character.digit(text.charAt(at), 16);
    int low = at + 1 < text.length() ? Character.digit(text.charAt(at + 1), 16) : -1;
    return high < 0 || low < 0 ? -1 : high * 16 + low;
  }
}
