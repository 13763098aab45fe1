// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.bench;

import dev.frontdesk.gateway.domain.calendar.OpenDays;
import dev.frontdesk.gateway.domain.calendar.Target;
import dev.frontdesk.gateway.domain.calendar.Window;
import dev.frontdesk.gateway.domain.calendar.WorkingTime;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Deadlines on a calendar: weekdays 9 to 12 and 13 to 18 in Shanghai, the week of National Day
 * closed, a make-up Saturday and 40 other closures. {@code load-tests/bench Calendar -prof gc}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CalendarBenchmark {

  private static final List<Window> DAY = List.of(new Window(540, 720), new Window(780, 1_080));

  /** The Wednesday before the closure, 14:00 in Shanghai. */
  private static final Instant FROM = Instant.parse("2026-09-30T06:00:00Z");

  private WorkingTime calendar;
  private Instant later;

  /** The calendar. */
  @Setup
  public void open() {
    Map<DayOfWeek, List<Window>> weekly = new EnumMap<>(DayOfWeek.class);
    for (DayOfWeek day : DayOfWeek.values()) {
      weekly.put(day, day.getValue() <= 5 ? DAY : List.of());
    }
    List<Map.Entry<LocalDate, LocalDate>> closures = new java.util.ArrayList<>();
    closures.add(Map.entry(LocalDate.of(2026, 10, 1), LocalDate.of(2026, 10, 7)));
    for (int i = 0; i < 40; i++) {
      LocalDate date = LocalDate.of(2027, 1, 1).plusDays(9L * i);
      closures.add(Map.entry(date, date));
    }
    calendar =
        WorkingTime.of(
            ZoneId.of("Asia/Shanghai"),
            new OpenDays(weekly, closures, Map.of(LocalDate.of(2026, 10, 10), DAY)));
    later = calendar.plus(FROM, Target.of(Duration.ofHours(40)));
  }

  /** A target of four hours: over a night and the closure. */
  @Benchmark
  public Instant fourHours() {
    return calendar.plus(FROM, Target.of(Duration.ofHours(4)));
  }

  /** A target of a week's forty hours. */
  @Benchmark
  public Instant week() {
    return calendar.plus(FROM, Target.of(Duration.ofHours(40)));
  }

  /** A target of five working days. */
  @Benchmark
  public Instant fiveDays() {
    return calendar.plus(FROM, Target.ofWorkingDays(5));
  }

  /** The open time of that week, as an overrun is counted. */
  @Benchmark
  public Duration between() {
    return calendar.between(FROM, later);
  }

  /** A target around the clock. */
  @Benchmark
  public Instant always() {
    return WorkingTime.always().plus(FROM, Target.of(Duration.ofHours(4)));
  }
}
