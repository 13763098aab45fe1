// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as they stand in the configuration: {@code 256mb}, {@code 1gb}; powers of 1,024. */
final class Bytes {

  private static final Pattern SIZE = Pattern.compile("(\\d{1,15})\\s*(b|kb|mb|gb)?");

  private Bytes() {}

  /**
   * Reads a size.
   *
   * @throws EmbeddedRedisException naming the key, the value and what was expected
   */
  static long parse(String key, String text) {
    Matcher matcher = SIZE.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new EmbeddedRedisException(
          key + ": '" + text + "' is no size, expected a number and b, kb, mb or gb");
    }
    String unit = matcher.group(2);
    int shift =
        unit == null || unit.equals("b") ? 0 : unit.equals("kb") ? 10 : unit.equals("mb") ? 20 : 30;
    return Long.parseLong(matcher.group(1)) << shift;
  }

  /** A size for people: {@code 256 MiB}. */
  static String show(long bytes) {
    return bytes >= 1L << 30 && bytes % (1L << 30) == 0
        ? (bytes >> 30) + " GiB"
        : (bytes >> 20) + " MiB";
  }
}
