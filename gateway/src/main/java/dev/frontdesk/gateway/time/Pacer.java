// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.time;

import dev.frontdesk.gateway.store.StoreClock;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Runs a poll again and again: when the next thing is due, when woken for something earlier, and at
 * least each {@link #LONGEST_SLEEP}. Polls never overlap; wakes during a poll make one more poll.
 * Confined to the context it was started on.
 */
public final class Pacer {

  /** A lost wake-up costs at most this. */
  public static final Duration LONGEST_SLEEP = Duration.ofSeconds(1);

  private static final long FAILED_SLEEP_MILLIS = 250;

  private final Scheduler scheduler;
  private final StoreClock clock;
  private final Supplier<Future<Long>> poll;
  private boolean running;
  private boolean polling;
  private long sleepsUntil;
  private long wanted = Long.MAX_VALUE;
  private Scheduler.Cancellable sleep = () -> {};

  /**
   * Makes a pacer that is not started.
   *
   * @param poll does what is due; its result is when the next thing is due (store time, ms), 0 for
   *     at once, or -1 for nothing known
   */
  public Pacer(Scheduler scheduler, StoreClock clock, Supplier<Future<Long>> poll) {
    this.scheduler = scheduler;
    this.clock = clock;
    this.poll = poll;
  }

  public void start() {
    if (!running) {
      running = true;
      poll();
    }
  }

  /** Ends after the poll that runs now, if one does. */
  public void stop() {
    running = false;
    sleep.cancel();
  }

  public boolean isPolling() {
    return polling;
  }

  /**
   * Something is due at {@code atMillis} (store time); polls then if that is earlier than planned.
   */
  public void wake(long atMillis) {
    wanted = Math.min(wanted, atMillis);
    if (running && !polling && atMillis < sleepsUntil) {
      sleepUntil(atMillis);
    }
  }

  private void poll() {
    polling = true;
    wanted = Long.MAX_VALUE;
    Future<Long> one;
    try {
      one = poll.get();
    } catch (RuntimeException e) {
      one = Future.failedFuture(e);
    }
    one.onComplete(
        done -> {
          polling = false;
          if (running) {
            long now = clock.now().toEpochMilli();
            long next = done.failed() ? now + FAILED_SLEEP_MILLIS : done.result();
            sleepUntil(Math.min(next < 0 ? Long.MAX_VALUE : next, wanted));
          }
        });
  }

  private void sleepUntil(long atMillis) {
    sleep.cancel();
    long now = clock.now().toEpochMilli();
    long delay = Math.max(0, Math.min(atMillis - now, LONGEST_SLEEP.toMillis()));
    sleepsUntil = now + delay;
    sleep = scheduler.after(Duration.ofMillis(Math.max(1, delay)), this::poll);
  }
}
