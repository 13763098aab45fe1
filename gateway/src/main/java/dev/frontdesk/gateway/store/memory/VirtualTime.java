// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.memory;

import dev.frontdesk.gateway.store.StoreClock;
import dev.frontdesk.gateway.time.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Time that moves only when told to: the store's clock and the scheduler of a simulation. Tasks run
 * in the order of their times, those of one time in the order they were asked for, each at exactly
 * its time. Single-threaded.
 */
public final class VirtualTime implements Scheduler, StoreClock {

  private record Task(Instant at, long order, Runnable work) {}

  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(Comparator.comparing(Task::at).thenComparingLong(Task::order));
  private Instant now;
  private long orders;

  public VirtualTime(Instant start) {
    this.now = start;
  }

  @Override
  public Instant now() {
    return now;
  }

  @Override
  public Cancellable after(Duration delay, Runnable work) {
    Task task = new Task(delay.isNegative() ? now : now.plus(delay), orders++, work);
    tasks.add(task);
    return () -> tasks.remove(task);
  }

  /** Runs everything that falls due until then, then stands at that time. */
  public void advance(Duration by) {
    advanceTo(now.plus(by));
  }

  /** Runs everything that falls due until {@code end}, inclusive, then stands there. */
  public void advanceTo(Instant end) {
    while (!tasks.isEmpty() && !tasks.peek().at().isAfter(end)) {
      runNext();
    }
    if (end.isAfter(now)) {
      now = end;
    }
  }

  /** Moves to the next task and runs it; false when there is none. */
  public boolean runNext() {
    Task next = tasks.poll();
    if (next == null) {
      return false;
    }
    if (next.at().isAfter(now)) {
      now = next.at();
    }
    next.work().run();
    return true;
  }

  /** Tasks that have not run. */
  public int pending() {
    return tasks.size();
  }
}
