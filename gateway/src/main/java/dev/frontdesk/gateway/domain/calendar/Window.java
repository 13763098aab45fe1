// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.calendar;

/**
 * Open from one time of the clock to another; it belongs to the date on which it opens.
 *
 * @param opens minutes after the date's midnight, 0…1439
 * @param closes minutes after the same midnight, more than {@code opens} and at most a day later;
 *     past 1440 it closes on the next date
 */
public record Window(int opens, int closes) implements Comparable<Window> {
  private static final int DAY = 24 * 60;

  public Window {
    if (opens < 0 || opens >= DAY || closes <= opens || closes > opens + DAY) {
      throw new IllegalArgumentException(
          "window " + opens + " to " + closes + " minutes, expected one of a day at most");
    }
  }

  @Override
  public int compareTo(Window other) {
    return opens != other.opens
        ? Integer.compare(opens, other.opens)
        : Integer.compare(closes, other.closes);
  }
}
