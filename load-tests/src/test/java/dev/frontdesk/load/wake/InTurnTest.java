// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.wake;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

/** Many calls, so many at once. */
class InTurnTest {

  private final Deque<Promise<Void>> running = new ArrayDeque<>();
  private int most;

  private Future<Void> call() {
    Promise<Void> one = Promise.promise();
    running.add(one);
    most = Math.max(most, running.size());
    return one.future();
  }

  @Test
  void calls_areMadeOnceEach_neverMoreAtOnceThanTheWidth() {
    Future<Void> all = InTurn.all(100, 7, i -> call());

    int ended = 0;
    while (!running.isEmpty()) {
      assertThat(all.isComplete()).isFalse();
      running.remove().complete();
      ended++;
    }

    assertThat(all.succeeded()).isTrue();
    assertThat(ended).isEqualTo(100);
    assertThat(most).isEqualTo(7);
  }

  @Test
  void noCalls_areDone_andOneThatFailsEndsAll() {
    assertThat(InTurn.all(0, 4, i -> call()).succeeded()).isTrue();
    assertThat(InTurn.all(5, 2, i -> Future.failedFuture("refused")).failed()).isTrue();
  }
}
