// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import dev.frontdesk.gateway.store.StoreUnavailableException;
import io.lettuce.core.RedisCommandExecutionException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Repeats what a server refused only because a slot moves, a master is being replaced, or the
 * connection to its successor is being made; never what may have run. Thread-safe.
 *
 * <ol>
 *   <li>For {@link #BUDGET} at most, with growing, jittered pauses. Then the refusal stands: a
 *       platform gets 503 and repeats.
 *   <li>A slot that has been refusing for longer is asked once per command and not waited for, so
 *       that nothing piles up in front of it; its first answer ends that.
 * </ol>
 *
 * <p>Written by hand: the client follows MOVED and ASK by itself and repeats nothing else, and a
 * retry library would bring its own scheduler and clock for these few lines.
 */
final class SlotPatience {

  /** A commit's time is refused as stale after a second, and a platform waits 3 s and more. */
  static final Duration BUDGET = Duration.ofSeconds(1);

  private static final int FIRST_PAUSE_MILLIS = 10;
  private static final int LONGEST_PAUSE_MILLIS = 160;

  /** Error replies that say: not now, or not here. Nothing ran. */
  private static final Set<String> PASSING =
      Set.of("TRYAGAIN", "CLUSTERDOWN", "LOADING", "MASTERDOWN", "MOVED", "ASK");

  /**
   * What a replica says to a write. A script says it in the middle of its own words, but our
   * scripts begin with a write that changes nothing, so that nothing was written before it.
   */
  static final String READ_ONLY = "READONLY You can't write";

  /** What a script is told that reads a key which has moved on already; nothing was written. */
  private static final String MOVED_ON = "non local key";

  private final Vertx vertx;
  private final Runnable lookAgain;
  private final Map<Integer, Long> refusingSince = new ConcurrentHashMap<>();

  /**
   * Patience of one connection.
   *
   * @param lookAgain told of each refusal that says the servers changed places
   */
  SlotPatience(Vertx vertx, Runnable lookAgain) {
    this.vertx = vertx;
    this.lookAgain = lookAgain;
  }

  /** The answer of {@code command}, repeated while its refusal is one that passes. */
  <T extends @Nullable Object> Future<T> ask(int slot, Supplier<Future<T>> command) {
    long began = System.nanoTime();
    return attempt(slot, command, began, FIRST_PAUSE_MILLIS);
  }

  private <T extends @Nullable Object> Future<T> attempt(
      int slot, Supplier<Future<T>> command, long began, int pauseMillis) {
    return command
        .get()
        .transform(
            done -> {
              if (done.succeeded()) {
                if (!refusingSince.isEmpty()) {
                  refusingSince.remove(slot);
                }
                return Future.succeededFuture(done.result());
              }
              Throwable failure = done.cause();
              if (!(failure instanceof StoreUnavailableException refused)) {
                return Future.failedFuture(failure);
              }
              if (!isOnlyMoving(refused)) {
                lookAgain.run();
              }
              if (refused.outcomeUnknown() || !passes(refused)) {
                return Future.failedFuture(failure);
              }
              long now = System.nanoTime();
              Long since = refusingSince.putIfAbsent(slot, now);
              boolean forLong = since != null && now - since > BUDGET.toNanos();
              if (forLong || now - began > BUDGET.toNanos()) {
                return Future.failedFuture(failure);
              }
              return pause(pauseMillis)
                  .compose(
                      v ->
                          attempt(
                              slot,
                              command,
                              began,
                              Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2)));
            });
  }

  private Future<Void> pause(int millis) {
    Promise<Void> over = Promise.promise();
    vertx.setTimer(
        millis / 2 + 1 + ThreadLocalRandom.current().nextInt(millis), timer -> over.complete());
    return over.future();
  }

  /** Whether a refusal ends by itself: the server's own words, or that it was not sent. */
  static boolean passes(StoreUnavailableException refused) {
    if (refused.outcomeUnknown()) {
      return false;
    }
    if (refused.getCause() instanceof RedisCommandExecutionException said) {
      String words = String.valueOf(said.getMessage());
      return PASSING.contains(kind(words)) || words.contains(READ_ONLY) || words.contains(MOVED_ON);
    }
    return true;
  }

  /** Whether the servers are where they were, and only keys move. */
  private static boolean isOnlyMoving(StoreUnavailableException refused) {
    return refused.getCause() instanceof RedisCommandExecutionException said
        && (!passes(refused) || kind(String.valueOf(said.getMessage())).equals("TRYAGAIN"));
  }

  private static String kind(String words) {
    return words.substring(0, (words + " ").indexOf(' '));
  }
}
