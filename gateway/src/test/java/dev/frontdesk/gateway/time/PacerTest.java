// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class PacerTest {

  private record Task(long at, long order, Runnable run, AtomicBoolean cancelled) {}

  private long now;
  private long order;
  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(
          java.util.Comparator.comparingLong(Task::at).thenComparingLong(Task::order));
  private final List<Long> polls = new ArrayList<>();
  private Future<Long> answer = Future.succeededFuture(-1L);
  private final Pacer pacer =
      new Pacer(
          (delay, run) -> {
            AtomicBoolean cancelled = new AtomicBoolean();
            tasks.add(new Task(now + delay.toMillis(), order++, run, cancelled));
            return () -> cancelled.set(true);
          },
          () -> Instant.ofEpochMilli(now),
          () -> {
            polls.add(now);
            return answer;
          });

  private void advanceTo(long time) {
    while (!tasks.isEmpty() && tasks.peek().at() <= time) {
      Task task = tasks.remove();
      now = task.at();
      if (!task.cancelled().get()) {
        task.run().run();
      }
    }
    now = time;
  }

  @Test
  void pacer_pollsAtLeastEachSecondWhenNothingIsKnown() {
    pacer.start();
    advanceTo(3_500);

    assertThat(polls).containsExactly(0L, 1_000L, 2_000L, 3_000L);
  }

  @Test
  void pacer_pollsWhenTheNextIsDue() {
    answer = Future.succeededFuture(300L);
    pacer.start();
    answer = Future.succeededFuture(-1L);
    advanceTo(900);

    assertThat(polls).containsExactly(0L, 300L);
  }

  @Test
  void wake_earlierThanPlannedPollsEarlier() {
    pacer.start();
    advanceTo(100);
    pacer.wake(250);
    pacer.wake(400);
    advanceTo(999);

    assertThat(polls).containsExactly(0L, 250L);
  }

  @Test
  void wake_duringAPollIsNotLost() {
    Promise<Long> slow = Promise.promise();
    answer = slow.future();
    pacer.start();
    pacer.wake(0);
    answer = Future.succeededFuture(-1L);
    slow.complete(-1L);
    advanceTo(10);

    assertThat(polls).hasSize(2);
  }

  @Test
  void failedPoll_isRepeatedAfterAPause() {
    answer = Future.failedFuture("away");
    pacer.start();
    advanceTo(Duration.ofMillis(600).toMillis());

    assertThat(polls).containsExactly(0L, 250L, 500L);
  }

  @Test
  void stop_endsPolling() {
    pacer.start();
    pacer.stop();
    advanceTo(5_000);

    assertThat(polls).containsExactly(0L);
  }
}
