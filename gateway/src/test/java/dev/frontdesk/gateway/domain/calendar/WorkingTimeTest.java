// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.calendar;

import static java.time.DayOfWeek.FRIDAY;
import static java.time.DayOfWeek.MONDAY;
import static java.time.DayOfWeek.SATURDAY;
import static java.time.DayOfWeek.SUNDAY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Cases by hand, in the zones where the field fell: scenario 16 and the peers' defects. */
class WorkingTimeTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");

  /** 09:00–12:00 and 13:30–18:00 on weekdays, National Day closed, Saturday 10 October open. */
  private static final WorkingTime SHANGHAI_OFFICE =
      WorkingTime.of(
          SHANGHAI,
          new OpenDays(
              week(MONDAY, FRIDAY, "09:00-12:00", "13:30-18:00"),
              List.of(closed("2026-10-01", "2026-10-07")),
              Map.of(
                  LocalDate.parse("2026-10-10"),
                  List.of(window("09:00-12:00"), window("13:30-18:00")))));

  @Test
  void scenario16_berlinSpringForward() {
    WorkingTime night = always(BERLIN, week(MONDAY, SUNDAY, "22:00-06:00"));
    WorkingTime day = always(BERLIN, week(MONDAY, SUNDAY, "09:00-17:00"));

    // Saturday 28 March 2026 16:00; on Sunday at 02:00 the clock shows 03:00
    Instant saturday = berlin("2026-03-28T16:00");
    assertThat(day.plus(saturday, Duration.ofHours(4))).isEqualTo(berlin("2026-03-29T12:00"));
    assertThat(Duration.between(saturday, berlin("2026-03-29T12:00")))
        .isEqualTo(Duration.ofHours(19));
    // the night has seven hours, not eight
    assertThat(night.between(berlin("2026-03-28T22:00"), berlin("2026-03-29T06:00")))
        .isEqualTo(Duration.ofHours(7));
    assertThat(night.plus(berlin("2026-03-29T01:30"), Duration.ofHours(1)))
        .isEqualTo(berlin("2026-03-29T03:30"));
  }

  @Test
  void scenario16_berlinTimeThatIsLeftOut() {
    WorkingTime early = always(BERLIN, week(SUNDAY, SUNDAY, "02:30-05:00"));

    // 02:30 does not exist: it opens at 03:00
    assertThat(early.openFrom(berlin("2026-03-29T00:00"))).isEqualTo(berlin("2026-03-29T03:00"));
    assertThat(early.plus(berlin("2026-03-29T00:00"), Duration.ofHours(1)))
        .isEqualTo(berlin("2026-03-29T04:00"));
    assertThat(early.between(berlin("2026-03-29T00:00"), berlin("2026-03-29T12:00")))
        .isEqualTo(Duration.ofHours(2));
  }

  @Test
  void scenario16_berlinHourThatComesTwice() {
    WorkingTime night = always(BERLIN, week(MONDAY, SUNDAY, "00:00-06:00"));
    WorkingTime half = always(BERLIN, week(MONDAY, SUNDAY, "00:00-02:30", "02:30-06:00"));
    Instant midnight = berlin("2026-10-25T00:00");

    // 02:00 to 03:00 passes twice on 25 October 2026: seven real hours until six o'clock
    assertThat(night.between(midnight, berlin("2026-10-25T06:00"))).isEqualTo(Duration.ofHours(7));
    assertThat(night.plus(midnight, Duration.ofHours(4))).isEqualTo(berlin("2026-10-25T03:00"));
    assertThat(night.plus(midnight, Duration.ofHours(3)))
        .isEqualTo(Instant.parse("2026-10-25T01:00:00Z"));
    assertThat(half.between(midnight, berlin("2026-10-25T06:00"))).isEqualTo(Duration.ofHours(7));
  }

  @Test
  void scenario16_berlinFourWorkingHoursOverTheWeekend() {
    WorkingTime office = always(BERLIN, week(MONDAY, FRIDAY, "09:00-17:00"));

    assertThat(office.plus(berlin("2026-03-28T11:00"), Duration.ofHours(4)))
        .isEqualTo(berlin("2026-03-30T13:00"));
    assertThat(office.plus(berlin("2026-03-27T15:00"), Duration.ofHours(4)))
        .isEqualTo(berlin("2026-03-30T11:00"));
  }

  @Test
  void scenario16_shanghaiLunchAndNationalDay() {
    // 30 September 16:00: two hours until six, then closed until Thursday 8 October
    assertThat(SHANGHAI_OFFICE.plus(shanghai("2026-09-30T16:00"), Duration.ofHours(4)))
        .isEqualTo(shanghai("2026-10-08T11:00"));
    // over lunch
    assertThat(SHANGHAI_OFFICE.plus(shanghai("2026-09-29T10:00"), Duration.ofHours(4)))
        .isEqualTo(shanghai("2026-09-29T15:30"));
    // from within lunch
    assertThat(SHANGHAI_OFFICE.plus(shanghai("2026-09-29T12:40"), Duration.ofHours(4)))
        .isEqualTo(shanghai("2026-09-29T17:30"));
    // in the holiday
    assertThat(SHANGHAI_OFFICE.plus(shanghai("2026-10-03T10:00"), Duration.ofHours(4)))
        .isEqualTo(shanghai("2026-10-08T14:30"));
  }

  @Test
  void scenario16_shanghaiMakeUpSaturday() {
    // Friday 9 October 17:00: one hour, then Saturday works, Sunday does not
    assertThat(SHANGHAI_OFFICE.plus(shanghai("2026-10-09T17:00"), Duration.ofHours(4)))
        .isEqualTo(shanghai("2026-10-10T12:00"));
    assertThat(SHANGHAI_OFFICE.plus(shanghai("2026-10-10T17:00"), Duration.ofHours(4)))
        .isEqualTo(shanghai("2026-10-12T12:00"));
    assertThat(SHANGHAI_OFFICE.isOpen(shanghai("2026-10-10T10:00"))).isTrue();
    assertThat(SHANGHAI_OFFICE.isOpen(shanghai("2026-10-17T10:00"))).isFalse();
  }

  @Test
  void scenario16_endingExactlyAtClosing_isClosingTime() {
    assertThat(SHANGHAI_OFFICE.plus(shanghai("2026-09-29T14:00"), Duration.ofHours(4)))
        .isEqualTo(shanghai("2026-09-29T18:00"));
    assertThat(SHANGHAI_OFFICE.plus(shanghai("2026-09-29T09:00"), Duration.ofHours(3)))
        .isEqualTo(shanghai("2026-09-29T12:00"));
    assertThat(
            SHANGHAI_OFFICE.plus(shanghai("2026-09-29T14:00"), Duration.ofHours(4).plusMillis(1)))
        .isEqualTo(shanghai("2026-09-30T09:00").plusMillis(1));
    assertThat(SHANGHAI_OFFICE.isOpen(shanghai("2026-09-29T18:00"))).isFalse();
  }

  @Test
  void scenario16_aroundTheClock_losesNotAMillisecondAtMidnight() {
    WorkingTime all = always(BERLIN, week(MONDAY, SUNDAY, "00:00-24:00"));
    Instant from = Instant.parse("2026-01-01T12:34:56.789Z");

    for (int days = 0; days < 800; days += 7) {
      Duration time = Duration.ofDays(days).plusMillis(1);
      assertThat(all.plus(from, time)).isEqualTo(from.plus(time));
      assertThat(all.between(from, from.plus(time))).isEqualTo(time);
      assertThat(WorkingTime.always().plus(from, time)).isEqualTo(from.plus(time));
    }
  }

  @Test
  void scenario16_neverOpen_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new OpenDays(Map.of(MONDAY, List.of()), List.of(), Map.of()))
        .withMessage("no open time in a week, expected a window");
  }

  @Test
  void workingDays_endWhereTheSamePartOfTheDayHasPassed() {
    WorkingTime office = always(BERLIN, week(MONDAY, FRIDAY, "09:00-17:00"));

    // Wednesday 14:00 → Monday 14:00; Saturday → Wednesday's closing; before opening → third
    // closing
    assertThat(office.plusDays(berlin("2026-06-10T14:00"), 3))
        .isEqualTo(berlin("2026-06-15T14:00"));
    assertThat(office.plusDays(berlin("2026-06-13T11:00"), 3))
        .isEqualTo(berlin("2026-06-17T17:00"));
    assertThat(office.plusDays(berlin("2026-06-10T08:00"), 3))
        .isEqualTo(berlin("2026-06-12T17:00"));
    assertThat(office.plusDays(berlin("2026-06-12T17:00"), 1))
        .isEqualTo(berlin("2026-06-15T17:00"));
    assertThat(SHANGHAI_OFFICE.plusDays(shanghai("2026-10-08T10:00"), 3))
        .isEqualTo(shanghai("2026-10-12T10:00"));
    assertThat(WorkingTime.always().plus(berlin("2026-06-12T17:00"), Target.ofWorkingDays(2)))
        .isEqualTo(berlin("2026-06-14T17:00"));
  }

  @Test
  void nightShift_belongsToTheDateOnWhichItOpens() {
    WorkingTime night =
        WorkingTime.of(
            SHANGHAI,
            new OpenDays(
                week(MONDAY, SUNDAY, "22:00-06:00"),
                List.of(closed("2026-10-01", "2026-10-01")),
                Map.of()));

    assertThat(night.isOpen(shanghai("2026-10-01T05:59"))).isTrue();
    assertThat(night.isOpen(shanghai("2026-10-01T23:00"))).isFalse();
    assertThat(night.plus(shanghai("2026-10-01T05:00"), Duration.ofHours(2)))
        .isEqualTo(shanghai("2026-10-02T23:00"));
  }

  /** libredesk refuses what its loop of ceil(hours)*24+1 days does not reach. */
  @Test
  void shortTarget_reachesOverAnyClosure() {
    WorkingTime closedForYears =
        WorkingTime.of(
            SHANGHAI,
            new OpenDays(
                week(MONDAY, FRIDAY, "09:00-12:00"),
                List.of(closed("2026-01-01", "2199-12-31")),
                Map.of(LocalDate.parse("2100-02-03"), List.of(window("10:00-11:00")))));

    assertThat(closedForYears.plus(shanghai("2026-06-01T00:00"), Duration.ofMinutes(30)))
        .isEqualTo(shanghai("2100-02-03T10:30"));
    assertThat(closedForYears.plus(shanghai("2026-06-01T00:00"), Duration.ofMinutes(90)))
        .isEqualTo(shanghai("2200-01-01T09:30"));
  }

  /** libredesk cuts what is left of a day to whole minutes and loses up to 59 s a day. */
  @Test
  void secondsAndMilliseconds_areKeptOverClosing() {
    Instant from = shanghai("2026-09-28T17:59").plusMillis(1_001);

    Instant due = SHANGHAI_OFFICE.plus(from, Duration.ofHours(15));

    assertThat(SHANGHAI_OFFICE.between(from, due)).isEqualTo(Duration.ofHours(15));
    assertThat(due).isEqualTo(shanghai("2026-09-30T17:59").plusMillis(1_001));
  }

  @Test
  void holidayRanges_joinWhateverTheirOrder() {
    OpenDays days =
        new OpenDays(
            week(MONDAY, SUNDAY, "00:00-24:00"),
            List.of(
                closed("2026-10-05", "2026-10-07"),
                closed("2026-10-01", "2026-10-02"),
                closed("2026-10-03", "2026-10-04"),
                closed("2026-10-02", "2026-10-06"),
                closed("2026-10-09", "2026-10-09")),
            Map.of());

    assertThat(days.openFrom(LocalDate.parse("2026-10-01"))).isEqualTo("2026-10-08");
    assertThat(days.openFrom(LocalDate.parse("2026-10-09"))).isEqualTo("2026-10-10");
    assertThat(days.openFrom(LocalDate.parse("2026-09-30"))).isEqualTo("2026-09-30");
  }

  @Test
  void saturdayIsOpen_whenTheWeekSaysSo() {
    WorkingTime shop = always(BERLIN, week(SATURDAY, SATURDAY, "10:00-14:00"));

    assertThat(shop.plus(berlin("2026-06-08T00:00"), Duration.ofHours(5)))
        .isEqualTo(berlin("2026-06-20T11:00"));
  }

  private static WorkingTime always(ZoneId zone, Map<DayOfWeek, List<Window>> week) {
    return WorkingTime.of(zone, new OpenDays(week, List.of(), Map.of()));
  }

  private static Map<DayOfWeek, List<Window>> week(
      DayOfWeek first, DayOfWeek last, String... windows) {
    Map<DayOfWeek, List<Window>> week = new EnumMap<>(DayOfWeek.class);
    List<Window> each = new ArrayList<>();
    for (String window : windows) {
      each.add(window(window));
    }
    for (int day = first.getValue(); day <= last.getValue(); day++) {
      week.put(DayOfWeek.of(day), each);
    }
    return week;
  }

  private static Window window(String text) {
    int opens = minutes(text.substring(0, 5));
    int closes = minutes(text.substring(6));
    return new Window(opens, closes > opens ? closes : closes + 24 * 60);
  }

  private static int minutes(String time) {
    return Integer.parseInt(time.substring(0, 2)) * 60 + Integer.parseInt(time.substring(3));
  }

  private static Map.Entry<LocalDate, LocalDate> closed(String first, String last) {
    return Map.entry(LocalDate.parse(first), LocalDate.parse(last));
  }

  private static Instant berlin(String local) {
    return LocalDateTime.parse(local).atZone(BERLIN).toInstant();
  }

  private static Instant shanghai(String local) {
    return LocalDateTime.parse(local).atZone(SHANGHAI).toInstant();
  }
}
