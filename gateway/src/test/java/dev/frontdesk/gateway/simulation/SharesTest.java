// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.gateway.domain.routing.Levers;
import dev.frontdesk.gateway.domain.routing.PromiseClass;
import dev.frontdesk.gateway.domain.routing.PromiseTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Guaranteed shares, the hard bound, shifts, skills and the search for a staffing. */
class SharesTest {

  private static final List<String> PROMISES =
      List.of("phone", "chat", "wechat", "social-urgent", "email", "low");

  @Test
  void minShareAndHardBound_onRandomDays_areKept() {
    long passedOver = 0;
    for (long seed = 1; seed <= 12; seed++) {
      Random random = new Random(seed);
      String day = BuiltInTraces.NAMES.get(random.nextInt(5));
      Trace trace = BuiltInTraces.of(day, seed, 30, 1);
      Simulator simulator = new Simulator(levers(random, trace), Map.of());

      Outcome outcome =
          simulator.play(trace, Staff.alike(15 + random.nextInt(15)), "keep-promises");

      String as = "seed " + seed + " " + day + " " + outcome;
      outcome
          .turns()
          .forEach(
              (promise, turns) ->
                  assertThat(turns.share())
                      .as(promise + " " + as)
                      .isGreaterThanOrEqualTo(share(simulator, promise)));
      assertThat((double) outcome.boundDecisions())
          .as(as)
          .isLessThanOrEqualTo(0.1 * outcome.allDecisions() + PROMISES.size());
      assertThat(outcome.total().answered()).as(as).isEqualTo(outcome.total().arrivals());
      passedOver += outcome.passedOver();
    }
    assertThat(passedOver).isPositive();
  }

  private static double share(Simulator simulator, String promise) {
    return simulator.levers().promises().byName().get(promise).minShare();
  }

  private static Levers levers(Random random, Trace trace) {
    Map<String, PromiseClass> promises = new HashMap<>();
    for (Trace.Arrival arrival : trace.arrivals()) {
      Trace.Kind kind = arrival.kind();
      promises.computeIfAbsent(
          kind.promise(),
          name ->
              new PromiseClass(
                  Duration.ofMillis(kind.targetMillis()),
                  kind.weight(),
                  random.nextInt(3) == 0 ? 0 : random.nextInt(13) / 100.0));
    }
    return new Levers(
        0.1, Duration.ofMinutes(10L + random.nextInt(110)), new PromiseTable(promises));
  }

  @Test
  void minShare_isOfDecisionsThatCouldHaveBeenForIt() {
    Trace.Kind gold = new Trace.Kind("mail", "gold", 3_600_000, 1, Map.of("gold", 1));
    Trace.Kind chat = new Trace.Kind("chat", "chat", 60_000, 1, Map.of());
    List<Trace.Arrival> arrivals = new ArrayList<>();
    arrivals.add(new Trace.Arrival(0, 1_000, gold));
    for (int i = 0; i < 100; i++) {
      arrivals.add(new Trace.Arrival(1_000 + 1_000L * i, 900, chat));
    }
    PromiseClass tenth = new PromiseClass(Duration.ofHours(1), 1, 0.1);
    Levers levers =
        new Levers(0.1, Levers.NO_BOUND, new PromiseTable(Map.of("gold", tenth, "chat", tenth)));

    Outcome outcome =
        new Simulator(levers, Map.of())
            .play(new Trace("night", arrivals), Staff.alike(1), "keep-promises");

    assertThat(outcome.turns()).containsOnlyKeys("chat");
    assertThat(outcome.turns().get("chat").share()).isEqualTo(1);
  }

  @Test
  void agents_takeNothingAfterTheirShift_andFinishWhatTheyHold() {
    Trace.Kind kind = new Trace.Kind("hook", "p", 60_000, 1, Map.of());
    Trace trace =
        new Trace(
            "t",
            List.of(
                new Trace.Arrival(0, 100_000, kind),
                new Trace.Arrival(1_000, 1_000, kind),
                new Trace.Arrival(50_000, 1_000, kind)));
    Staff staff =
        new Staff(
            List.of(
                new Staff.Member("early", Map.of(), 1, 0, 10_000),
                new Staff.Member("late", Map.of(), 1, 61_000, 1_000_000)));

    Outcome outcome = Simulator.plain().play(trace, staff, "fifo");

    // at 61 s exactly at the deadline of the second, which is met; the third follows at 62 s
    assertThat(outcome.total().answered()).isEqualTo(3);
    assertThat(outcome.total().kept()).isEqualTo(3);
    assertThat(outcome.total().waits().max()).isEqualTo(60);
  }

  @Test
  void conversation_whoseSkillNobodyHas_isCountedAsNotAnswered() {
    Trace.Kind kind = new Trace.Kind("hook", "p", 60_000, 1, Map.of("rare", 2));
    Trace trace = new Trace("t", List.of(new Trace.Arrival(0, 1_000, kind)));
    Staff staff =
        new Staff(List.of(new Staff.Member("a", Map.of("rare", 1), 1, 0, Long.MAX_VALUE)));

    Outcome outcome = Simulator.plain().play(trace, staff, "keep-promises");

    assertThat(outcome.total().answered()).isZero();
    assertThat(outcome.total().keptShare()).isZero();
    assertThat(new StaffSearch(Simulator.plain()).fewest(trace, staff, "fifo", 0.5)).isEmpty();
  }

  @Test
  void costs_ofChannels_takeOfTheCapacity() {
    Trace.Kind call = new Trace.Kind("phone", "p", 60_000, 1, Map.of());
    Trace.Kind chat = new Trace.Kind("chat", "q", 60_000, 1, Map.of());
    Trace trace =
        new Trace(
            "t",
            List.of(
                new Trace.Arrival(0, 10_000, chat),
                new Trace.Arrival(0, 10_000, call),
                new Trace.Arrival(0, 10_000, chat)));
    Staff staff = new Staff(List.of(new Staff.Member("a", Map.of(), 2, 0, Long.MAX_VALUE)));

    Outcome outcome = new Simulator(Levers.PLAIN, Map.of("phone", 2)).play(trace, staff, "fifo");

    assertThat(outcome.promises().get("q").waits().max()).isZero();
    assertThat(outcome.promises().get("p").waits().max()).isEqualTo(10);
    assertThat(outcome.agentUse()).isEqualTo(1);
  }

  @Test
  void fewest_isEnough_andOneLessIsNot() {
    Trace trace = BuiltInTraces.named("busy");
    Staff staff = Staff.alike(1);
    Map<String, Integer> found = new LinkedHashMap<>();
    for (String policy : List.of("keep-promises", "fifo")) {
      int agents =
          new StaffSearch(Simulator.plain())
              .fewest(trace, staff, policy, 0.9)
              .orElseThrow()
              .agents();
      found.put(policy, agents);

      assertThat(kept(trace, staff.of(agents), policy)).isGreaterThanOrEqualTo(0.9);
      assertThat(kept(trace, staff.of(agents - 1), policy)).isLessThan(0.9);
    }
    assertThat(found.get("keep-promises")).isLessThan(found.get("fifo"));
  }

  private static double kept(Trace trace, Staff staff, String policy) {
    return Simulator.plain().play(trace, staff, policy).total().keptShare();
  }
}
