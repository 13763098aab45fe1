// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PollTurnsTest {

  private static final int MOST = 3;

  private final PollTurns turns = new PollTurns(MOST * 2 * PollTurns.COMMANDS);
  private final List<Promise<Integer>> begun = new ArrayList<>();

  private Future<Integer> begin() {
    begun.add(Promise.promise());
    return begun.get(begun.size() - 1).future();
  }

  @Test
  void turns_halfOfTheStoresQueue_atLeastOne() {
    assertThat(begunOf(10_000)).isEqualTo(5_000 / PollTurns.COMMANDS);
    assertThat(begunOf(1)).isEqualTo(1);
  }

  private static int begunOf(int requestQueue) {
    PollTurns turns = new PollTurns(requestQueue);
    for (int i = 0; i < 1_000; i++) {
      turns.take(() -> Promise.promise().future());
    }
    return 1_000 - turns.waiting();
  }

  @Test
  void turn_thatEnds_letsTheNextBegin_alsoAfterAFailure() {
    List<Integer> order = new ArrayList<>();
    List<Future<Integer>> asked = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      int number = i;
      asked.add(
          turns.take(
              () -> {
                order.add(number);
                return begin();
              }));
    }
    assertThat(order).containsExactly(0, 1, 2);

    begun.get(1).fail("no answer");
    begun.get(0).complete(7);

    assertThat(order).containsExactly(0, 1, 2, 3, 4);
    assertThat(asked.get(0).result()).isEqualTo(7);
    assertThat(asked.get(1).failed()).isTrue();
  }

  @Test
  void work_thatThrows_failsItsTurnOnly() {
    Future<Integer> thrown =
        turns.take(
            () -> {
              throw new IllegalStateException("never asked");
            });
    IntStream.range(0, MOST).forEach(i -> turns.take(this::begin));

    assertThat(thrown.cause()).hasMessage("never asked");
    assertThat(begun).hasSize(MOST);
  }

  @Test
  void turns_thatEndAtOnce_doNotNest() {
    Promise<Void> held = Promise.promise();
    List<Future<Integer>> asked = new ArrayList<>();
    IntStream.range(0, MOST).forEach(i -> turns.take(held::future));
    for (int i = 0; i < 100_000; i++) {
      asked.add(turns.take(() -> Future.succeededFuture(1)));
    }

    held.complete();

    assertThat(asked).allMatch(Future::succeeded);
  }

  @Test
  void whoLeaves_isTakenOut_andTheOthersKeepTheirOrder() {
    IntStream.range(0, MOST).forEach(i -> turns.take(this::begin));
    List<Integer> order = new ArrayList<>();
    List<Promise<Void>> closed = new ArrayList<>();
    List<Future<Void>> asked = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      int number = i;
      closed.add(Promise.promise());
      asked.add(
          turns.take(
              closed.get(i).future(),
              () -> {
                order.add(number);
                return Future.succeededFuture();
              }));
    }

    closed.get(0).complete();
    closed.get(4).complete();

    assertThat(turns.waiting()).isEqualTo(8);
    assertThat(asked.get(4).failed()).isTrue();
    begun.get(2).complete(1);
    assertThat(order).containsExactly(1, 2, 3, 5, 6, 7, 8, 9);
    closed.get(9).complete();
    assertThat(asked.get(9).succeeded()).isTrue();
  }

  /** Eight contexts of two threads ask for a thousand turns each that end later, elsewhere. */
  @Test
  void onEventLoops_neverMoreThanTheMost_andEachOnItsOwnContext() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      AtomicInteger underWay = new AtomicInteger();
      AtomicInteger highest = new AtomicInteger();
      Set<String> elsewhere = ConcurrentHashMap.newKeySet();
      List<Future<?>> all = new ArrayList<>();
      for (int c = 0; c < 8; c++) {
        Promise<Void> over = Promise.promise();
        all.add(over.future());
        Context context = vertx.getOrCreateContext();
        context.runOnContext(
            go -> {
              List<Future<?>> own = new ArrayList<>();
              for (int i = 0; i < 1_000; i++) {
                own.add(
                    turns
                        .take(() -> later(vertx, context, underWay, highest, elsewhere))
                        .onComplete(
                            done -> {
                              if (Vertx.currentContext() != context) {
                                elsewhere.add("answered");
                              }
                            }));
              }
              Future.all(own).<Void>mapEmpty().onComplete(over);
            });
      }

      Future.all(all).toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);

      assertThat(new HashSet<>(elsewhere)).isEmpty();
      assertThat(highest.get()).isLessThanOrEqualTo(MOST);
      assertThat(turns.waiting()).isZero();
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
  }

  private static Future<Void> later(
      Vertx vertx,
      Context context,
      AtomicInteger underWay,
      AtomicInteger highest,
      Set<String> elsewhere) {
    if (Vertx.currentContext() != context) {
      elsewhere.add("begun");
    }
    highest.accumulateAndGet(underWay.incrementAndGet(), Math::max);
    Promise<Void> answer = Promise.promise();
    vertx.runOnContext(
        go -> {
          underWay.decrementAndGet();
          answer.complete();
        });
    return answer.future();
  }
}
