// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.gateway.domain.Bucket;
import dev.frontdesk.gateway.domain.Conversation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Policies that look at heads of lanes, against naive models that look at everything. */
class PoliciesTest {

  private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");
  private static final List<Integer> TARGETS = List.of(30, 60, 300, 300, 3600);
  private static final PromiseTable ALIKE = table(1);

  private static PromiseTable table(double weight) {
    Map<String, PromiseClass> promises = new TreeMap<>();
    for (int i = 0; i < TARGETS.size(); i++) {
      promises.put("p" + i, new PromiseClass(Duration.ofSeconds(TARGETS.get(i)), weight, 0));
    }
    return new PromiseTable(promises);
  }

  private static Waiting waiting(int number, int promise, int priority, Instant arrival) {
    return new Waiting(
        new Conversation.Id("c" + (1000 + number)),
        new Bucket("q", "p" + promise, Map.of()),
        false,
        arrival.plusSeconds(TARGETS.get(promise)),
        priority,
        arrival,
        null,
        null,
        1,
        Map.of());
  }

  /** The head of each lane, as the store would give it: lowest score first. */
  private static List<Waiting> heads(RoutingPolicy policy, List<Waiting> all, Instant now) {
    Comparator<Waiting> byScore =
        Comparator.comparingDouble((Waiting w) -> policy.score(w.due(), w.priority(), w.arrival()))
            .thenComparing(w -> w.id().value());
    Map<String, Waiting> heads = new TreeMap<>();
    for (Waiting one : all) {
      heads.merge(
          one.bucket().id() + one.isLate(now), one, (a, b) -> byScore.compare(b, a) < 0 ? b : a);
    }
    return List.copyOf(heads.values());
  }

  @ParameterizedTest
  @ValueSource(strings = {"edf", "strict", "ageing", "fifo"})
  void head_ofTheLanes_isTheFirstOfAll_byTheNaiveOrder(String name) {
    RoutingPolicy policy = RoutingPolicy.named(name, new Levers(0.1, Levers.NO_BOUND, ALIKE));
    for (long seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      List<Waiting> all = new ArrayList<>();
      for (int i = 0; i < 1 + random.nextInt(40); i++) {
        Instant arrival = START.minusMillis(random.nextInt(4_000_000));
        all.add(waiting(i, random.nextInt(5), 1 + random.nextInt(9), arrival));
      }

      Waiting picked =
          policy.choose(heads(policy, all, START), DecisionMemory.EMPTY, START).picked();

      Waiting first = all.stream().min(naive(name)).orElseThrow();
      assertThat(naive(name).compare(picked, first)).as(name + " seed " + seed).isZero();
    }
  }

  private static Comparator<Waiting> naive(String name) {
    return switch (name) {
      case "edf" -> Comparator.comparing(Waiting::due).thenComparing(Waiting::priority);
      case "strict" ->
          Comparator.comparing(Waiting::priority)
              .thenComparing(w -> target(w))
              .thenComparing(Waiting::arrival);
      case "ageing" ->
          Comparator.comparingDouble(
              w ->
                  -Duration.between(w.arrival(), START).toMillis() / (double) target(w).toMillis());
      default -> Comparator.comparing(Waiting::arrival);
    };
  }

  private static Duration target(Waiting waiting) {
    return Duration.between(waiting.arrival(), waiting.due());
  }

  /**
   * Scenario 15: endless urgent traffic, and whoever is on time loses its promise only to decisions
   * for somebody with no more slack. Promises of equal weight; no hard bound.
   */
  @Test
  void waiting_thatMissesItsPromise_wasNeverPassedOverForMoreSlack() {
    RoutingPolicy policy = new KeepPromises(new Levers(0.1, Levers.NO_BOUND, ALIKE));
    long missed = 0;
    for (long seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      DecisionMemory memory = DecisionMemory.EMPTY;
      List<Waiting> all = new ArrayList<>();
      Instant now = START;
      for (int i = 0; i < 400; i++) {
        now = now.plusMillis(random.nextInt(4000));
        for (int j = random.nextInt(i < 200 ? 9 : 2); j > 0; j--) {
          all.add(waiting(all.size() + 10 * i, random.nextInt(5), 5, now));
        }
        if (all.isEmpty()) {
          continue;
        }
        RoutingPolicy.Choice choice = policy.choose(heads(policy, all, now), memory, now);
        memory = choice.memory();
        all.remove(choice.picked());
        Instant due = choice.picked().due();
        Instant at = now;
        missed += all.stream().filter(w -> w.isLate(at)).count();
        assertThat(all)
            .as("seed " + seed + " step " + i + " " + choice)
            .noneMatch(w -> !w.isLate(at) && w.due().isBefore(due));
      }
    }
    assertThat(missed).isPositive();
  }

  /** A low promise is served before its deadline, whatever comes; strict leaves it for ever. */
  @Test
  void low_underEndlessUrgent_isKept_andStarvesUnderStrict() {
    for (String name : List.of("keep-promises", "edf", "ageing", "strict")) {
      RoutingPolicy policy = RoutingPolicy.named(name, new Levers(0.1, Levers.NO_BOUND, ALIKE));
      DecisionMemory memory = DecisionMemory.EMPTY;
      Waiting low = waiting(0, 4, 5, START);
      Instant served = Instant.MAX;
      for (int second = 0; second <= 4000 && served.equals(Instant.MAX); second += 10) {
        Instant now = START.plusSeconds(second);
        RoutingPolicy.Choice choice =
            policy.choose(List.of(waiting(1 + second, 0, 1, now), low), memory, now);
        memory = choice.memory();
        served = choice.picked().equals(low) ? now : served;
      }
      if (name.equals("strict")) {
        assertThat(served).isEqualTo(Instant.MAX);
      } else if (!name.equals("ageing")) {
        assertThat(served).as(name).isBeforeOrEqualTo(low.due());
      }
    }
  }
}
