// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.desk;

import dev.frontdesk.gateway.store.StoreClock;
import dev.frontdesk.gateway.time.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/** One thread's time: tasks run one after the other, time moves when nothing is left to do. */
public final class VirtualTime implements Scheduler, StoreClock, Executor, LongSupplier {

  private final PriorityQueue<Task> later = new PriorityQueue<>();
  private final Deque<Runnable> ready = new ArrayDeque<>();
  private Instant monotonic = Instant.parse("2026-11-21T00:00:00Z");
  private Duration stepped = Duration.ZERO;
  private long order;
  private boolean running;

  private record Task(Instant at, long order, Runnable run) implements Comparable<Task> {
    @Override
    public int compareTo(Task other) {
      int byTime = at.compareTo(other.at);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  @Override
  public Cancellable after(Duration delay, Runnable task) {
    Task planned = new Task(monotonic.plus(delay), order++, task);
    later.add(planned);
    return () -> later.remove(planned);
  }

  @Override
  public void execute(Runnable task) {
    ready.add(task);
    settle();
  }

  /** The store's time: monotonic time and the steps its clock made. */
  @Override
  public Instant now() {
    return monotonic.plus(stepped);
  }

  @Override
  public long getAsLong() {
    return monotonic.toEpochMilli() * 1_000_000;
  }

  /** The store's clock jumps. */
  public void step(Duration by) {
    stepped = stepped.plus(by);
  }

  /** Lets time pass, running what falls due. */
  public void advance(Duration by) {
    Instant end = monotonic.plus(by);
    while (!later.isEmpty() && !later.peek().at().isAfter(end)) {
      Task next = later.remove();
      monotonic = next.at();
      execute(next.run());
    }
    monotonic = end;
  }

  /** Tasks that wait for a later time. */
  public int pending() {
    return later.size();
  }

  private void settle() {
    if (running) {
      return;
    }
    running = true;
    while (!ready.isEmpty()) {
      ready.remove().run();
    }
    running = false;
  }
}
