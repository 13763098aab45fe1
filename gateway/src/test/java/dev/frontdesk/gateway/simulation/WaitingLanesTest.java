// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.gateway.domain.Bucket;
import dev.frontdesk.gateway.domain.routing.Levers;
import dev.frontdesk.gateway.domain.routing.RoutingPass;
import dev.frontdesk.gateway.domain.routing.RoutingPolicy;
import dev.frontdesk.gateway.domain.routing.Waiting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WaitingLanesTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final List<Bucket> BUCKETS =
      List.of(
          new Bucket("all", "urgent", Map.of()),
          new Bucket("all", "urgent", Map.of("vip", 2)),
          new Bucket("all", "low", Map.of()));

  /** One that waits, as a list of all would keep it. */
  private record Row(Bucket bucket, int cost, long number, Instant due, Instant arrival) {
    /** Of one lane: bucket, cost, late or not. */
    List<Object> lane(Instant now) {
      return List.of(bucket, cost, now.isAfter(due));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"keep-promises", "strict", "fifo"})
  void heads_areTheFirstOfEachLane_whateverCameWentAndBecameLate(String name) {
    RoutingPolicy policy = RoutingPolicy.named(name, Levers.PLAIN);
    Comparator<Row> order =
        Comparator.comparingDouble((Row r) -> policy.score(r.due(), 5, r.arrival()))
            .thenComparingLong(Row::number);
    for (long seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      WaitingLanes lanes = new WaitingLanes(policy);
      List<Row> model = new ArrayList<>();
      Instant now = START;
      for (int step = 0; step < 300; step++) {
        now = now.plusMillis(random.nextInt(30));
        if (random.nextInt(5) < 3) {
          Row row = row(random, now, 1_000_000L + step);
          lanes.add(row.bucket(), row.cost(), row.number(), row.due(), row.arrival());
          model.add(row);
        }
        Instant at = now;
        Set<String> expected = new HashSet<>();
        for (Row row : model) {
          if (model.stream().noneMatch(r -> isBefore(r, row, order, at))) {
            expected.add(Long.toString(row.number()));
          }
        }

        List<Waiting> heads = new ArrayList<>();
        for (RoutingPass.Lane lane : lanes.heads(now)) {
          heads.addAll(lane.waiting());
        }

        assertThat(heads.stream().map(h -> h.id().value()))
            .as(name + " seed " + seed + " step " + step)
            .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(lanes.size()).isEqualTo(model.size());
        if (!heads.isEmpty() && random.nextInt(2) == 0) {
          Waiting head = heads.get(random.nextInt(heads.size()));
          Row gone = row(model, head);
          assertThat(head.due()).isEqualTo(gone.due());
          assertThat(head.arrival()).isEqualTo(gone.arrival());
          assertThat(head.bucket()).isEqualTo(gone.bucket());
          assertThat(head.cost()).isEqualTo(gone.cost());
          lanes.remove(head);
          model.remove(gone);
        }
      }
    }
  }

  @Test
  void heads_ofManyInOneLane_comeInOrder() {
    WaitingLanes lanes = new WaitingLanes(RoutingPolicy.named("edf", Levers.PLAIN));
    Random random = new Random(5);
    List<Long> due = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      long millis = random.nextInt(5_000);
      due.add(millis);
      lanes.add(BUCKETS.get(0), 1, i, START.plusMillis(millis), START);
    }
    due.sort(null);

    List<Long> found = new ArrayList<>();
    while (lanes.size() > 0) {
      Waiting head = lanes.heads(START).get(0).waiting().get(0);
      found.add(head.due().toEpochMilli() - START.toEpochMilli());
      lanes.remove(head);
    }

    assertThat(found).isEqualTo(due);
  }

  private static boolean isBefore(Row one, Row other, Comparator<Row> order, Instant now) {
    return one.lane(now).equals(other.lane(now)) && order.compare(one, other) < 0;
  }

  private static Row row(List<Row> model, Waiting head) {
    long number = Long.parseLong(head.id().value());
    return model.stream().filter(r -> r.number() == number).findFirst().orElseThrow();
  }

  private static Row row(Random random, Instant now, long number) {
    Bucket bucket = BUCKETS.get(random.nextInt(BUCKETS.size()));
    long target = bucket.promise().equals("low") ? 2_000 : 200;
    return new Row(bucket, 1 + random.nextInt(2), number, now.plusMillis(target), now);
  }
}
