// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.calendar;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Random calendars in all zones of the world, around their clock changes, against the model. */
class WorkingTimeModelTest {

  private static final long SEED = Long.getLong("calendar.seed", 20261010L);
  private static final int WALLS = 200;
  private static final int CALENDARS_PER_WALL = 25;
  private static final int QUESTIONS = 20;
  private static final int DAYS = 17;

  private final Random random = new Random(SEED);
  private final List<String> differences = new ArrayList<>();

  @Test
  void workingTime_isWhatTheMinutesSay(TestReporter reporter) {
    List<String> zones = ZoneId.getAvailableZoneIds().stream().sorted().toList();
    Set<ZoneId> met = new HashSet<>();
    int asked = 0;
    int inDays = 0;

    for (int w = 0; w < WALLS; w++) {
      ZoneId zone = ZoneId.of(zones.get(random.nextInt(zones.size())));
      met.add(zone);
      LocalDate start = nearAClockChange(zone);
      MinuteByMinute.Wall wall = new MinuteByMinute.Wall(zone, start, DAYS);
      for (int c = 0; c < CALENDARS_PER_WALL; c++) {
        MinuteByMinute.Door door = door(start);
        MinuteByMinute model = new MinuteByMinute(wall, door);
        WorkingTime working = WorkingTime.of(zone, days(door));
        for (int q = 0; q < QUESTIONS; q++) {
          asked++;
          ask(zone, working, model, start);
          inDays += askDays(zone, working, model, start);
        }
      }
    }

    reporter.publishEntry(
        Map.of(
            "seed", Long.toString(SEED),
            "questions", Integer.toString(asked),
            "inDays", Integer.toString(inDays),
            "zones", Integer.toString(met.size()),
            "differences", Integer.toString(differences.size())));
    assertThat(asked).isEqualTo(100_000);
    assertThat(inDays).isGreaterThan(20_000);
    assertThat(differences).as("seed %d", SEED).isEmpty();
  }

  private void ask(ZoneId zone, WorkingTime working, MinuteByMinute model, LocalDate start) {
    long first = start.plusDays(2).atStartOfDay(zone).toInstant().toEpochMilli();
    long from = first + random.nextLong(Duration.ofDays(6).toMillis());
    from -= random.nextInt(3) == 0 ? from % 60_000 : 0;
    long to = from + 1 + random.nextLong(model.endMillis() - Duration.ofDays(2).toMillis() - from);
    long open = model.between(from, to);
    same("between", zone, from, to, open, working.between(at(from), at(to)).toMillis());
    if (open > 0) {
      long time = random.nextInt(4) == 0 ? open : 1 + random.nextLong(open);
      long due = working.plus(at(from), Duration.ofMillis(time)).toEpochMilli();
      same("plus", zone, from, time, model.plus(from, time), due);
      same("back", zone, from, due, time, working.between(at(from), at(due)).toMillis());
      long opening = model.plus(from, 1) - 1;
      same("opening", zone, from, 0, opening, working.openFrom(at(from)).toEpochMilli());
      same("open", zone, from, 0, opening == from ? 1 : 0, working.isOpen(at(from)) ? 1 : 0);
    }
  }

  private int askDays(ZoneId zone, WorkingTime working, MinuteByMinute model, LocalDate start) {
    long first = start.plusDays(2).atStartOfDay(zone).toInstant().toEpochMilli();
    long from = first + random.nextLong(Duration.ofDays(6).toMillis());
    int days = 1 + random.nextInt(4);
    long due = model.datesOverlap() ? -1 : model.plusDays(from, days);
    if (due < 0) {
      return 0;
    }
    same("days", zone, from, days, due, working.plusDays(at(from), days).toEpochMilli());
    return 1;
  }

  private void same(String what, ZoneId zone, long from, long with, long model, long real) {
    if (model != real && differences.size() < 20) {
      differences.add(
          what + " " + zone + " from " + at(from) + " with " + with + " model " + model + " real "
              + real);
    }
  }

  private static Instant at(long millis) {
    return Instant.ofEpochMilli(millis);
  }

  /** A date some days before the zone changes its clocks, where it does. */
  private LocalDate nearAClockChange(ZoneId zone) {
    Instant any =
        Instant.parse("1973-01-01T00:00:00Z").plusSeconds(random.nextLong(64L * 365 * 86_400));
    ZoneOffsetTransition change = zone.getRules().nextTransition(any);
    Instant near = change == null ? any : change.getInstant();
    return near.atZone(zone).toLocalDate().minusDays(1 + random.nextInt(8));
  }

  private MinuteByMinute.Door door(LocalDate start) {
    Map<DayOfWeek, List<int[]>> weekly = new EnumMap<>(DayOfWeek.class);
    for (DayOfWeek day : DayOfWeek.values()) {
      weekly.put(day, random.nextInt(4) == 0 ? List.of() : windows());
    }
    weekly.put(DayOfWeek.of(1 + random.nextInt(7)), List.of(new int[] {0, 1440}));
    Set<LocalDate> holidays = new HashSet<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      LocalDate first = start.plusDays(random.nextInt(DAYS));
      for (int d = random.nextInt(9); d >= 0; d--) {
        holidays.add(first.plusDays(d));
      }
    }
    Map<LocalDate, List<int[]>> workdays = new HashMap<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      workdays.put(start.plusDays(random.nextInt(DAYS)), windows());
    }
    return new MinuteByMinute.Door(weekly, holidays, workdays);
  }

  private List<int[]> windows() {
    List<int[]> windows = new ArrayList<>();
    int at = random.nextInt(3) == 0 ? 0 : random.nextInt(600);
    for (int i = 1 + random.nextInt(3); i > 0 && at < 1440; i--) {
      int closes = at + 1 + random.nextInt(random.nextInt(4) == 0 ? 1440 : 300);
      boolean last = i == 1 || closes >= 1440;
      windows.add(new int[] {at, last ? closes : Math.min(closes, 1440)});
      if (last) {
        break;
      }
      at = closes + (random.nextBoolean() ? 0 : random.nextInt(120));
    }
    return windows;
  }

  private static OpenDays days(MinuteByMinute.Door door) {
    Map<DayOfWeek, List<Window>> weekly = new EnumMap<>(DayOfWeek.class);
    door.weekly().forEach((day, windows) -> weekly.put(day, windows(windows)));
    Map<LocalDate, List<Window>> workdays = new HashMap<>();
    door.workdays().forEach((date, windows) -> workdays.put(date, windows(windows)));
    return new OpenDays(
        weekly, door.holidays().stream().map(date -> Map.entry(date, date)).toList(), workdays);
  }

  private static List<Window> windows(List<int[]> windows) {
    return windows.stream().map(w -> new Window(w[0], w[1])).toList();
  }
}
