// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Reads the {@code Retry-After} header (RFC 9110, section 10.2.3). */
public final class RetryAfter {

  /** A platform that asks for more is asked again after a day. */
  public static final Duration LONGEST = Duration.ofDays(1);

  private RetryAfter() {}

  /**
   * The pause asked for, 0 s to {@link #LONGEST}, or null if there is none that can be read.
   *
   * @param header seconds or an HTTP date
   * @param now what a date is compared with
   */
  public static @Nullable Duration parse(@Nullable String header, Instant now) {
    if (header == null || header.isBlank()) {
      return null;
    }
    String value = header.strip();
    try {
      return value.chars().allMatch(c -> c >= '0' && c <= '9')
          ? ofSeconds(value)
          : bounded(Duration.between(now, date(value)));
    } catch (DateTimeException | ArithmeticException e) {
      return null;
    }
  }

  private static Duration ofSeconds(String digits) {
    return digits.length() > 9 ? LONGEST : bounded(Duration.ofSeconds(Long.parseLong(digits)));
  }

  private static Instant date(String value) {
    return ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
  }

  private static Duration bounded(Duration pause) {
    if (pause.isNegative()) {
      return Duration.ZERO;
    }
    return pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
  }
}
