// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CalendarConfigTest {

  private static final String OFFICE =
      """
      zone: Asia/Shanghai, weekly: { mon-fri: ["09:00-12:00", "13:30-18:00"] },
          holidays: ["2026-10-01..2026-10-07"], workdays: ["2026-10-10", {"2026-10-11": ["09:00-12:00"]}]""";

  private static String yaml(String calendar, String promise) {
    return """
        workspaces:
          acme:
            calendars: { office: { CALENDAR } }
            promises: { normal: { PROMISE } }
            defaults: { queue: support, promise: normal }
            queues: { support: {} }
        """
        .replace("CALENDAR", calendar)
        .replace("PROMISE", promise);
  }

  private static ConfigLoader loader() {
    return new ConfigLoader(Map.of(), ConfigLoaderTest.CONNECTORS, RuleCheck.none());
  }

  private static OpenHours hours(LoadedConfig loaded) {
    return loaded.config().workspaces().get("acme").calendars().get("office").hours();
  }

  private static List<String> problems(String yaml) {
    InvalidConfigurationException refused =
        catchThrowableOfType(InvalidConfigurationException.class, () -> loader().parse(yaml));
    return refused == null
        ? List.of()
        : refused.problems().stream().map(Problem::toString).toList();
  }

  @Test
  void calendarOfTheContract_isReadAsItIsMeant() {
    OpenHours hours = hours(loader().parse(yaml(OFFICE, "firstResponse: 3wd, calendar: office")));

    OpenWindow morning = new OpenWindow(540, 720);
    OpenWindow afternoon = new OpenWindow(810, 1080);
    assertThat(hours.zone()).isEqualTo(ZoneId.of("Asia/Shanghai"));
    assertThat(hours.weekly().keySet()).hasSize(5).doesNotContain(DayOfWeek.SATURDAY);
    assertThat(hours.weekly().get(DayOfWeek.FRIDAY)).containsExactly(morning, afternoon);
    assertThat(hours.holidays())
        .containsExactly(
            new DateRange(LocalDate.parse("2026-10-01"), LocalDate.parse("2026-10-07")));
    assertThat(hours.workdays())
        .containsEntry(LocalDate.parse("2026-10-10"), List.of(morning, afternoon))
        .containsEntry(LocalDate.parse("2026-10-11"), List.of(morning));
  }

  @Test
  void shiftsNightsAndWholeDays_areWindows() {
    OpenHours hours =
        hours(
            loader()
                .parse(
                    yaml(
                        "zone: Europe/Berlin, shifts: { early: \"06:00-14:00\", late: \"14:00-22:00\" },"
                            + " weekly: { mon-wed: [late, early], thu: [\"22:00-06:00\"],"
                            + " sat-sun: [\"00:00-24:00\"] }",
                        "firstResponse: 1h, calendar: office, warnAt: [50%, 10m]")));

    assertThat(hours.weekly().get(DayOfWeek.MONDAY))
        .containsExactly(new OpenWindow(360, 840), new OpenWindow(840, 1320));
    assertThat(hours.weekly().get(DayOfWeek.THURSDAY)).containsExactly(new OpenWindow(1320, 1800));
    assertThat(hours.weekly().get(DayOfWeek.SUNDAY)).containsExactly(new OpenWindow(0, 1440));
    assertThat(hours.weekly()).doesNotContainKey(DayOfWeek.FRIDAY);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          zone: Asia/Shanghia, weekly: { mon: [] }                                | calendars.office.zone: found "Asia/Shanghia", expected a time zone such as Asia/Shanghai or Europe/Berlin
          zone: UTC, weekly: {}                                                   | calendars.office.weekly: never open, expected a day with a window
          zone: UTC, weekly: { mon-fri: [] }                                      | calendars.office.weekly: never open, expected a day with a window
          zone: UTC, weekly: { mo-fr: ["09:00-12:00"], sat: ["09:00-12:00"] }     | calendars.office.weekly.mo-fr: no day of the week, expected mon to sun, or a range such as mon-fri
          zone: UTC, weekly: { mon-fri: ["09:00-12:00"], wed: ["13:00-14:00"] }   | calendars.office.weekly.wed: wed is written twice, expected once
          zone: UTC, weekly: { mon: ["09:00-12:00", "9-5"] }                      | calendars.office.weekly.mon[1]: found 9-5, expected a window such as 09:00-12:00, 22:00-06:00 or 00:00-24:00 or the name of a shift
          zone: UTC, weekly: { mon: ["09:00-25:00", "13:00-14:00"] }              | calendars.office.weekly.mon[0]: found "09:00-25:00", expected a window such as 09:00-12:00, 22:00-06:00 or 00:00-24:00 or the name of a shift
          zone: UTC, weekly: { mon: ["09:00-09:00", "13:00-14:00"] }              | calendars.office.weekly.mon[0]: opens when it closes, expected a window such as 09:00-12:00, or 00:00-24:00
          zone: UTC, weekly: { mon: ["09:00-12:00", "11:00-14:00"] }              | calendars.office.weekly.mon: 09:00-12:00 and 11:00-14:00 overlap, expected one after another
          zone: UTC, weekly: { mon: ["09:00-12:00"] }, holidays: ["2026-02-30"]   | calendars.office.holidays[0]: found 2026-02-30, expected a date such as 2026-10-01 or a range 2026-10-01..2026-10-07
          zone: UTC, weekly: { mon: ["09:00-12:00"] }, holidays: ["2026-02-03..2026-02-01"] | calendars.office.holidays[0]: ends on 2026-02-01 before it starts on 2026-02-03, expected the first date first
          zone: UTC, weekly: { mon: ["09:00-12:00"] }, holidays: ["2026-02-03..2926-02-01"] | calendars.office.holidays[0]: outside the years 1970 to 2199, expected dates within
          zone: UTC, weekly: { tue: ["09:00-12:00"] }, workdays: ["2026-02-03"]   | calendars.office.workdays[0]: Monday has no windows to work by, expected the windows of this date
          zone: UTC, weekly: { tue: ["09:00-12:00"] }, workdays: [[]]             | calendars.office.workdays[0]: found a list, expected a date, or a date with a list of its windows
          zone: UTC, weekly: { tue: ["09:00-12:00"] }, workdays: [{"2026-02-03": []}] | calendars.office.workdays[0]: found a list, expected a list of windows
          zone: UTC, weekly: { tue: ["09:00-12:00"] }, ical: nowhere.ics          | calendars.office.ical: no such file, expected an iCalendar file beside the configuration
          zone: UTC, weekly: { tue: ["00:00-00:01"] }                             | promises.normal.firstResponse: takes more than ten years of its calendar, expected a shorter time or longer hours
          """)
  void badCalendar_isRefusedByPath(String calendar, String expected) {
    assertThat(problems(yaml(calendar, "firstResponse: 24h, calendar: office")))
        .contains("workspaces.acme." + expected);
  }

  @Test
  void severalProblems_areToldTogether() {
    assertThat(
            problems(
                yaml(
                    "zone: Nowhere, weekly: { mon: [\"9-5\"] }, holidays: [soon, 2026-13-01]",
                    "firstResponse: 4h, calendar: ofice, nextResponse: 0wd")))
        .extracting(
            problem -> problem.substring("workspaces.acme.".length(), problem.indexOf(": ")))
        .containsExactlyInAnyOrder(
            "calendars.office.zone",
            "calendars.office.holidays[0]",
            "calendars.office.holidays[1]",
            "promises.normal.nextResponse",
            "promises.normal.calendar");
  }

  @Test
  void icalFile_closesItsDatesAndOpensMakeUpWorkdays(@TempDir Path folder) throws IOException {
    Files.writeString(
        folder.resolve("holidays.ics"),
        String.join(
            "\r\n",
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//test//EN",
            "BEGIN:VEVENT",
            "UID:1",
            "DTSTART;VALUE=DATE:20261001",
            "DTEND;VALUE=DATE:20261008",
            "SUMMARY:国庆节 休",
            "END:VEVENT",
            "BEGIN:VEVENT",
            "UID:2",
            "DTSTART;VALUE=DATE:20261010",
            "SUMMARY:国庆节 补班",
            "END:VEVENT",
            "BEGIN:VEVENT",
            "UID:3",
            "DTSTART;VALUE=DATE:20251225",
            "DURATION:P2D",
            "RRULE:FREQ=YEARLY;UNTIL=20280101",
            "EXDATE;VALUE=DATE:20261225",
            "SUMMARY:Christmas",
            "END:VEVENT",
            "BEGIN:VEVENT",
            "UID:4",
            "DTSTART:20260501T160000Z",
            "DTEND:20260502T160000Z",
            "SUMMARY:One day in Shanghai",
            "END:VEVENT",
            "BEGIN:VEVENT",
            "UID:5",
            "DTSTART;VALUE=DATE:20260701",
            "STATUS:CANCELLED",
            "SUMMARY:Not at all",
            "END:VEVENT",
            "END:VCALENDAR",
            ""));
    Path file = folder.resolve("desk.yaml");
    Files.writeString(
        file,
        yaml(
            OFFICE.replace("2026-10-01..2026-10-07", "2026-01-01") + ", ical: holidays.ics",
            "firstResponse: 4h, calendar: office"));

    OpenHours hours = hours(loader().load(file));

    assertThat(hours.holidays().stream().map(DateRange::toString))
        .containsExactlyInAnyOrder(
            "2026-01-01",
            "2026-10-01..2026-10-07",
            "2025-12-25..2025-12-26",
            "2027-12-25..2027-12-26",
            "2026-05-02");
    assertThat(hours.workdays().get(LocalDate.parse("2026-10-10"))).hasSize(2);
  }

  @Test
  void fileThatIsNoCalendar_isRefused(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("holidays.ics"), "hello");
    Path file = folder.resolve("desk.yaml");
    Files.writeString(file, yaml(OFFICE + ", ical: holidays.ics", "firstResponse: 4h"));

    InvalidConfigurationException refused =
        catchThrowableOfType(InvalidConfigurationException.class, () -> loader().load(file));

    assertThat(refused.problems())
        .extracting(Problem::toString)
        .containsExactly(
            "workspaces.acme.calendars.office.ical: no iCalendar in it, expected BEGIN:VCALENDAR");
  }
}
