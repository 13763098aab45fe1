// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.agent;

import dev.frontdesk.gateway.conversation.CallerContext;
import dev.frontdesk.gateway.problem.GatewayException;
import dev.frontdesk.gateway.store.InTurn;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What polls ask of the store, so much of it at once; the others wait for their turn here, where it
 * costs a place in a map, not one among the commands of the store. Ten thousand agents that are
 * woken together all ask again together.
 *
 * <ol>
 *   <li>Turns under way have at most half of {@code redis.requestQueue}: the other half is left to
 *       what customers, bots and agents do.
 *   <li>Turns begin in the order they were asked for, each on the context it was asked on, in a
 *       task of its own.
 *   <li>Nothing is refused here: what waits is bounded by the open polls and the agents. A poll
 *       asks for one turn after the other and leaves when its client does; an agent's lease is
 *       renewed once at a time.
 * </ol>
 *
 * Thread-safe.
 */
public final class PollTurns {

  /** Commands of one turn that may be under way: whoever has more asks by {@link InTurn}. */
  public static final int COMMANDS = 16;

  private final int most;
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicLong tickets = new AtomicLong();
  private final ConcurrentSkipListMap<Long, Turn<?>> waiting = new ConcurrentSkipListMap<>();

  /**
   * Nobody waits yet.
   *
   * @param requestQueue commands that may wait for the store
   */
  public PollTurns(int requestQueue) {
    this.most = Math.max(1, requestQueue / 2 / COMMANDS);
  }

  /** Does {@code work} when its turn comes, whoever still waits for it. */
  public <T extends @Nullable Object> Future<T> take(Supplier<Future<T>> work) {
    return take(Promise.promise().future(), work);
  }

  /**
   * Does {@code work} when its turn comes; completes as it does, on the caller's context.
   *
   * @param closed completes when nobody waits for it any more: a turn that has not begun fails
   *     then, and its work is not done
   * @param work asks the store for at most {@link #COMMANDS} at once; takes no further turn
   */
  public <T extends @Nullable Object> Future<T> take(Future<?> closed, Supplier<Future<T>> work) {
    if (waiting.isEmpty() && enter()) {
      return begun(work).onComplete(done -> leave());
    }
    Turn<T> turn = new Turn<>(work, Promise.promise(), Vertx.currentContext());
    Long ticket = tickets.incrementAndGet();
    waiting.put(ticket, turn);
    closed.onComplete(
        gone -> {
          if (waiting.remove(ticket) != null) {
            turn.answer().fail(nobodyWaits());
          }
        });
    next();
    return CallerContext.returning(turn.answer().future());
  }

  /** How many wait for their turn. */
  int waiting() {
    return waiting.size();
  }

  /** A loop, one at a time: turns that end at once must not be calls within calls. */
  private void next() {
    if (asked.getAndIncrement() > 0) {
      return;
    }
    int seen;
    do {
      seen = asked.get();
      while (!waiting.isEmpty() && enter()) {
        Map.Entry<Long, Turn<?>> first = waiting.pollFirstEntry();
        if (first == null) {
          underWay.decrementAndGet();
        } else {
          begin(first.getValue());
        }
      }
    } while (asked.addAndGet(-seen) > 0);
  }

  private <T extends @Nullable Object> void begin(Turn<T> turn) {
    Runnable task =
        () ->
            begun(turn.work())
                .onComplete(
                    done -> {
                      leave();
                      turn.answer().handle(done);
                    });
    if (turn.context() == null) {
      task.run();
    } else {
      turn.context().runOnContext(go -> task.run());
    }
  }

  private static <T extends @Nullable Object> Future<T> begun(Supplier<Future<T>> work) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  private boolean enter() {
    if (underWay.incrementAndGet() <= most) {
      return true;
    }
    underWay.decrementAndGet();
    return false;
  }

  private void leave() {
    underWay.decrementAndGet();
    next();
  }

  private static GatewayException nobodyWaits() {
    return new GatewayException(
        GatewayException.Kind.UNAVAILABLE, "closed", "nobody waits for this poll any more");
  }

  /**
   * Somebody who waits.
   *
   * @param context where it was asked; null: nowhere in particular
   */
  private record Turn<T extends @Nullable Object>(
      Supplier<Future<T>> work, Promise<T> answer, @Nullable Context context) {}
}
