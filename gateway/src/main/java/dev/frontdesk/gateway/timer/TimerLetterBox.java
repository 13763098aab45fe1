// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.timer;

import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.CommitResult;
import dev.frontdesk.gateway.store.Guard;
import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.Write;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Timers that were given up, for operators: list, arm once more, forget.
 *
 * <ol>
 *   <li>A timer is in the sorted set or here, or in both where its subject armed it again: each
 *       move between them is one commit.
 *   <li>Bounded by {@code outbox.maxDeadLetters}, counted apart from those of messages and events.
 * </ol>
 */
public final class TimerLetterBox {

  /** How long a timer waits for room among the dead letters before it is tried again. */
  static final Duration FULL = Duration.ofMinutes(1);

  private final Store store;

  public TimerLetterBox(Store store) {
    this.store = store;
  }

  /** What became of a timer that was to be given up. */
  public enum GivenUp {
    /** It is a dead letter now. */
    LETTER,
    /** It was gone, or armed anew: somebody else was here first. */
    GONE,
    /** No room: it stays a timer, due again after {@link #FULL}. */
    POSTPONED
  }

  /** Makes a dead letter of a timer. Fails when the store does; the timer is then as it was. */
  public Future<GivenUp> giveUp(Workspace at, String member, String reason) {
    TimerLetter letter = new TimerLetter(member, reason, store.clock(at.id()).now());
    Guard first = new Guard.Absent(at.keys().deadLetters(), letter.id());
    Guard room =
        new Guard.Within(
            at.keys().gauges(), RedisKeys.DEAD_TIMERS, 1, at.config().outbox().maxDeadLetters());
    Commit commit =
        replacement(at, letter)
            .guard(first)
            .guard(room)
            .write(new Write.HashAdd(at.keys().gauges(), RedisKeys.DEAD_TIMERS, 1))
            .build();
    return store.commit(commit).compose(result -> otherwise(at, letter, result, first, room));
  }

  private Future<GivenUp> otherwise(
      Workspace at, TimerLetter letter, CommitResult result, Guard first, Guard room) {
    if (result instanceof CommitResult.Conflict conflict && conflict.guard().equals(first)) {
      // an agent's timer keeps its name when it is armed again: the newer error takes the place
      Guard known = new Guard.Present(at.keys().deadLetters(), letter.id());
      return store
          .commit(replacement(at, letter).guard(known).build())
          .compose(done -> concluded(done, GivenUp.LETTER));
    }
    if (result instanceof CommitResult.Conflict conflict && conflict.guard().equals(room)) {
      long again = store.clock(at.id()).now().plus(FULL).toEpochMilli();
      return store
          .commit(
              claimed(at, letter.member())
                  .write(new Write.SortedAdd(at.keys().timers(), letter.member(), again))
                  .build())
          .compose(done -> concluded(done, GivenUp.POSTPONED));
    }
    return concluded(result, GivenUp.LETTER);
  }

  private static Future<GivenUp> concluded(CommitResult result, GivenUp done) {
    return result instanceof CommitResult.Done
        ? Future.succeededFuture(done)
        : result instanceof CommitResult.Conflict
            ? Future.succeededFuture(GivenUp.GONE)
            : Future.failedFuture(new IllegalStateException(result.toString()));
  }

  /** Still claimed: what its subject armed anew meanwhile is due later than any claim ends. */
  private Commit.Builder claimed(Workspace at, String member) {
    long claimEnds = store.clock(at.id()).now().plus(TimerRoom.CLAIM).plusSeconds(1).toEpochMilli();
    return commit(at)
        .guard(new Guard.Present(at.keys().timers(), member))
        .guard(new Guard.Below(at.keys().timers(), member, claimEnds));
  }

  private Commit.Builder replacement(Workspace at, TimerLetter letter) {
    return claimed(at, letter.member())
        .write(new Write.SortedRemove(at.keys().timers(), letter.member()))
        .write(new Write.HashSet(at.keys().deadLetters(), letter.id(), letter.encode()));
  }

  /** All of a workspace, by time. */
  public Future<List<TimerLetter>> list(Workspace workspace) {
    return store
        .hashAll(workspace.keys().deadLetters())
        .map(
            rows ->
                rows.entrySet().stream()
                    .filter(row -> TimerLetter.isOne(row.getKey()))
                    .map(Map.Entry::getValue)
                    .map(TimerLetter::decode)
                    .sorted(
                        Comparator.comparing(TimerLetter::at).thenComparing(TimerLetter::member))
                    .toList());
  }

  /** Arms it once more, due now, as if it had never failed; false when there is no such letter. */
  public Future<Boolean> retry(Workspace workspace, String id) {
    return store
        .hashGet(workspace.keys().deadLetters(), id)
        .compose(
            text -> {
              if (text == null) {
                return Future.succeededFuture(false);
              }
              long now = store.clock(workspace.id()).now().toEpochMilli();
              String member = TimerLetter.decode(text).member();
              return done(
                  removal(workspace, id, text)
                      .write(new Write.SortedAdd(workspace.keys().timers(), member, now))
                      .wake("t:" + now));
            });
  }

  /** Forgets it; false when there is no such letter. */
  public Future<Boolean> delete(Workspace workspace, String id) {
    return store
        .hashGet(workspace.keys().deadLetters(), id)
        .compose(
            text ->
                text == null ? Future.succeededFuture(false) : done(removal(workspace, id, text)));
  }

  private Commit.Builder removal(Workspace workspace, String id, String text) {
    Key letters = workspace.keys().deadLetters();
    return commit(workspace)
        .guard(new Guard.Equals(letters, id, text))
        .write(new Write.HashDelete(letters, id))
        .write(new Write.HashAdd(workspace.keys().gauges(), RedisKeys.DEAD_TIMERS, -1));
  }

  private Commit.Builder commit(Workspace at) {
    return Commit.of(at.id(), store.clock(at.id()).now(), Commit.Urgency.RELEASING);
  }

  private Future<Boolean> done(Commit.Builder commit) {
    return store.commit(commit.build()).map(CommitResult.Done.class::isInstance);
  }
}
