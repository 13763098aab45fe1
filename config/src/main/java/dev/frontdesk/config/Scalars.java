// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How a text becomes a value of the wanted type, and how a value is described in a message. */
final class Scalars {

  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
  private static final Pattern WORKING_DAYS = Pattern.compile("(\\d{1,4})wd");
  private static final Set<Class<?>> RECORDS =
      Set.of(
          Share.class,
          Size.class,
          TargetTime.class,
          WarnLevel.class,
          DateRange.class,
          RedisUrl.class);
  // Due times are sorted-set scores (doubles, exact to 2^53 ms); ten years stay far inside.
  private static final Duration LONGEST = Duration.ofDays(3650);
  private static final int SHOWN = 40;

  private Scalars() {}

  /** Whether a record is written as one text, not as a mapping. */
  static boolean isScalar(Class<?> type) {
    return RECORDS.contains(type);
  }

  /** What a value of this type looks like: {@code a duration such as 30s, 5m, 4h or 3d}. */
  static String expected(Class<?> type) {
    if (type == String.class) {
      return "text";
    }
    if (type == Secret.class) {
      return "a secret: text, or a list of texts, newest first";
    }
    if (type == Duration.class) {
      return "a duration such as 1500ms, 30s, 5m, 4h or 3d";
    }
    if (type == TargetTime.class) {
      return "a duration such as 30s, 5m, 4h or 3d, or working days such as 3wd";
    }
    if (type == WarnLevel.class) {
      return "a share such as 75%, or a time before it is due such as 30m";
    }
    if (type == DateRange.class) {
      return DateRange.EXPECTED;
    }
    if (type == ZoneId.class) {
      return "a time zone such as Asia/Shanghai or Europe/Berlin";
    }
    if (type == Share.class) {
      return "a share such as 10% or 0.1";
    }
    if (type == Size.class) {
      return "a size such as 512, 64kb, 256mb or 1gb";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type == double.class || type == Double.class) {
      return "a number";
    }
    if (type.isEnum()) {
      return "one of "
          + Arrays.stream(type.getEnumConstants())
              .map(Scalars::label)
              .collect(Collectors.joining(", "));
    }
    return type == JsonNode.class || type.isRecord() ? "a mapping" : "a whole number";
  }

  /** What stands there, as far as a message may tell: never what came from the environment. */
  static String found(JsonNode node) {
    if (node.isObject()) {
      return "found a mapping";
    }
    if (node.isArray()) {
      return "found a list";
    }
    if (!node.isTextual()) {
      return "found nothing";
    }
    if (node instanceof Substituted substituted) {
      return "found the value of " + substituted.source();
    }
    String text = node.textValue().replaceAll("\\p{Cntrl}", "?");
    return "found \"" + (text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text) + '"';
  }

  /**
   * Reads a text.
   *
   * @return null if it is not of that type
   * @throws IllegalArgumentException with the whole message, if more can be said than that
   */
  static @Nullable Object read(String text, Class<?> type) {
    if (type == String.class) {
      return text;
    }
    if (type == Duration.class) {
      return duration(text);
    }
    if (type == Share.class) {
      return share(text);
    }
    if (type == TargetTime.class) {
      return target(text);
    }
    if (type == WarnLevel.class) {
      return warnLevel(text);
    }
    if (type == DateRange.class) {
      return DateRange.parse(text);
    }
    if (type == ZoneId.class) {
      return zone(text);
    }
    if (type == Size.class) {
      return Size.parse(text);
    }
    if (type == boolean.class || type == Boolean.class) {
      return text.equals("true") ? Boolean.TRUE : text.equals("false") ? Boolean.FALSE : null;
    }
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .filter(constant -> label(constant).equals(text))
          .findFirst()
          .orElse(null);
    }
    return number(text.replace("_", ""), type);
  }

  private static @Nullable Object number(String text, Class<?> type) {
    try {
      if (type == int.class || type == Integer.class) {
        return Integer.valueOf(text);
      }
      if (type == long.class || type == Long.class) {
        return Long.valueOf(text);
      }
      if (type == double.class || type == Double.class) {
        double value = Double.parseDouble(text);
        return Double.isFinite(value) ? (Double) value : null;
      }
    } catch (NumberFormatException e) {
      return null;
    }
    throw new IllegalStateException("no reader for " + type);
  }

  private static @Nullable Duration duration(String text) {
    if (WORKING_DAYS.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "found \""
              + text
              + "\": only a promise is counted in working days; expected "
              + expected(Duration.class));
    }
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    long count = Long.parseLong(matcher.group(1));
    Duration value =
        switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(count);
          case "s" -> Duration.ofSeconds(count);
          case "m" -> Duration.ofMinutes(count);
          case "h" -> Duration.ofHours(count);
          default -> Duration.ofDays(count);
        };
    if (value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("longer than ten years, expected 3650d at most");
    }
    return value;
  }

  private static @Nullable TargetTime target(String text) {
    Matcher days = WORKING_DAYS.matcher(text);
    if (days.matches()) {
      int count = Integer.parseInt(days.group(1));
      return count == 0 || count > LONGEST.toDays() ? null : new TargetTime(Duration.ZERO, count);
    }
    Duration time = duration(text);
    return time == null ? null : new TargetTime(time, 0);
  }

  private static @Nullable WarnLevel warnLevel(String text) {
    Duration before = DURATION.matcher(text).matches() ? duration(text) : null;
    Share share = before == null ? share(text) : null;
    return before == null && share == null ? null : new WarnLevel(share, before);
  }

  private static @Nullable ZoneId zone(String text) {
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static @Nullable Share share(String text) {
    boolean percent = text.endsWith("%");
    try {
      double value = Double.parseDouble(percent ? text.substring(0, text.length() - 1) : text);
      return new Share(percent ? value / 100 : value);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static String label(Object constant) {
    return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
