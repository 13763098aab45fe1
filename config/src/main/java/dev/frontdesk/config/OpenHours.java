// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/**
 * A calendar as it is meant: names of shifts and days resolved, files read.
 *
 * @param weekly at least one day has a window
 * @param workdays dates that work whatever the week and the holidays say
 */
public record OpenHours(
    ZoneId zone,
    Map<DayOfWeek, List<OpenWindow>> weekly,
    List<DateRange> holidays,
    Map<LocalDate, List<OpenWindow>> workdays) {
  public OpenHours {
    weekly = Map.copyOf(weekly);
    holidays = List.copyOf(holidays);
    workdays = Map.copyOf(workdays);
  }

  /** Open minutes of a plain week. */
  long minutesPerWeek() {
    return weekly.values().stream().flatMap(List::stream).mapToLong(OpenWindow::length).sum();
  }

  /** Days of a plain week that are open. */
  long daysPerWeek() {
    return weekly.values().stream().filter(windows -> !windows.isEmpty()).count();
  }
}
