// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.frontdesk.gateway.store.StoreUnavailableException;
import io.lettuce.core.RedisCommandExecutionException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlotPatienceTest {

  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger looks = new AtomicInteger();
  private final AtomicInteger asked = new AtomicInteger();
  private final SlotPatience patience = new SlotPatience(vertx, looks::incrementAndGet);

  @AfterEach
  void stop() {
    TestRedis.await(vertx.close());
  }

  private static StoreUnavailableException refused(String words) {
    return new StoreUnavailableException(words, false, new RedisCommandExecutionException(words));
  }

  private Future<String> ask(int slot, int failures, StoreUnavailableException failure) {
    asked.set(0);
    return patience.ask(
        slot,
        () ->
            asked.incrementAndGet() <= failures
                ? Future.failedFuture(failure)
                : Future.succeededFuture("answer"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          TRYAGAIN Multiple keys request during rehashing of slot               | true
          CLUSTERDOWN The cluster is down                                       | true
          LOADING Redis is loading the dataset in memory                        | true
          MASTERDOWN Link with MASTER is down                                   | true
          MOVED 1 127.0.0.1:1                                                   | true
          ASK 1 127.0.0.1:1                                                     | true
          READONLY You can't write against a read only replica.                 | true
          ERR Error running script: @user_script:36: -READONLY You can't write against a read only | true
          ERR Script attempted to access a non local key in a cluster node      | true
          OOM command not allowed when used memory > 'maxmemory'                | false
          MISCONF Redis is configured to save RDB snapshots                     | false
          NOAUTH Authentication required.                                       | false
          WRONGTYPE Operation against a key                                     | false
          MALFORMED header                                                      | false
          """)
  void refusals_thatPass(String words, boolean passes) {
    assertThat(SlotPatience.passes(refused(words))).isEqualTo(passes);
    assertThat(
            SlotPatience.passes(
                new StoreUnavailableException(
                    words, true, new RedisCommandExecutionException(words))))
        .isFalse();
  }

  @Test
  void refusalThatPasses_isRepeated_untilItDoes() {
    assertThat(TestRedis.await(ask(7, 3, refused("TRYAGAIN later")))).isEqualTo("answer");
    assertThat(asked.get()).isEqualTo(4);
    assertThat(looks.get()).isZero();

    assertThat(TestRedis.await(ask(7, 2, refused("CLUSTERDOWN later")))).isEqualTo("answer");
    assertThat(looks.get()).isEqualTo(2);
    StoreUnavailableException unsent = new StoreUnavailableException("not connected", false, null);
    assertThat(TestRedis.await(ask(7, 1, unsent))).isEqualTo("answer");
  }

  @Test
  void whatMayHaveRun_isNeverRepeated() {
    StoreUnavailableException unknown = new StoreUnavailableException("cut", true, null);

    assertThatThrownBy(() -> TestRedis.await(ask(7, 1, unknown))).isSameAs(unknown);

    assertThat(asked.get()).isEqualTo(1);
    assertThat(looks.get()).isEqualTo(1);
    assertThatThrownBy(() -> TestRedis.await(ask(7, 1, refused("WRONGTYPE x"))))
        .hasMessageContaining("WRONGTYPE");
    assertThat(asked.get()).isEqualTo(1);
  }

  @Test
  void slotThatRefusesForLong_isAskedOnce_andOthersAreWaitedFor() {
    StoreUnavailableException moving = refused("TRYAGAIN later");
    assertThatThrownBy(() -> TestRedis.await(ask(7, Integer.MAX_VALUE, moving))).isSameAs(moving);
    assertThat(asked.get()).isBetween(5, 40);

    assertThatThrownBy(() -> TestRedis.await(ask(7, Integer.MAX_VALUE, moving))).isSameAs(moving);
    assertThat(asked.get()).isEqualTo(1);
    assertThat(TestRedis.await(ask(8, 2, moving))).isEqualTo("answer");

    assertThat(TestRedis.await(ask(7, 0, moving))).isEqualTo("answer");
    assertThat(TestRedis.await(ask(7, 2, moving))).isEqualTo("answer");
  }
}
