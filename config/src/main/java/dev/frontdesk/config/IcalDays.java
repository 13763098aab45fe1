// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import biweekly.Biweekly;
import biweekly.ICalendar;
import biweekly.component.VEvent;
import biweekly.property.DateOrDateTimeProperty;
import biweekly.property.DurationProperty;
import biweekly.property.ExceptionDates;
import biweekly.property.RecurrenceDates;
import biweekly.property.RecurrenceRule;
import biweekly.util.DateTimeComponents;
import biweekly.util.ICalDate;
import biweekly.util.com.google.ical.compat.javautil.DateIterator;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TimeZone;

/**
 * The dates of an iCalendar file (RFC 5545), read by biweekly: each event closes the dates it
 * touches, or opens them when its summary says that it is a make-up workday. Repeating events are
 * followed until the end of 2099.
 */
final class IcalDays {
  private static final LocalDate HORIZON = LocalDate.of(2099, 12, 31);
  private static final int MAX_EVENTS = 20_000;

  private final ZoneId zone;
  private final List<String> workdayWords;
  final List<DateRange> holidays = new ArrayList<>();
  final List<DateRange> workdays = new ArrayList<>();

  /**
   * A reader.
   *
   * @param zone the calendar's: says on which dates an event with times falls
   * @param workdayWords an event with one of them in its summary is a make-up workday
   */
  IcalDays(ZoneId zone, List<String> workdayWords) {
    this.zone = zone;
    this.workdayWords = List.copyOf(workdayWords);
  }

  /**
   * Reads the text of a file.
   *
   * @throws IllegalArgumentException with the whole message
   */
  void read(String text) {
    ICalendar calendar = Biweekly.parse(text).first();
    if (calendar == null) {
      throw new IllegalArgumentException("no iCalendar in it, expected BEGIN:VCALENDAR");
    }
    for (VEvent event : calendar.getEvents()) {
      boolean cancelled = event.getStatus() != null && event.getStatus().isCancelled();
      if (!cancelled && event.getDateStart() != null && event.getDateStart().getValue() != null) {
        read(event);
      }
    }
    if (holidays.isEmpty() && workdays.isEmpty()) {
      throw new IllegalArgumentException("no event in it, expected at least one");
    }
  }

  private void read(VEvent event) {
    LocalDate first = date(event.getDateStart().getValue());
    int more = (int) (last(event, first).toEpochDay() - first.toEpochDay());
    List<DateRange> to = isWorkday(event) ? workdays : holidays;
    for (LocalDate start : starts(event, first)) {
      to.add(new DateRange(start, start.plusDays(more)));
      if (holidays.size() + workdays.size() > MAX_EVENTS) {
        throw new IllegalArgumentException(
            "more than " + MAX_EVENTS + " events until " + HORIZON + ", expected holidays");
      }
    }
  }

  private boolean isWorkday(VEvent event) {
    String summary = event.getSummary() == null ? "" : event.getSummary().getValue();
    return summary != null && workdayWords.stream().anyMatch(summary::contains);
  }

  /** The last date it touches: an end at midnight does not touch the date it begins. */
  private LocalDate last(VEvent event, LocalDate first) {
    DateOrDateTimeProperty end = event.getDateEnd();
    DurationProperty duration = event.getDuration();
    LocalDate last = first;
    if (end != null && end.getValue() != null) {
      last = lastBefore(end.getValue());
    } else if (duration != null && duration.getValue() != null) {
      ICalDate start = event.getDateStart().getValue();
      Duration length = Duration.ofMillis(duration.getValue().toMillis());
      last =
          start.hasTime()
              ? Instant.ofEpochMilli(start.getTime() - 1).plus(length).atZone(zone).toLocalDate()
              : first.plusDays(Math.max(1, length.toDays()) - 1);
    }
    return last.isBefore(first) ? first : last;
  }

  private LocalDate lastBefore(ICalDate end) {
    return end.hasTime()
        ? Instant.ofEpochMilli(end.getTime() - 1).atZone(zone).toLocalDate()
        : date(end).minusDays(1);
  }

  /** A date without a time is a date everywhere; a time falls on a date of the zone. */
  private LocalDate date(ICalDate value) {
    DateTimeComponents raw = value.getRawComponents();
    return !value.hasTime() && raw != null
        ? LocalDate.of(raw.getYear(), raw.getMonth(), raw.getDate())
        : Instant.ofEpochMilli(value.getTime()).atZone(zone).toLocalDate();
  }

  private Set<LocalDate> starts(VEvent event, LocalDate first) {
    Set<LocalDate> starts = new HashSet<>();
    starts.add(first);
    RecurrenceRule rule = event.getRecurrenceRule();
    if (rule != null) {
      repeat(rule, first, starts);
    }
    for (RecurrenceDates dates : event.getRecurrenceDates()) {
      dates.getDates().forEach(date -> starts.add(date(date)));
    }
    for (ExceptionDates dates : event.getExceptionDates()) {
      dates.getValues().forEach(date -> starts.remove(date(date)));
    }
    return starts;
  }

  private static void repeat(RecurrenceRule rule, LocalDate first, Set<LocalDate> to) {
    Date start = Date.from(first.atStartOfDay(ZoneOffset.UTC).toInstant());
    DateIterator dates = rule.getDateIterator(start, TimeZone.getTimeZone(ZoneOffset.UTC));
    while (dates.hasNext() && to.size() <= MAX_EVENTS) {
      ZonedDateTime next = dates.next().toInstant().atZone(ZoneOffset.UTC);
      if (next.toLocalDate().isAfter(HORIZON)) {
        return;
      }
      to.add(next.toLocalDate());
    }
  }
}
