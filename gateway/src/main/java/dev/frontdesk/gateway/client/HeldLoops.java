// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.client;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells from a gateway's output which blocked-thread warnings its own code caused: while the JVM
 * stops all threads, for a collection as a rule, no loop can go on. A warning whose time without
 * those stops is below the limit is the JVM's. Vert.x prints {@code Thread … has been blocked for
 * 191 ms, time limit is 100 ms}, the JVM with {@link #STOPS} one line for each stop. Thread-safe.
 */
final class HeldLoops {

  /** Has the JVM print each time it stopped all threads, with the time of day. */
  static final String STOPS = "-Xlog:safepoint=info:stdout:time";

  private static final Pattern WARNING =
      Pattern.compile("^(\\S+) .*has been blocked for (\\d+) ms, time limit is (\\d+) ms");
  private static final Pattern STOP =
      Pattern.compile("^\\[([^\\]]+)\\].*Safepoint \".*Total: +(\\d+) ns");

  /** {@code 2026-11-11T00:00:00.123+0000}, as the JVM writes it. */
  private static final DateTimeFormatter JVM =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSxx", Locale.ROOT);

  /** How far the two clocks' roundings and the printing may be apart. */
  private static final long SLACK_MILLIS = 10;

  private final List<Span> warnings = new ArrayList<>();
  private final List<Span> stops = new ArrayList<>();

  private record Span(long from, long until, long limit) {
    long overlap(Span other) {
      return Math.max(0, Math.min(until, other.until) - Math.max(from, other.from));
    }
  }

  /** Looks at one line of the gateway's output; true if it is of use here only. */
  synchronized boolean sees(String line) {
    Matcher stop = STOP.matcher(line);
    if (stop.find()) {
      Long end = millis(stop.group(1), JVM);
      long took = (Long.parseLong(stop.group(2)) + 999_999) / 1_000_000;
      // short stops explain nothing: the JVM makes one a second
      if (end != null && took > SLACK_MILLIS) {
        stops.add(new Span(end - took - SLACK_MILLIS, end + SLACK_MILLIS, 0));
      }
      return true;
    }
    Matcher warning = WARNING.matcher(line);
    if (warning.find()) {
      Long end = millis(warning.group(1), DateTimeFormatter.ISO_OFFSET_DATE_TIME);
      long took = Long.parseLong(warning.group(2));
      long at = end == null ? Long.MIN_VALUE / 2 : end;
      warnings.add(new Span(at - took, at, Long.parseLong(warning.group(3))));
    } else if (line.contains("has been blocked for")) {
      warnings.add(new Span(0, Long.MAX_VALUE, 0));
    }
    return false;
  }

  private static @Nullable Long millis(String time, DateTimeFormatter format) {
    try {
      return OffsetDateTime.parse(time, format).toInstant().toEpochMilli();
    } catch (DateTimeException another) {
      return null;
    }
  }

  /** Warnings that no stop of the JVM explains. */
  synchronized int byCode() {
    return (int) warnings.stream().filter(warning -> !isOfTheJvm(warning)).count();
  }

  /** Warnings that stops of the JVM explain. */
  synchronized int byJvm() {
    return warnings.size() - byCode();
  }

  /** Longest stop of the JVM, ms. */
  synchronized long longestStopMillis() {
    return stops.stream()
        .mapToLong(stop -> stop.until - stop.from - 2 * SLACK_MILLIS)
        .max()
        .orElse(0);
  }

  private boolean isOfTheJvm(Span warning) {
    long stopped = stops.stream().mapToLong(warning::overlap).sum();
    return warning.until - warning.from - stopped <= warning.limit && stopped > 0;
  }
}
