// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.demo;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A working day: customers and agents come, the supervisor watches, all go, the books are closed.
 */
record DemoDay(
    DemoBook book,
    DemoPlatforms platforms,
    DemoVisitors visitors,
    DemoCustomers customers,
    DemoAgents agents,
    DemoView view,
    ReadBack reading) {

  private static final int DRAIN_SECONDS = 6;
  private static final int QUIET_SECONDS = 10;

  /** Customers write until interrupted or, if there is a length, until it is over. */
  void work(@Nullable Duration length, CountDownLatch interrupted) throws InterruptedException {
    agents.start();
    customers.start();
    long begun = System.nanoTime();
    long seconds = 0;
    do {
      view.show(seconds);
      seconds++;
      if (length != null && seconds > length.toSeconds()) {
        break;
      }
    } while (!interrupted.await(untilNext(begun, seconds), TimeUnit.MILLISECONDS));
    customers.stop();
    drain(begun, seconds);
    view.leave();
  }

  private static long untilNext(long begun, long seconds) {
    long due = begun + TimeUnit.SECONDS.toNanos(seconds);
    return Math.max(1, TimeUnit.NANOSECONDS.toMillis(due - System.nanoTime()));
  }

  /** Those who wait are still served, for a few seconds. */
  private void drain(long begun, long from) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    for (long second = from; second < from + DRAIN_SECONDS; second++) {
      boolean waited = never.await(untilNext(begun, second), TimeUnit.MILLISECONDS);
      assert !waited;
      view.show(second);
      if (agents.inHand() == 0 && view.waiting() == 0 && second > from) {
        break;
      }
    }
    agents.stop();
  }

  /** Reads everything back when nothing is on its way any more, or after a few seconds. */
  DemoLedger account() throws InterruptedException {
    ReadBack.Messages messages = reading.messages();
    CountDownLatch never = new CountDownLatch(1);
    for (int i = 0; i < QUIET_SECONDS && !isSettled(messages); i++) {
      boolean waited = never.await(1, TimeUnit.SECONDS);
      assert !waited;
      messages = reading.messages();
    }
    return new DemoLedger(
        book.accepted(),
        book.doubtful(),
        messages.stored(),
        messages.sent(),
        messages.stuck(),
        arrived(),
        reading.spells());
  }

  private boolean isSettled(ReadBack.Messages messages) {
    return messages.stuck().isEmpty() && messages.sent().equals(arrived());
  }

  /** Our messages that came out at the other end, by channel; only channels that had any. */
  private Map<String, Long> arrived() {
    Map<String, Long> arrived = new HashMap<>(platforms.taken());
    arrived.put("site", book.shownCount());
    arrived.values().removeIf(count -> count == 0);
    return arrived;
  }

  /** The platforms close. */
  Future<Void> close() {
    return visitors.close().compose(left -> platforms.close());
  }
}
