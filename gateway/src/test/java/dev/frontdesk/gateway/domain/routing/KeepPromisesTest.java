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
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class KeepPromisesTest {

  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private final KeepPromises policy =
      new KeepPromises(new Levers(0.1, Duration.ofHours(2), PromiseTable.EMPTY));

  /** One decision per second about candidates whose deadlines move along. */
  private static List<RoutingPolicy.Choice> decisions(
      RoutingPolicy policy, int count, Function<Instant, List<Waiting>> candidates) {
    List<RoutingPolicy.Choice> choices = new ArrayList<>();
    DecisionMemory memory = DecisionMemory.EMPTY;
    for (int i = 0; i < count; i++) {
      Instant now = NOW.plusSeconds(i);
      RoutingPolicy.Choice choice = policy.choose(candidates.apply(now), memory, now);
      choices.add(choice);
      memory = choice.memory();
    }
    return choices;
  }

  private static Waiting waiting(Instant now, String id, String promise, int dueIn, int age) {
    return new Waiting(
        new Conversation.Id(id),
        new Bucket("q", promise, Map.of()),
        dueIn < 0,
        now.plusSeconds(dueIn),
        5,
        now.minusSeconds(age),
        null,
        null,
        1,
        Map.of());
  }

  private static Waiting waiting(String id, String queue, int dueIn, int priority, int age) {
    return new Waiting(
        new Conversation.Id(id),
        new Bucket(queue, "p", Map.of()),
        dueIn < 0,
        NOW.plusSeconds(dueIn),
        priority,
        NOW.minusSeconds(age),
        null,
        null,
        1,
        Map.of());
  }

  private List<RoutingPolicy.Choice> decisions(int count, Waiting... candidates) {
    List<RoutingPolicy.Choice> choices = new ArrayList<>();
    DecisionMemory memory = DecisionMemory.EMPTY;
    for (int i = 0; i < count; i++) {
      RoutingPolicy.Choice choice = policy.choose(List.of(candidates), memory, NOW);
      choices.add(choice);
      memory = choice.memory();
    }
    return choices;
  }

  private static long picked(List<RoutingPolicy.Choice> choices, String id) {
    return choices.stream().filter(c -> c.picked().id().value().equals(id)).count();
  }

  @Test
  void onTime_earliestDeadlineFirst_priorityBreaksTies() {
    Waiting soon = waiting("soon", "q", 60, 9, 10);
    Waiting important = waiting("important", "q", 60, 1, 5);
    Waiting later = waiting("later", "q", 61, 1, 1000);

    assertThat(decisions(1, later, soon, important).get(0).picked()).isEqualTo(important);
  }

  @Test
  void lateLane_besidePressedOnes_getsItsShareByCounting() {
    List<RoutingPolicy.Choice> choices =
        decisions(
            policy,
            1000,
            now -> List.of(waiting(now, "ok", "p", 1, 1), waiting(now, "late", "p", -60, 100)));

    assertThat(picked(choices, "late")).isBetween(100L - KeepPromises.PATIENCE, 100L);
  }

  @Test
  void lateLane_besideOnesWithAFewDecisionsLeft_getsExactlyItsShare() {
    List<RoutingPolicy.Choice> choices =
        decisions(
            policy,
            1000,
            now -> List.of(waiting(now, "ok", "p", 40, 1), waiting(now, "late", "p", -60, 100)));

    assertThat(picked(choices, "late")).isEqualTo(100);
    assertThat(choices.get(9).rule()).isEqualTo("keep-promises/late");
  }

  @Test
  void lateLane_besideOnesWithAmpleTime_goesFirst() {
    List<RoutingPolicy.Choice> choices =
        decisions(
            policy,
            100,
            now -> List.of(waiting(now, "ok", "p", 9000, 1), waiting(now, "late", "p", -60, 100)));

    assertThat(picked(choices, "late")).isEqualTo(100);
  }

  @Test
  void weight_bringsTheDeadlineForward_byDecisions() {
    PromiseTable table =
        new PromiseTable(
            Map.of(
                "gold", new PromiseClass(Duration.ofMinutes(5), Math.E, 0),
                "plain", new PromiseClass(Duration.ofMinutes(5), 1, 0)));
    RoutingPolicy weighing = new KeepPromises(new Levers(0.1, Levers.NO_BOUND, table));

    // ten seconds between decisions are assumed at first, so gold counts as due 120 s earlier
    for (int dueIn : new int[] {60, 179}) {
      assertThat(
              decisions(
                      weighing,
                      1,
                      now ->
                          List.of(
                              waiting(now, "p", "plain", 60, 1),
                              waiting(now, "g", "gold", dueIn, 1)))
                  .get(0)
                  .picked()
                  .id()
                  .value())
          .isEqualTo("g");
    }
    assertThat(
            decisions(
                    weighing,
                    1,
                    now ->
                        List.of(
                            waiting(now, "p", "plain", 60, 1), waiting(now, "g", "gold", 181, 1)))
                .get(0)
                .picked()
                .id()
                .value())
        .isEqualTo("p");
  }

  @Test
  void minShare_isKept_howeverPressedTheOthersAre() {
    PromiseTable table =
        new PromiseTable(
            Map.of(
                "urgent", new PromiseClass(Duration.ofMinutes(1), 9, 0),
                "normal", new PromiseClass(Duration.ofHours(4), 1, 0.2),
                "low", new PromiseClass(Duration.ofHours(24), 1, 0.05)));
    RoutingPolicy guaranteeing = new KeepPromises(new Levers(0.1, Levers.NO_BOUND, table));

    List<RoutingPolicy.Choice> choices =
        decisions(
            guaranteeing,
            1000,
            now ->
                List.of(
                    waiting(now, "u", "urgent", 1, 59),
                    waiting(now, "n", "normal", 9000, 60),
                    waiting(now, "l", "low", 80_000, 60)));

    assertThat(picked(choices, "n")).isBetween(200L, 202L);
    assertThat(picked(choices, "l")).isBetween(50L, 52L);
    assertThat(choices.get(0).rule()).isEqualTo("keep-promises/least-share");
  }

  @Test
  void oneLane_withWork_getsEverything() {
    assertThat(picked(decisions(50, waiting("late", "q", -60, 5, 100)), "late")).isEqualTo(50);
    assertThat(picked(decisions(50, waiting("ok", "q", 60, 5, 100)), "ok")).isEqualTo(50);
  }

  @Test
  void deadline_exactlyNow_isOnTime() {
    assertThat(decisions(1, waiting("now", "q", 0, 5, 1)).get(0).rule())
        .isEqualTo("keep-promises/on-time");
  }

  @Test
  void share_whenGroupsOfAgentsAlternate_reachesEachGroup() {
    int[] late = new int[2];
    DecisionMemory memory = DecisionMemory.EMPTY;
    for (int i = 0; i < 1000; i++) {
      String queue = "q" + i % 2;
      Instant now = NOW.plusSeconds(i);
      RoutingPolicy.Choice choice =
          policy.choose(
              List.of(waiting("ok", queue, 40 + i, 5, 1), waiting("late", queue, -60, 5, 100)),
              memory,
              now);
      memory = choice.memory();
      late[i % 2] += choice.picked().id().value().equals("late") ? 1 : 0;
    }

    assertThat(late).containsExactly(50, 50);
  }

  @Test
  void pastTheHardBound_oldestIsNext_forATenthOfDecisions_theRestIsCounted() {
    List<RoutingPolicy.Choice> choices =
        decisions(1000, waiting("ok", "q", 60, 5, 1), waiting("old", "q", 80_000, 5, 3 * 3600));

    assertThat(choices.get(0).picked().id().value()).isEqualTo("old");
    assertThat(choices.get(0).rule()).isEqualTo("keep-promises/hard-bound");
    assertThat(picked(choices, "old")).isEqualTo(100);
    assertThat(choices.get(999).memory().passedOver()).isEqualTo(900);
  }

  @Test
  void pastTheHardBound_andLate_thatIsTheLateLanesDecision() {
    List<RoutingPolicy.Choice> choices =
        decisions(1000, waiting("ok", "q", 0, 5, 1), waiting("old", "q", -60, 5, 3 * 3600));

    assertThat(picked(choices, "old")).as("a tenth for both, not each").isBetween(95L, 105L);
  }

  @Test
  void starvedLow_underEndlessUrgent_risesAtItsDeadline() {
    DecisionMemory memory = DecisionMemory.EMPTY;
    Instant low = NOW.plus(Duration.ofMinutes(60));
    int servedAt = -1;
    for (int minute = 0; minute < 120 && servedAt < 0; minute++) {
      Instant now = NOW.plus(Duration.ofMinutes(minute));
      Waiting urgent =
          new Waiting(
              new Conversation.Id("u" + minute),
              new Bucket("q", "urgent", Map.of()),
              false,
              now.plusSeconds(60),
              1,
              now,
              null,
              null,
              1,
              Map.of());
      Waiting patient =
          new Waiting(
              new Conversation.Id("low"),
              new Bucket("q", "low", Map.of()),
              false,
              low,
              9,
              NOW,
              null,
              null,
              1,
              Map.of());
      RoutingPolicy.Choice choice = policy.choose(List.of(urgent, patient), memory, now);
      memory = choice.memory();
      servedAt = choice.picked().equals(patient) ? minute : -1;
    }

    assertThat(servedAt).isBetween(59, 60);
  }

  @Test
  void score_ordersALaneAsDecisionsDo() {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      List<Waiting> lane = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        lane.add(
            waiting("c" + i, "q", random.nextInt(5), 1 + random.nextInt(9), random.nextInt(5)));
      }
      Waiting first =
          lane.stream()
              .min(
                  Comparator.comparingDouble(w -> policy.score(w.due(), w.priority(), w.arrival())))
              .orElseThrow();

      Waiting picked = policy.choose(lane, DecisionMemory.EMPTY, NOW).picked();

      assertThat(picked.due()).as("seed " + seed).isEqualTo(first.due());
      assertThat(picked.priority()).as("seed " + seed).isEqualTo(first.priority());
    }
  }

  @Test
  void fifo_looksAtArrivalOnly() {
    RoutingPolicy.Choice choice =
        new Fifo()
            .choose(
                List.of(waiting("late", "q", -60, 1, 10), waiting("first", "q", 6000, 9, 11)),
                DecisionMemory.EMPTY,
                NOW);

    assertThat(choice.picked().id().value()).isEqualTo("first");
    assertThat(choice.rule()).isEqualTo("fifo");
  }

  /**
   * The bound of scenario 15, between promises of equal weight: whoever can still be kept is never
   * passed over for somebody with more slack. What is late already waits in its lane by design:
   * served first it would make everybody late, and {@code edf} is there for who wants that.
   */
  @Test
  void scenario15_whoCanStillBeKept_isNeverPassedOverForMoreSlack() {
    for (long seed = 1; seed <= 200; seed++) {
      Random random = new Random(seed);
      KeepPromises slackOnly =
          new KeepPromises(new Levers(0.1, Duration.ofDays(365), PromiseTable.EMPTY));
      DecisionMemory memory = DecisionMemory.EMPTY;
      for (int step = 0; step < 50; step++) {
        Instant now = NOW.plusSeconds(step);
        List<Waiting> candidates = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(6); i++) {
          String promise = "p" + random.nextInt(3);
          int dueIn = random.nextInt(200_000) - (random.nextInt(3) == 0 ? 200_000 : 0);
          candidates.add(waiting(now, "c" + i, promise, dueIn, random.nextInt(90_000)));
        }

        RoutingPolicy.Choice choice = slackOnly.choose(candidates, memory, now);

        memory = choice.memory();
        for (Waiting other : candidates) {
          assertThat(other.isLate(now) || !other.due().isBefore(choice.picked().due()))
              .as("seed %d step %d: %s before %s", seed, step, choice.picked(), other)
              .isTrue();
        }
      }
    }
  }
}
