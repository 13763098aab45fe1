// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Bucket;
import dev.frontdesk.gateway.domain.Conversation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RoutingPassTest {

  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final RoutingPolicy POLICY =
      new KeepPromises(new Levers(0.1, Duration.ofHours(2), PromiseTable.EMPTY));

  private static AgentSeat seat(
      String id, Map<String, Integer> skills, List<String> languages, int load, int idle) {
    Agent agent = new Agent(new Agent.Id(id), List.of("q"), skills, languages, 4);
    return new AgentSeat(agent, 1, load, NOW.minusSeconds(idle));
  }

  private static Waiting waiting(Map<String, Integer> skills, String preferred, String language) {
    return new Waiting(
        new Conversation.Id("c"),
        new Bucket("q", "p", skills),
        false,
        NOW.plusSeconds(60),
        5,
        NOW,
        preferred == null ? null : new Agent.Id(preferred),
        language,
        1,
        Map.of());
  }

  private static String selected(Waiting waiting, AgentSeat... seats) {
    return SeatIndex.of(List.of(seats)).best(waiting, NOW).id().value();
  }

  @Test
  void selection_preferredAgent_beforeEverything() {
    assertThat(
            selected(
                waiting(Map.of("vip", 2), "last", "zh"),
                seat("expert", Map.of("vip", 9), List.of("zh"), 0, 3600),
                seat("last", Map.of("vip", 2), List.of("en"), 3, 0)))
        .isEqualTo("last");
  }

  @Test
  void selection_expert_beforeTheLongestIdle() {
    assertThat(
            selected(
                waiting(Map.of("vip", 2), null, null),
                seat("generalist", Map.of("vip", 2), List.of(), 0, 3600),
                seat("expert", Map.of("vip", 4), List.of(), 1, 0)))
        .isEqualTo("expert");
  }

  @Test
  void selection_language_beforeLoad_thenLoad_thenIdleness() {
    AgentSeat busy = seat("busy", Map.of(), List.of("zh-CN"), 3, 3600);
    AgentSeat free = seat("free", Map.of(), List.of("zh"), 1, 10);
    AgentSeat idle = seat("idle", Map.of(), List.of("zh"), 1, 20);
    AgentSeat foreign = seat("foreign", Map.of(), List.of("en"), 0, 9999);

    assertThat(selected(waiting(Map.of(), null, "zh"), foreign, busy)).isEqualTo("busy");
    assertThat(selected(waiting(Map.of(), null, "zh"), foreign, busy, free)).isEqualTo("free");
    assertThat(selected(waiting(Map.of(), null, "zh"), busy, free, idle)).isEqualTo("idle");
    assertThat(selected(waiting(Map.of(), null, null), foreign, idle)).isEqualTo("foreign");
  }

  @Test
  void plans_neverDoubleOverfillOrIgnore_andLeaveNothingThatSomebodyMayServe() {
    for (long seed = 0; seed < 500; seed++) {
      Walk walk = new Walk(new Random(seed));

      RoutingPass.Plan plan =
          RoutingPass.plan(
              POLICY,
              DecisionMemory.EMPTY,
              walk.lanes,
              SeatIndex.of(walk.seats),
              walk.skipped,
              NOW,
              1000);

      walk.check(plan, "seed " + seed);
    }
  }

  @Test
  void plan_withAMost_stopsThere() {
    for (long seed = 0; seed < 50; seed++) {
      Walk walk = new Walk(new Random(seed));
      List<RoutingPass.Decision> all = decisions(walk, 1000);

      List<RoutingPass.Decision> two = decisions(walk, 2);

      assertThat(two).as("seed " + seed).isEqualTo(all.subList(0, Math.min(2, all.size())));
    }
  }

  private static final Bucket ANY = new Bucket("q", "p", Map.of());

  private static Waiting costing(String id, int cost, int dueSeconds) {
    return new Waiting(
        new Conversation.Id(id),
        ANY,
        false,
        NOW.plusSeconds(dueSeconds),
        5,
        NOW.minusSeconds(1000 - dueSeconds),
        null,
        null,
        cost,
        Map.of());
  }

  private static RoutingPass.Plan plan(SeatIndex seats, Waiting... waiting) {
    return RoutingPass.plan(
        POLICY,
        DecisionMemory.EMPTY,
        List.of(new RoutingPass.Lane(List.of(waiting))),
        seats,
        Set.of(),
        NOW,
        100);
  }

  private static List<String> ids(RoutingPass.Plan plan) {
    return plan.decisions().stream().map(d -> d.waiting().id() + " " + d.seat().id()).toList();
  }

  @Test
  void room_isKeptForTheOldestThatCostsMoreThanIsLeft_atTheAgentWhoHasMost() {
    SeatIndex seats =
        SeatIndex.of(
            List.of(seat("a", Map.of(), List.of(), 3, 0), seat("b", Map.of(), List.of(), 2, 0)));

    RoutingPass.Plan plan =
        plan(seats, costing("call", 4, 1), costing("x", 1, 2), costing("y", 1, 3));

    assertThat(plan.keeper()).isEqualTo(new Agent.Id("b"));
    assertThat(ids(plan)).containsExactly("x a");
    assertThat(plan.starved()).isTrue();
    assertThat(seats.room()).as("given back").isEqualTo(2);
    assertThat(ids(plan(seats, costing("y", 1, 3)))).containsExactly("y b");
  }

  @Test
  void room_isNotKeptForWhatNobodyCouldHold_norFromWhoAsksForTheNext() {
    AgentSeat seat = seat("a", Map.of(), List.of(), 2, 0);
    Waiting chat = costing("chat", 1, 2);

    assertThat(ids(plan(SeatIndex.of(List.of(seat)), costing("call", 5, 1), chat)))
        .containsExactly("chat a");
    RoutingPass.Plan taken =
        RoutingPass.take(
            POLICY,
            DecisionMemory.EMPTY,
            List.of(new RoutingPass.Lane(List.of(costing("call", 4, 1), chat))),
            SeatIndex.of(List.of(seat)),
            Set.of(),
            NOW);
    assertThat(ids(taken)).containsExactly("chat a");
  }

  @Test
  void room_isKeptFromHalfOfThePromisedTimeOn() {
    AgentSeat seat = seat("a", Map.of(), List.of(), 2, 0);

    assertThat(
            ids(plan(SeatIndex.of(List.of(seat)), costing("call", 4, 501), costing("x", 1, 600))))
        .containsExactly("x a");
    assertThat(
            ids(plan(SeatIndex.of(List.of(seat)), costing("call", 4, 500), costing("x", 1, 600))))
        .isEmpty();
  }

  @Test
  void starved_whereTheWholeLaneWasSeen_isNobody() {
    RoutingPass.Plan plan =
        RoutingPass.plan(
            POLICY,
            DecisionMemory.EMPTY,
            List.of(new RoutingPass.Lane(List.of(costing("call", 5, 1)), false)),
            SeatIndex.of(List.of(seat("a", Map.of(), List.of(), 2, 0))),
            Set.of(),
            NOW,
            100);

    assertThat(plan.starved()).isFalse();
    assertThat(plan.decisions()).isEmpty();
  }

  private static List<RoutingPass.Decision> decisions(Walk walk, int most) {
    return RoutingPass.plan(
            POLICY, DecisionMemory.EMPTY, walk.lanes, SeatIndex.of(walk.seats), Set.of(), NOW, most)
        .decisions();
  }

  /** A random reading and what must hold of any plan for it. */
  private static final class Walk {
    final List<AgentSeat> seats = new ArrayList<>();
    final List<RoutingPass.Lane> lanes = new ArrayList<>();
    final Set<Conversation.Id> skipped = new HashSet<>();

    Walk(Random random) {
      for (int i = 0; i < 1 + random.nextInt(6); i++) {
        Map<String, Integer> skills =
            random.nextBoolean() ? Map.of() : Map.of("s", 1 + random.nextInt(3));
        List<String> queues = random.nextBoolean() ? List.of("q0") : List.of("q0", "q1");
        int capacity = 1 + random.nextInt(5);
        Agent agent = new Agent(new Agent.Id("a" + i), queues, skills, List.of(), capacity);
        seats.add(new AgentSeat(agent, 1, random.nextInt(capacity + 1), NOW));
      }
      int number = 0;
      for (int b = 0; b < 1 + random.nextInt(6); b++) {
        Map<String, Integer> skills =
            random.nextBoolean() ? Map.of() : Map.of("s", 1 + random.nextInt(3));
        Bucket bucket = new Bucket("q" + random.nextInt(2), "p" + b, skills);
        List<Waiting> lane = new ArrayList<>();
        boolean late = random.nextBoolean();
        for (int i = 0; i < random.nextInt(6); i++) {
          Map<Agent.Id, Instant> declined = new HashMap<>();
          if (random.nextInt(3) == 0) {
            declined.put(new Agent.Id("a" + random.nextInt(6)), NOW.plusSeconds(random.nextInt(3)));
          }
          Conversation.Id id = new Conversation.Id("c" + number++);
          lane.add(
              new Waiting(
                  id,
                  bucket,
                  late,
                  NOW.plusSeconds((late ? -1000 : 1000) + random.nextInt(500)),
                  5,
                  NOW.minusSeconds(random.nextInt(20_000)),
                  null,
                  null,
                  1 + random.nextInt(2),
                  declined));
          if (random.nextInt(10) == 0) {
            skipped.add(id);
          }
        }
        lane.sort(Comparator.comparing(Waiting::due));
        lanes.add(new RoutingPass.Lane(lane));
      }
    }

    void check(RoutingPass.Plan plan, String seed) {
      Map<Agent.Id, Integer> load = new HashMap<>();
      seats.forEach(s -> load.put(s.id(), s.load()));
      Set<Conversation.Id> done = new HashSet<>(skipped);
      for (RoutingPass.Decision decision : plan.decisions()) {
        Waiting waiting = decision.waiting();
        assertThat(done.add(waiting.id())).as(seed + " twice or skipped").isTrue();
        assertThat(may(decision.seat(), waiting)).as(seed + " may serve").isTrue();
        assertThat(decision.candidates()).as(seed).isNotEmpty().hasSizeLessThanOrEqualTo(8);
        load.merge(decision.seat().id(), waiting.cost(), Integer::sum);
      }
      for (AgentSeat seat : seats) {
        assertThat(load.get(seat.id()))
            .as(seed)
            .isLessThanOrEqualTo(Math.max(seat.load(), seat.agent().capacity()));
        for (RoutingPass.Lane lane : lanes) {
          for (Waiting left : lane.waiting()) {
            boolean room = load.get(seat.id()) + left.cost() <= seat.agent().capacity();
            boolean keeps = seat.id().equals(plan.keeper());
            assertThat(!done.contains(left.id()) && room && !keeps && may(seat, left))
                .as(seed + " left behind " + left.id() + " for " + seat.id())
                .isFalse();
          }
        }
      }
    }

    private static boolean may(AgentSeat seat, Waiting waiting) {
      return waiting.bucket().admits(seat.agent()) && !waiting.isDeclinedBy(seat.id(), NOW);
    }
  }
}
