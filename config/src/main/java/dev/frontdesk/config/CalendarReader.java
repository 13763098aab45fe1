// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes open hours of a calendar as it is written, noting each problem at its place. */
final class CalendarReader {
  private static final List<String> DAYS = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");

  private final FrontdeskConfig.Calendar calendar;
  private final Path path;
  private final Problems problems;
  private final Map<String, OpenWindow> shifts = new HashMap<>();

  private CalendarReader(FrontdeskConfig.Calendar calendar, Path path, Problems problems) {
    this.calendar = calendar;
    this.path = path;
    this.problems = problems;
  }

  /** The open hours, or null if there was any problem. */
  static @Nullable OpenHours read(FrontdeskConfig.Calendar calendar, Path path, Problems problems) {
    int before = problems.count();
    OpenHours hours = new CalendarReader(calendar, path, problems).hours();
    return problems.count() == before ? hours : null;
  }

  private OpenHours hours() {
    shifts();
    Map<DayOfWeek, List<OpenWindow>> weekly = weekly();
    if (weekly.values().stream().allMatch(List::isEmpty)) {
      problems.add(path.child("weekly"), "never open, expected a day with a window");
    }
    return new OpenHours(
        calendar.zone(),
        weekly,
        calendar.holidays(),
        workdays(weekly.getOrDefault(DayOfWeek.MONDAY, List.of())));
  }

  private void shifts() {
    calendar
        .shifts()
        .forEach(
            (name, text) -> {
              OpenWindow window =
                  noted(path.child("shifts").child(name), () -> OpenWindow.parse(text));
              if (window != null) {
                shifts.put(name, window);
              }
            });
  }

  private Map<DayOfWeek, List<OpenWindow>> weekly() {
    Map<DayOfWeek, List<OpenWindow>> weekly = new EnumMap<>(DayOfWeek.class);
    calendar
        .weekly()
        .forEach(
            (key, texts) -> {
              Path at = path.child("weekly").child(key);
              List<OpenWindow> windows = windows(texts, at);
              for (DayOfWeek day : days(key, at)) {
                if (weekly.putIfAbsent(day, windows) != null) {
                  problems.add(
                      at, DAYS.get(day.getValue() - 1) + " is written twice, expected once");
                }
              }
            });
    return weekly;
  }

  /** {@code mon}, or {@code fri-mon}. */
  private List<DayOfWeek> days(String key, Path at) {
    int dash = key.indexOf('-');
    int first = DAYS.indexOf(dash < 0 ? key : key.substring(0, dash));
    int last = dash < 0 ? first : DAYS.indexOf(key.substring(dash + 1));
    if (first < 0 || last < 0) {
      problems.add(at, "no day of the week, expected mon to sun, or a range such as mon-fri");
      return List.of();
    }
    List<DayOfWeek> days = new ArrayList<>();
    for (int day = first; ; day = (day + 1) % DAYS.size()) {
      days.add(DayOfWeek.of(day + 1));
      if (day == last) {
        return days;
      }
    }
  }

  private List<OpenWindow> windows(List<String> texts, Path at) {
    List<OpenWindow> windows = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      String text = texts.get(i);
      OpenWindow shift = shifts.get(text);
      OpenWindow window =
          shift != null ? shift : noted(at.element(i), () -> OpenWindow.parse(text));
      if (window != null) {
        windows.add(window);
      }
    }
    windows.sort(null);
    for (int i = 1; i < windows.size(); i++) {
      if (windows.get(i).opens() < windows.get(i - 1).closes()) {
        problems.add(
            at,
            windows.get(i - 1) + " and " + windows.get(i) + " overlap, expected one after another");
      }
    }
    return windows;
  }

  private Map<LocalDate, List<OpenWindow>> workdays(List<OpenWindow> monday) {
    Map<LocalDate, List<OpenWindow>> workdays = new HashMap<>();
    List<JsonNode> written = calendar.workdays();
    for (int i = 0; i < written.size(); i++) {
      Path at = path.child("workdays").element(i);
      JsonNode node = written.get(i);
      if (node.isTextual()) {
        workday(node.textValue(), monday, at, workdays);
      } else if (node.isObject()) {
        node.properties()
            .forEach(day -> workday(day.getKey(), own(day.getValue(), at), at, workdays));
      } else {
        problems.add(
            at, Scalars.found(node) + ", expected a date, or a date with a list of its windows");
      }
    }
    return workdays;
  }

  private List<OpenWindow> own(JsonNode node, Path at) {
    List<String> texts = new ArrayList<>();
    node.forEach(element -> texts.add(element.asText()));
    if (!node.isArray() || texts.isEmpty()) {
      problems.add(at, Scalars.found(node) + ", expected a list of windows");
    }
    return windows(texts, at);
  }

  private void workday(
      String text, List<OpenWindow> windows, Path at, Map<LocalDate, List<OpenWindow>> to) {
    DateRange dates = noted(at, () -> DateRange.parse(text));
    if (dates == null) {
      return;
    }
    if (windows.isEmpty()) {
      problems.add(at, "Monday has no windows to work by, expected the windows of this date");
    }
    if (dates.first().plusDays(366).isBefore(dates.last())) {
      problems.add(at, "more than a year of make-up workdays, expected single dates");
      return;
    }
    for (LocalDate date = dates.first(); !date.isAfter(dates.last()); date = date.plusDays(1)) {
      to.put(date, windows);
    }
  }

  private <T> @Nullable T noted(Path at, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (IllegalArgumentException e) {
      problems.add(at, String.valueOf(e.getMessage()));
      return null;
    }
  }
}
