// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class LanesTest {

  private record Item(String lane, int number, boolean joins) {}

  private record Batch(List<Item> items, Promise<List<Integer>> done) {}

  private final List<Batch> running = new ArrayList<>();

  private Future<List<Integer>> run(List<Item> items) {
    Batch batch = new Batch(items, Promise.promise());
    running.add(batch);
    return batch.done().future();
  }

  @RepeatedTest(20)
  void lanes_keepOrderAndRunOneBatchAtATime() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Lanes<Item, Integer> lanes =
        new Lanes<>(this::run, (a, b) -> a.joins() && b.joins(), 4, 10_000);
    Map<String, List<Integer>> seen = new HashMap<>();
    Map<String, Integer> submitted = new HashMap<>();
    List<Future<Integer>> results = new ArrayList<>();

    for (int step = 0; step < 2_000; step++) {
      if (random.nextInt(3) > 0 && step < 1_500) {
        String lane = "lane" + random.nextInt(5);
        int number = submitted.merge(lane, 1, Integer::sum);
        results.add(lanes.submit(lane, new Item(lane, number, random.nextInt(4) > 0)));
      } else if (!running.isEmpty()) {
        Batch batch = running.remove(random.nextInt(running.size()));
        assertThat(batch.items()).as("seed %s", seed).hasSizeLessThanOrEqualTo(4);
        for (Item item : batch.items()) {
          seen.computeIfAbsent(item.lane(), key -> new ArrayList<>()).add(item.number());
        }
        batch.done().complete(batch.items().stream().map(Item::number).toList());
      }
      assertThat(running.stream().map(b -> b.items().get(0).lane()))
          .as("one batch per lane, seed %s", seed)
          .doesNotHaveDuplicates();
    }
    while (!running.isEmpty()) {
      Batch batch = running.remove(0);
      batch
          .items()
          .forEach(i -> seen.computeIfAbsent(i.lane(), key -> new ArrayList<>()).add(i.number()));
      batch.done().complete(batch.items().stream().map(Item::number).toList());
    }

    assertThat(results).allMatch(Future::succeeded, "seed " + seed);
    assertThat(lanes.waiting()).isZero();
    submitted.forEach(
        (lane, count) -> {
          List<Integer> expected = new ArrayList<>();
          for (int i = 1; i <= count; i++) {
            expected.add(i);
          }
          assertThat(seen.get(lane)).as("lane %s, seed %s", lane, seed).isEqualTo(expected);
        });
  }

  @Test
  void submit_refusesPastTheBound() {
    Lanes<Item, Integer> lanes = new Lanes<>(this::run, (a, b) -> false, 4, 2);
    Future<Integer> first = lanes.submit("a", new Item("a", 1, false));
    Future<Integer> second = lanes.submit("b", new Item("b", 1, false));

    Future<Integer> third = lanes.submit("c", new Item("c", 1, false));

    assertThat(third.cause()).isInstanceOf(Lanes.LaneFullException.class);
    assertThat(first.isComplete() || second.isComplete()).isFalse();
  }

  /** A store that refuses at once, and a lane as full as it may be. */
  @Test
  void lane_thatIsRefusedAtOnce_endsEachItem_withoutDeepCalls() {
    Promise<List<Integer>> first = Promise.promise();
    boolean[] refusing = new boolean[1];
    Lanes<Integer, Integer> lanes =
        new Lanes<>(
            items -> refusing[0] ? Future.failedFuture("refused") : first.future(),
            (a, b) -> false,
            32,
            50_000);
    List<Future<Integer>> results = new ArrayList<>();
    for (int n = 0; n < 50_000; n++) {
      results.add(lanes.submit("lane", n));
    }

    refusing[0] = true;
    first.fail("refused");

    assertThat(results).allMatch(Future::failed);
    assertThat(lanes.waiting()).isZero();
  }

  @Test
  void lane_goesOnAfterAFailedBatch() {
    Lanes<Item, Integer> lanes = new Lanes<>(this::run, (a, b) -> false, 1, 10);
    Future<Integer> first = lanes.submit("a", new Item("a", 1, false));
    Future<Integer> second = lanes.submit("a", new Item("a", 2, false));

    running.remove(0).done().fail("broken");
    running.remove(0).done().complete(List.of(2));

    assertThat(first.failed()).isTrue();
    assertThat(second.result()).isEqualTo(2);
  }
}
