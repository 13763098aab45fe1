// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.calendar;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The naive model of open time: looks at the clock on the wall once a minute and notes whether we
 * are open, by the latest time it has shown so far (an hour that comes twice is told only once by
 * an opening or closing).
 */
final class MinuteByMinute {

  /** The wall of one zone over some days. */
  static final class Wall {
    final long startMinute;
    final LocalDate[] date;
    final int[] minute;

    Wall(ZoneId zone, LocalDate start, int days) {
      Instant from = start.atStartOfDay(zone).toInstant();
      startMinute = Math.floorDiv(from.getEpochSecond(), 60L);
      date = new LocalDate[days * 1440];
      minute = new int[days * 1440];
      LocalDateTime latest = LocalDateTime.MIN;
      for (int warmUp = -1440; warmUp < minute.length; warmUp++) {
        LocalDateTime now =
            Instant.ofEpochSecond((startMinute + warmUp) * 60).atZone(zone).toLocalDateTime();
        latest = now.isAfter(latest) ? now : latest;
        if (warmUp >= 0) {
          boolean same = warmUp > 0 && date[warmUp - 1].equals(latest.toLocalDate());
          date[warmUp] = same ? date[warmUp - 1] : latest.toLocalDate();
          minute[warmUp] = latest.getHour() * 60 + latest.getMinute();
        }
      }
    }
  }

  /** What is written on the door: minutes from and to. */
  record Door(
      Map<DayOfWeek, List<int[]>> weekly,
      Set<LocalDate> holidays,
      Map<LocalDate, List<int[]>> workdays) {
    List<int[]> on(LocalDate date) {
      if (workdays.containsKey(date)) {
        return workdays.get(date);
      }
      return holidays.contains(date)
          ? List.of()
          : weekly.getOrDefault(date.getDayOfWeek(), List.of());
    }
  }

  private final long startMillis;
  private final int minutes;
  private final BitSet open = new BitSet();
  private final Map<LocalDate, BitSet> byDate = new HashMap<>();
  private LocalDate noted = LocalDate.MIN;
  private BitSet ofNoted = new BitSet();

  MinuteByMinute(Wall wall, Door door) {
    startMillis = wall.startMinute * 60_000;
    minutes = wall.minute.length;
    LocalDate date = LocalDate.MIN;
    List<int[]> today = List.of();
    List<int[]> yesterday = List.of();
    for (int i = 0; i < minutes; i++) {
      if (!wall.date[i].equals(date)) {
        date = wall.date[i];
        today = door.on(date);
        yesterday = door.on(date.minusDays(1));
      }
      if (isOpen(today, wall.minute[i])) {
        note(i, date);
      }
      if (isOpen(yesterday, wall.minute[i] + 1440)) {
        note(i, date.minusDays(1));
      }
    }
  }

  private static boolean isOpen(List<int[]> windows, int minute) {
    for (int[] window : windows) {
      if (minute >= window[0] && minute < window[1]) {
        return true;
      }
    }
    return false;
  }

  private void note(int minute, LocalDate date) {
    open.set(minute);
    if (!date.equals(noted)) {
      noted = date;
      ofNoted = byDate.computeIfAbsent(date, d -> new BitSet());
    }
    ofNoted.set(minute);
  }

  long endMillis() {
    return startMillis + minutes * 60_000L;
  }

  /** Open milliseconds from one instant to a later one. */
  long between(long from, long to) {
    return between(open, from, to);
  }

  private long between(BitSet when, long from, long to) {
    long sum = 0;
    long at = from;
    for (int minute = (int) ((from - startMillis) / 60_000); at < to; minute++) {
      long end = Math.min(to, startMillis + (minute + 1) * 60_000L);
      sum += when.get(minute) ? end - at : 0;
      at = end;
    }
    return sum;
  }

  /** The first instant by which so many open milliseconds have passed. */
  long plus(long from, long time) {
    return plus(open, from, time);
  }

  private long plus(BitSet when, long from, long time) {
    long left = time;
    long at = from;
    for (int minute = (int) ((from - startMillis) / 60_000); left > 0; minute++) {
      long end = startMillis + (minute + 1) * 60_000L;
      long used = when.get(minute) ? Math.min(left, end - at) : 0;
      left -= used;
      at = left > 0 ? end : used > 0 ? at + used : at;
    }
    return at;
  }

  /** So many working days later, or -1 if that is past the end of the model. */
  long plusDays(long from, int days) {
    List<Map.Entry<LocalDate, BitSet>> dates =
        byDate.entrySet().stream().sorted(Map.Entry.comparingByKey()).toList();
    int first = 0;
    while (first < dates.size() && closing(dates.get(first).getValue()) <= from) {
      first++;
    }
    // the model's last date may be cut off
    if (first + days >= dates.size() - 1) {
      return -1;
    }
    BitSet today = dates.get(first).getValue();
    BitSet then = dates.get(first + days).getValue();
    long used = between(today, startMillis, Math.max(startMillis, from));
    long share = used * then.cardinality() / today.cardinality();
    return share == 0
        ? closing(dates.get(first + days - 1).getValue())
        : plus(then, startMillis, share);
  }

  private long closing(BitSet when) {
    return startMillis + when.length() * 60_000L;
  }

  /**
   * Whether a date's windows reach into those of the next: then "that day" has no clear meaning.
   */
  boolean datesOverlap() {
    int sum = byDate.values().stream().mapToInt(BitSet::cardinality).sum();
    return sum != open.cardinality();
  }
}
