// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.event;

import dev.frontdesk.gateway.conversation.EventRow;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.CommitResult;
import dev.frontdesk.gateway.store.Guard;
import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.Scored;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.Write;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows of events that wait for an endpoint, as {@code conversation.EventRows} writes them:
 * reads the first of a place and removes it when it is done with. Each removal is guarded by the
 * row itself, so two nodes at one row count it once. Stateless.
 */
final class EventQueue {

  private final Store store;

  EventQueue(Store store) {
    this.store = store;
  }

  /**
   * What is to be sent next.
   *
   * @param row null when nothing is left
   * @param attempts made so far
   * @param notBefore when it may be tried again, or null
   */
  record Head(@Nullable EventRow row, int attempts, @Nullable Instant notBefore) {}

  Future<Head> head(Workspace at, Place place) {
    Future<List<Scored>> rows = store.sorted(rows(at, place), 0, 0);
    Future<@Nullable String> tried = store.hashGet(at.keys().eventAttempts(), place.member());
    return Future.all(rows, tried).map(done -> head(rows.result(), tried.result()));
  }

  private static Head head(List<Scored> rows, @Nullable String tried) {
    if (rows.isEmpty()) {
      return new Head(null, 0, null);
    }
    EventRow row = EventRow.decode(rows.get(0).member());
    if (tried == null) {
      return new Head(row, 0, null);
    }
    int space = tried.indexOf(' ');
    return new Head(
        row,
        Integer.parseInt(tried, 0, space, 10),
        Instant.ofEpochMilli(Long.parseLong(tried.substring(space + 1))));
  }

  /** By endpoint, how many more wait than may; empty in good times. */
  Future<Map<String, Long>> overflowing(Workspace at) {
    if (at.config().events().isEmpty()) {
      return Future.succeededFuture(Map.of());
    }
    return store
        .hashAll(at.keys().gauges())
        .map(
            gauges -> {
              Map<String, Long> surplus = new HashMap<>();
              at.config()
                  .events()
                  .forEach(
                      (name, endpoint) -> {
                        long pending = Long.parseLong(gauges.getOrDefault("events|" + name, "0"));
                        if (pending > endpoint.maxPending()) {
                          surplus.put(name, pending - endpoint.maxPending());
                        }
                      });
              return surplus;
            });
  }

  Future<List<Scored>> longestWaiting(Workspace at, int limit) {
    return store.sorted(at.keys().eventsDue(), 0, limit - 1L);
  }

  /** Nothing waits here, unless something came just now. */
  Future<Void> leave(Workspace at, Place place) {
    return unlessOvertaken(
        commit(at)
            .guard(new Guard.Absent(rows(at, place), null))
            .write(new Write.SortedRemove(at.keys().eventsDue(), place.member()))
            .write(new Write.HashDelete(at.keys().eventAttempts(), place.member())));
  }

  Future<Void> postpone(Workspace at, Place place, Instant until) {
    return unlessOvertaken(
        commit(at)
            .guard(new Guard.Present(at.keys().eventsDue(), place.member()))
            .write(
                new Write.SortedAdd(at.keys().eventsDue(), place.member(), until.toEpochMilli())));
  }

  Future<Void> failed(Workspace at, Place place, int attempts, Instant notBefore) {
    long millis = notBefore.toEpochMilli();
    return unlessOvertaken(
        commit(at)
            .guard(new Guard.Present(at.keys().eventsDue(), place.member()))
            .write(
                new Write.HashSet(
                    at.keys().eventAttempts(), place.member(), attempts + " " + millis))
            .write(new Write.SortedAdd(at.keys().eventsDue(), place.member(), millis)));
  }

  Future<Void> delivered(Workspace at, Place place, EventRow row) {
    return unlessOvertaken(removal(at, place, row));
  }

  /** True when it is a dead letter now (or somebody was here first), false when it is lost. */
  Future<Boolean> giveUp(Workspace at, Place place, EventRow row, String reason) {
    Key gauges = at.keys().gauges();
    EventLetter letter = new EventLetter(place.endpoint(), row, reason, store.clock(at.id()).now());
    Guard.Within room =
        new Guard.Within(gauges, "eventLetters", 1, at.config().outbox().maxDeadLetters());
    Commit.Builder kept =
        removal(at, place, row)
            .guard(room)
            .write(new Write.HashSet(at.keys().eventLetters(), letter.id(), letter.encode()))
            .write(new Write.HashAdd(gauges, "eventLetters", 1));
    return store
        .commit(kept.build())
        .compose(
            result ->
                result instanceof CommitResult.Conflict conflict && conflict.guard().equals(room)
                    ? unlessOvertaken(
                            removal(at, place, row)
                                .write(
                                    new Write.HashAdd(gauges, "eventsLost|" + place.endpoint(), 1)))
                        .map(false)
                    : concluded(result).map(true));
  }

  private Commit.Builder removal(Workspace at, Place place, EventRow row) {
    String text = row.encode();
    return commit(at)
        .guard(new Guard.Present(rows(at, place), text))
        .write(new Write.SortedRemove(rows(at, place), text))
        .write(new Write.HashDelete(at.keys().eventAttempts(), place.member()))
        .write(new Write.HashAdd(at.keys().gauges(), "events|" + place.endpoint(), -1));
  }

  private Commit.Builder commit(Workspace at) {
    return Commit.of(at.id(), store.clock(at.id()).now(), Commit.Urgency.RELEASING);
  }

  private static Key rows(Workspace at, Place place) {
    RedisKeys keys = at.keys();
    return keys.eventRows(place.endpoint(), place.conversation());
  }

  private Future<Void> unlessOvertaken(Commit.Builder commit) {
    return store.commit(commit.build()).compose(EventQueue::concluded);
  }

  /** A guard that does not hold means that somebody else did it, or more came: both are fine. */
  private static Future<Void> concluded(CommitResult result) {
    return result instanceof CommitResult.Done || result instanceof CommitResult.Conflict
        ? Future.succeededFuture()
        : Future.failedFuture(new IllegalStateException(result.toString()));
  }
}
