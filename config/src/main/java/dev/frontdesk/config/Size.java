// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes, written as Redis writes it: {@code 512}, {@code 64kb}, {@code 1gb}. */
public record Size(long bytes) {

  private static final Pattern WRITTEN = Pattern.compile("(\\d{1,9})(b|kb|mb|gb|tb)?");

  /**
   * Reads one; units are powers of 1,024.
   *
   * @throws IllegalArgumentException if it is not one
   */
  public static Size parse(String text) {
    Matcher matcher = WRITTEN.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "found \"" + text + "\", expected a size such as 512, 64kb, 256mb or 1gb");
    }
    String unit = matcher.group(2) == null ? "b" : matcher.group(2);
    int shift = unit.equals("b") ? 0 : 10 * ("kmgt".indexOf(unit.charAt(0)) + 1);
    return new Size(Long.parseLong(matcher.group(1)) << shift);
  }
}
