// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import java.time.DateTimeException;
import java.time.LocalDate;

/** Dates from {@code first} to {@code last}, both included: {@code 2026-10-01..2026-10-07}. */
public record DateRange(LocalDate first, LocalDate last) {
  static final String EXPECTED = "a date such as 2026-10-01 or a range 2026-10-01..2026-10-07";
  private static final int FIRST_YEAR = 1970;
  private static final int LAST_YEAR = 2199;

  public DateRange {
    if (last.isBefore(first)) {
      throw new IllegalArgumentException(
          "ends on " + last + " before it starts on " + first + ", expected the first date first");
    }
    if (first.getYear() < FIRST_YEAR || last.getYear() > LAST_YEAR) {
      throw new IllegalArgumentException(
          "outside the years " + FIRST_YEAR + " to " + LAST_YEAR + ", expected dates within");
    }
  }

  /**
   * Reads a date or a range.
   *
   * @throws IllegalArgumentException with the whole message
   */
  static DateRange parse(String text) {
    int dots = text.indexOf("..");
    return dots < 0
        ? new DateRange(date(text, text), date(text, text))
        : new DateRange(date(text.substring(0, dots), text), date(text.substring(dots + 2), text));
  }

  private static LocalDate date(String part, String whole) {
    try {
      return LocalDate.parse(part.strip());
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "found " + Path.shown(whole) + ", expected " + EXPECTED, e);
    }
  }

  @Override
  public String toString() {
    return first.equals(last) ? first.toString() : first + ".." + last;
  }
}
