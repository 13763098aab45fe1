// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.calendar;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The windows of each local date: a make-up workday's own, none on a holiday, else the week's. A
 * make-up workday wins over a holiday. Immutable.
 */
public final class OpenDays {
  private final Map<DayOfWeek, List<Window>> weekly;
  private final NavigableMap<LocalDate, LocalDate> holidays;
  private final NavigableMap<LocalDate, List<Window>> workdays;

  /**
   * The days of a calendar.
   *
   * @param holidays first to last date of each closure, both closed; they may overlap
   * @throws IllegalArgumentException if no day of the week has a window: it would never open again
   */
  public OpenDays(
      Map<DayOfWeek, List<Window>> weekly,
      List<Map.Entry<LocalDate, LocalDate>> holidays,
      Map<LocalDate, List<Window>> workdays) {
    this.weekly = new EnumMap<>(DayOfWeek.class);
    weekly.forEach((day, windows) -> this.weekly.put(day, sorted(windows)));
    if (this.weekly.values().stream().allMatch(List::isEmpty)) {
      throw new IllegalArgumentException("no open time in a week, expected a window");
    }
    this.holidays = new TreeMap<>();
    holidays.forEach(range -> close(range.getKey(), range.getValue()));
    this.workdays = new TreeMap<>();
    workdays.forEach((date, windows) -> this.workdays.put(date, sorted(windows)));
  }

  private static List<Window> sorted(List<Window> windows) {
    return windows.stream().sorted().toList();
  }

  /** Joins the range with those it meets, so that {@code holidays} never overlap. */
  private void close(LocalDate first, LocalDate last) {
    LocalDate from = first;
    LocalDate to = last;
    for (Map.Entry<LocalDate, LocalDate> near = holidays.floorEntry(to.plusDays(1));
        near != null && !near.getValue().plusDays(1).isBefore(from);
        near = holidays.floorEntry(to.plusDays(1))) {
      holidays.remove(near.getKey());
      from = near.getKey().isBefore(from) ? near.getKey() : from;
      to = near.getValue().isAfter(to) ? near.getValue() : to;
    }
    holidays.put(from, to);
  }

  /** The windows of a date, by opening time; empty when it is closed. */
  List<Window> windows(LocalDate date) {
    List<Window> own = workdays.get(date);
    if (own != null) {
      return own;
    }
    Map.Entry<LocalDate, LocalDate> holiday = holidays.floorEntry(date);
    return holiday != null && !holiday.getValue().isBefore(date)
        ? List.of()
        : weekly.getOrDefault(date.getDayOfWeek(), List.of());
  }

  /** The first date from {@code date} on, itself included, that has a window. */
  LocalDate openFrom(LocalDate date) {
    LocalDate at = date;
    while (windows(at).isEmpty()) {
      at = afterClosure(at);
    }
    return at;
  }

  /** The next date worth a look: a long closure is one step, however long it is. */
  private LocalDate afterClosure(LocalDate closed) {
    Map.Entry<LocalDate, LocalDate> holiday = holidays.floorEntry(closed);
    if (holiday == null || holiday.getValue().isBefore(closed)) {
      return closed.plusDays(1);
    }
    LocalDate workday = workdays.higherKey(closed);
    LocalDate over = holiday.getValue().plusDays(1);
    return workday != null && workday.isBefore(over) ? workday : over;
  }
}
