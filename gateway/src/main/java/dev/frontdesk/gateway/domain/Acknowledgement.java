// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The automatic first answer of a channel.
 *
 * @param texts by language tag; the first is for every other language. Not empty
 * @param offHours the same while the promise's calendar is closed; may be empty
 * @param window how long none follows
 * @param bots whether it is sent while a bot has the conversation
 * @param zone of the times in it; null: UTC
 */
public record Acknowledgement(
    Map<String, String> texts,
    Map<String, String> offHours,
    Duration window,
    boolean bots,
    @Nullable ZoneId zone) {

  private static final String DUE = "{due}";
  private static final String POSITION = "{position}";
  private static final String ESTIMATE = "{estimate}";

  private static final DateTimeFormatter SAME_DAY =
      DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
  private static final DateTimeFormatter OTHER_DAY =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

  public Acknowledgement {
    texts = Collections.unmodifiableMap(new LinkedHashMap<>(texts));
    offHours = Collections.unmodifiableMap(new LinkedHashMap<>(offHours));
  }

  /** Whether some text tells the place in the queue, so that somebody has to look. */
  public boolean tellsPlace() {
    return tells(POSITION) || tells(ESTIMATE);
  }

  private boolean tells(String placeholder) {
    return texts.values().stream().anyMatch(text -> text.contains(placeholder))
        || offHours.values().stream().anyMatch(text -> text.contains(placeholder));
  }

  /**
   * What to say, or null when the text names something that is not known.
   *
   * @param language of the conversation, or null
   * @param due when people are due to answer, or null while no clock runs
   */
  @Nullable String text(
      @Nullable String language,
      boolean open,
      Instant now,
      @Nullable Instant due,
      Surroundings around) {
    String text = chosen(open || offHours.isEmpty() ? texts : offHours, language);
    text = filled(text, DUE, due == null ? null : time(now, due));
    Long ahead = around.ahead();
    text = filled(text, POSITION, ahead == null ? null : Long.toString(ahead + 1));
    return filled(text, ESTIMATE, minutes(now, due, around.estimateSeconds()));
  }

  private static @Nullable String filled(
      @Nullable String text, String placeholder, @Nullable String value) {
    if (text == null || !text.contains(placeholder)) {
      return text;
    }
    return value == null ? null : text.replace(placeholder, value);
  }

  /** {@code zh-TW}, then {@code zh}, then the first. */
  private static String chosen(Map<String, String> texts, @Nullable String language) {
    String first = texts.values().iterator().next();
    if (language == null) {
      return first;
    }
    int dash = language.indexOf('-');
    String primary = dash < 0 ? language : language.substring(0, dash);
    return texts.getOrDefault(language, texts.getOrDefault(primary, first));
  }

  /** The whole minute at which it is due at the latest: what is told is kept if the clock is. */
  private String time(Instant now, Instant due) {
    ZoneId at = zone == null ? ZoneId.of("UTC") : zone;
    Instant minute = due.truncatedTo(ChronoUnit.MINUTES);
    ZonedDateTime told = (minute.equals(due) ? due : minute.plusSeconds(60)).atZone(at);
    boolean today = told.toLocalDate().equals(now.atZone(at).toLocalDate());
    return (today ? SAME_DAY : OTHER_DAY).format(told);
  }

  /** No estimate is longer than the promise. */
  private static @Nullable String minutes(
      Instant now, @Nullable Instant due, @Nullable Long estimateSeconds) {
    if (due == null) {
      return null;
    }
    long promised = Math.max(0, Duration.between(now, due).toSeconds());
    long seconds = estimateSeconds == null ? promised : Math.min(promised, estimateSeconds);
    return Long.toString(Math.max(1, (seconds + 59) / 60));
  }
}
