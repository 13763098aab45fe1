// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import java.time.Duration;

/**
 * How long something may take: {@code 4h}, or {@code 3wd} for working days of the calendar.
 *
 * @param time open time; zero when it is counted in working days
 * @param workingDays 0 when it is a time
 */
public record TargetTime(Duration time, int workingDays) {}
