// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Open from one time of the clock to another.
 *
 * @param opens minutes after midnight, 0…1439
 * @param closes minutes after the same midnight; past 1440 it closes on the next date
 */
public record OpenWindow(int opens, int closes) implements Comparable<OpenWindow> {
  static final String EXPECTED = "a window such as 09:00-12:00, 22:00-06:00 or 00:00-24:00";
  private static final Pattern WINDOW =
      Pattern.compile("([01]\\d|2[0-3]):([0-5]\\d)\\s*-\\s*(?:([01]\\d|2[0-3]):([0-5]\\d)|24:00)");
  private static final int DAY = 24 * 60;

  /**
   * Reads {@code HH:mm-HH:mm}; one that closes before it opens crosses midnight.
   *
   * @throws IllegalArgumentException with the whole message
   */
  static OpenWindow parse(String text) {
    Matcher matcher = WINDOW.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "found " + Path.shown(text) + ", expected " + EXPECTED + " or the name of a shift");
    }
    int opens = minutes(matcher.group(1), matcher.group(2));
    int closes = matcher.group(3) == null ? DAY : minutes(matcher.group(3), matcher.group(4));
    if (opens == closes) {
      throw new IllegalArgumentException(
          "opens when it closes, expected a window such as 09:00-12:00, or 00:00-24:00");
    }
    return new OpenWindow(opens, closes < opens ? closes + DAY : closes);
  }

  private static int minutes(String hours, String minutes) {
    return Integer.parseInt(hours) * 60 + Integer.parseInt(minutes);
  }

  /** Open minutes in it. */
  int length() {
    return closes - opens;
  }

  @Override
  public int compareTo(OpenWindow other) {
    return opens != other.opens
        ? Integer.compare(opens, other.opens)
        : Integer.compare(closes, other.closes);
  }

  @Override
  public String toString() {
    return clock(opens) + "-" + clock(closes == DAY ? DAY : closes % DAY);
  }

  private static String clock(int minutes) {
    return String.format(Locale.ROOT, "%02d:%02d", minutes / 60, minutes % 60);
  }
}
