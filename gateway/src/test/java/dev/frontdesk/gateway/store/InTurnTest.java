// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InTurnTest {

  private final List<Promise<Integer>> asked = new ArrayList<>();

  private Future<Integer> ask() {
    asked.add(Promise.promise());
    return asked.get(asked.size() - 1).future();
  }

  @Test
  void answers_areInOrder_fewAskedAtOnce() {
    Future<List<Integer>> all = InTurn.all(List.of(1, 2, 3, 4, 5), 2, number -> ask());
    assertThat(asked).hasSize(2);
    asked.get(1).complete(20);
    assertThat(asked).hasSize(2);
    asked.get(0).complete(10);
    asked.get(2).complete(30);
    asked.get(3).complete(40);

    asked.get(4).complete(50);

    assertThat(all.result()).containsExactly(10, 20, 30, 40, 50);
  }

  @Test
  void failure_endsIt_andNothingFurtherIsAsked() {
    Future<List<Integer>> all = InTurn.all(List.of(1, 2, 3), 2, number -> ask());

    asked.get(1).fail("no answer");
    asked.get(0).complete(1);

    assertThat(all.cause()).hasMessage("no answer");
    assertThat(asked).hasSize(2);
  }

  @Test
  void nothingToAsk_orAnswersAtOnce_completesAtOnce() {
    List<Integer> many = IntStream.range(0, 10_000).boxed().toList();

    assertThat(InTurn.all(List.<Integer>of(), 2, number -> ask()).result()).isEmpty();
    assertThat(InTurn.all(many, 16, Future::succeededFuture).result()).isEqualTo(many);
    assertThat(asked).isEmpty();
  }
}
