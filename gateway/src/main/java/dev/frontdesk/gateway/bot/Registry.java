// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.bot;

import dev.frontdesk.gateway.store.Guard;
import dev.frontdesk.gateway.store.Key;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of one bot as they stood in Redis at one moment.
 *
 * @param generation rises with each session that comes; the timer of a lost bot carries it
 * @param sessions by id, also those whose lease is over
 */
record Registry(int generation, Map<String, Entry> sessions) {

  private static final String GENERATION = "gen";
  private static final String SESSION = "s:";

  Registry {
    sessions = Map.copyOf(sessions);
  }

  /**
   * One session.
   *
   * @param lease until when (ms) it counts as there without a sign of its node
   * @param since when (ms) it came
   */
  record Entry(long lease, long since) {
    /** {@code "lease since"}, as it stands in the hash. */
    String text() {
      return lease + " " + since;
    }

    static Entry parse(String text) {
      int space = text.indexOf(' ');
      return new Entry(
          Long.parseLong(text.substring(0, space)), Long.parseLong(text.substring(space + 1)));
    }
  }

  /** Reads the whole hash. */
  static Registry parse(Map<String, String> hash) {
    Map<String, Entry> sessions = new HashMap<>();
    hash.forEach(
        (field, value) -> {
          if (field.startsWith(SESSION)) {
            sessions.put(field.substring(SESSION.length()), Entry.parse(value));
          }
        });
    return new Registry(Integer.parseInt(hash.getOrDefault(GENERATION, "0")), sessions);
  }

  static String generationField() {
    return GENERATION;
  }

  static String field(String session) {
    return SESSION + session;
  }

  /** Holds as long as no session came since. */
  Guard unchanged(Key key) {
    return generation == 0
        ? new Guard.Absent(key, GENERATION)
        : new Guard.Equals(key, GENERATION, Integer.toString(generation));
  }

  /** Holds as long as that session is dead: it is gone, or its lease was not renewed. */
  Guard dead(Key key, String session) {
    Entry entry = sessions.get(session);
    return entry == null
        ? new Guard.Absent(key, field(session))
        : new Guard.Equals(key, field(session), entry.text());
  }

  /** Whether a session is there at {@code now} (ms). */
  boolean isLive(String session, long now) {
    Entry entry = sessions.get(session);
    return entry != null && entry.lease() > now;
  }

  /** The entry of a known session with a later lease. */
  Entry renewed(String session, long lease) {
    return new Entry(lease, Objects.requireNonNull(sessions.get(session)).since());
  }

  /** How many are there at {@code now} (ms). */
  long live(long now) {
    return sessions.values().stream().filter(entry -> entry.lease() > now).count();
  }

  /** When the last lease of sessions other than {@code except} ends (ms); 0 without any. */
  long lastLease(@Nullable String except) {
    return sessions.entrySet().stream()
        .filter(entry -> !entry.getKey().equals(except))
        .mapToLong(entry -> entry.getValue().lease())
        .max()
        .orElse(0);
  }

  /** The session that came first of those that are there. */
  Optional<String> oldest(long now) {
    return sessions.entrySet().stream()
        .filter(entry -> entry.getValue().lease() > now)
        .min(Comparator.comparingLong(entry -> entry.getValue().since()))
        .map(Map.Entry::getKey);
  }
}
