// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway;

import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.config.OpenHours;
import dev.frontdesk.config.OpenWindow;
import dev.frontdesk.config.TargetTime;
import dev.frontdesk.config.WarnLevel;
import dev.frontdesk.gateway.domain.ClockPolicy;
import dev.frontdesk.gateway.domain.calendar.OpenDays;
import dev.frontdesk.gateway.domain.calendar.Target;
import dev.frontdesk.gateway.domain.calendar.Window;
import dev.frontdesk.gateway.domain.calendar.WorkingTime;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The calendars of one workspace and the clocks that count on them, made of its configuration. */
final class Calendars {
  private final Map<String, WorkingTime> byName = new HashMap<>();
  private final EscalationLadders ladders;

  Calendars(FrontdeskConfig.Workspace config) {
    this.ladders = new EscalationLadders(config);
    config.calendars().forEach((name, calendar) -> byName.put(name, workingTime(calendar.hours())));
  }

  /** Open time by the name of its calendar. */
  Map<String, WorkingTime> byName() {
    return byName;
  }

  /** How the clocks of a promise run. */
  ClockPolicy clocks(FrontdeskConfig.Promise promise) {
    String calendar = promise.calendar();
    return new ClockPolicy(
        calendar == null ? WorkingTime.always() : Objects.requireNonNull(byName.get(calendar)),
        target(promise.firstResponse()),
        optional(promise.nextResponse()),
        optional(promise.resolution()),
        optional(promise.supplier()),
        optional(promise.followUp()),
        promise.warnAt().stream().map(Calendars::warning).toList(),
        ClockPolicy.Fulfilment.valueOf(promise.fulfilledBy().toUpperCase(Locale.ROOT)),
        ClockPolicy.Raise.valueOf(promise.onRaise().toUpperCase(Locale.ROOT)),
        ladders.of(promise));
  }

  private static @Nullable Target optional(@Nullable TargetTime time) {
    return time == null ? null : target(time);
  }

  /** A target as the domain knows it. */
  static Target target(TargetTime time) {
    return new Target(time.time(), time.workingDays());
  }

  private static ClockPolicy.Warning warning(WarnLevel level) {
    return level.share() != null
        ? ClockPolicy.Warning.after(level.share().value())
        : ClockPolicy.Warning.before(Objects.requireNonNull(level.before()));
  }

  private static WorkingTime workingTime(OpenHours hours) {
    Map<DayOfWeek, List<Window>> weekly = new EnumMap<>(DayOfWeek.class);
    hours.weekly().forEach((day, windows) -> weekly.put(day, windows(windows)));
    Map<LocalDate, List<Window>> workdays = new HashMap<>();
    hours.workdays().forEach((date, windows) -> workdays.put(date, windows(windows)));
    return WorkingTime.of(
        hours.zone(),
        new OpenDays(
            weekly,
            hours.holidays().stream().map(range -> Map.entry(range.first(), range.last())).toList(),
            workdays));
  }

  private static List<Window> windows(List<OpenWindow> windows) {
    return windows.stream().map(w -> new Window(w.opens(), w.closes())).toList();
  }
}
