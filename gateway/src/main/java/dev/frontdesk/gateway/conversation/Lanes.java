// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * Order per conversation on one node: work of one lane runs one batch at a time, in order of
 * arrival; lanes run beside each other. A batch is the longest run of waiting items that {@code
 * joins} accepts, at most {@code maxBatch}.
 *
 * <ol>
 *   <li>Thread-safe; {@code run} is called on the thread that submitted or that finished the batch
 *       before.
 *   <li>Bounded: past {@code maxWaiting} items over all lanes {@link #submit} refuses.
 *   <li>{@code run} returns one result per item, or fails the whole batch.
 * </ol>
 *
 * @param <I> what is worked on
 * @param <R> what becomes of it
 */
public final class Lanes<I, R> {

  private final Function<List<I>, Future<List<R>>> run;
  private final BiPredicate<I, I> joins;
  private final int maxBatch;
  private final int maxWaiting;
  private final ConcurrentHashMap<String, Lane<I, R>> lanes = new ConcurrentHashMap<>();
  private final AtomicInteger waiting = new AtomicInteger();

  public Lanes(
      Function<List<I>, Future<List<R>>> run,
      BiPredicate<I, I> joins,
      int maxBatch,
      int maxWaiting) {
    this.run = run;
    this.joins = joins;
    this.maxBatch = maxBatch;
    this.maxWaiting = maxWaiting;
  }

  /** Items accepted and not yet finished. */
  public int waiting() {
    return waiting.get();
  }

  /**
   * Queues an item behind the others of its lane; fails with {@link LaneFullException} at the
   * bound.
   */
  public Future<R> submit(String lane, I item) {
    if (waiting.incrementAndGet() > maxWaiting) {
      waiting.decrementAndGet();
      return Future.failedFuture(new LaneFullException(maxWaiting));
    }
    Ticket<I, R> ticket = new Ticket<>(item, Promise.promise());
    boolean[] idle = new boolean[1];
    lanes.compute(
        lane,
        (key, present) -> {
          idle[0] = present == null;
          Lane<I, R> it = present == null ? new Lane<>(new ArrayDeque<>()) : present;
          it.tickets().add(ticket);
          return it;
        });
    if (idle[0]) {
      drain(lane);
    }
    return CallerContext.returning(ticket.promise().future());
  }

  /** A loop over what ends at once: a thousand refusals in a row must not be a thousand calls. */
  private void drain(String lane) {
    List<Ticket<I, R>> batch = nextBatch(lane);
    while (!batch.isEmpty()) {
      Future<List<R>> work = started(batch);
      if (!work.isComplete()) {
        List<Ticket<I, R>> later = batch;
        work.onComplete(
            done -> {
              ended(later, work);
              drain(lane);
            });
        return;
      }
      ended(batch, work);
      batch = nextBatch(lane);
    }
  }

  private Future<List<R>> started(List<Ticket<I, R>> batch) {
    try {
      return run.apply(batch.stream().map(Ticket::item).toList());
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  private void ended(List<Ticket<I, R>> batch, Future<List<R>> work) {
    waiting.addAndGet(-batch.size());
    for (int i = 0; i < batch.size(); i++) {
      if (work.succeeded()) {
        batch.get(i).promise().complete(work.result().get(i));
      } else {
        batch.get(i).promise().fail(work.cause());
      }
    }
  }

  /** Takes what runs next; removes the lane when nothing waits. */
  private List<Ticket<I, R>> nextBatch(String lane) {
    List<Ticket<I, R>> batch = new ArrayList<>();
    lanes.compute(
        lane,
        (key, present) -> {
          if (present == null || present.tickets().isEmpty()) {
            return null;
          }
          Ticket<I, R> first = present.tickets().remove();
          batch.add(first);
          while (batch.size() < maxBatch
              && !present.tickets().isEmpty()
              && joins.test(first.item(), present.tickets().element().item())) {
            batch.add(present.tickets().remove());
          }
          return present;
        });
    return batch;
  }

  private record Ticket<I, R>(I item, Promise<R> promise) {}

  private record Lane<I, R>(Deque<Ticket<I, R>> tickets) {}

  /** More work is waiting on this node than it is allowed to hold. */
  public static final class LaneFullException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LaneFullException(int bound) {
      super(bound + " events are waiting on this node, its bound", null, false, false);
    }
  }
}
