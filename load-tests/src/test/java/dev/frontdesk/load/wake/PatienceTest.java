// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.wake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.frontdesk.load.CrashRun;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How often a call that sets a run up is repeated. */
class PatienceTest {

  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger calls = new AtomicInteger();

  @AfterEach
  void end() {
    CrashRun.await(vertx.close(), 10);
  }

  @Test
  void aRefusalForNow_isAskedAgainUntilItIsOver() {
    Future<Integer> answer =
        Patience.until(
            vertx,
            () -> Future.succeededFuture(calls.incrementAndGet() < 3 ? 503 : 200),
            status -> status == 200);

    assertThat(CrashRun.await(answer, 10)).isEqualTo(200);
    assertThat(calls).hasValue(3);
  }

  @Test
  void aCallThatFails_isNotRepeated() {
    Future<Integer> answer =
        Patience.until(
            vertx,
            () -> {
              calls.incrementAndGet();
              return Future.failedFuture("cut");
            },
            status -> true);

    assertThatThrownBy(() -> CrashRun.await(answer, 10)).hasMessageContaining("cut");
    assertThat(calls).hasValue(1);
  }
}
