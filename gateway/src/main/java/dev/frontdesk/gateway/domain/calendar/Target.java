// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.calendar;

import java.time.Duration;

/**
 * How long something may take: open time, or working days.
 *
 * @param time open time; zero when it is counted in days
 * @param workingDays working days of the calendar, 0 when it is a time
 */
public record Target(Duration time, int workingDays) {
  public Target {
    if (time.isNegative() || workingDays < 0 || time.isZero() == (workingDays == 0)) {
      throw new IllegalArgumentException(
          "target of " + time + " and " + workingDays + " working days, expected one of them");
    }
  }

  public static Target of(Duration time) {
    return new Target(time, 0);
  }

  public static Target ofWorkingDays(int days) {
    return new Target(Duration.ZERO, days);
  }

  /** For comparing targets: a working day counts as a day. */
  public Duration nominal() {
    return workingDays > 0 ? Duration.ofDays(workingDays) : time;
  }
}
