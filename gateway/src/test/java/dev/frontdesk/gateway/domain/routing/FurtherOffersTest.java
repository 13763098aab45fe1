// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Bucket;
import dev.frontdesk.gateway.domain.Conversation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FurtherOffersTest {
  private static final Instant NOW = Instant.parse("2026-11-21T03:04:05Z");
  private static final Bucket BUCKET = new Bucket("support", "normal", Map.of());

  private static AgentSeat seat(String id, int capacity) {
    Agent agent = new Agent(new Agent.Id(id), List.of("support"), Map.of(), List.of(), capacity);
    return new AgentSeat(agent, 1, 0, NOW);
  }

  private static Waiting waiting(String id, int cost, Map<Agent.Id, Instant> declined) {
    return new Waiting(
        new Conversation.Id(id),
        BUCKET,
        false,
        NOW.plusSeconds(60),
        5,
        NOW,
        null,
        null,
        cost,
        declined);
  }

  private static RoutingPass.Plan first(List<Waiting> waiting, SeatIndex seats) {
    return RoutingPass.plan(
        RoutingPolicy.named("edf", new Levers(0, Duration.ofHours(2), new PromiseTable(Map.of()))),
        DecisionMemory.EMPTY,
        List.of(new RoutingPass.Lane(waiting)),
        seats,
        Set.of(),
        NOW,
        100);
  }

  @Test
  void one_isEnoughUnlessConfigured() {
    SeatIndex seats = SeatIndex.of(List.of(seat("a", 4), seat("b", 4)));
    RoutingPass.Plan first = first(List.of(waiting("c1", 1, Map.of())), seats);

    assertThat(FurtherOffers.of(first, seats, 1, 100, NOW)).isEmpty();
    assertThat(seats.room()).isEqualTo(7);
  }

  @Test
  void everyConversationHasItsFirstOffer_beforeAnyHasASecond() {
    SeatIndex seats = SeatIndex.of(List.of(seat("a", 1), seat("b", 1), seat("c", 1)));
    RoutingPass.Plan first =
        first(List.of(waiting("c1", 1, Map.of()), waiting("c2", 1, Map.of())), seats);

    List<RoutingPass.Decision> further = FurtherOffers.of(first, seats, 3, 100, NOW);

    assertThat(first.decisions()).hasSize(2);
    assertThat(further).hasSize(1);
    assertThat(further.get(0).waiting().id().value()).isEqualTo("c1");
  }

  /** Against what may be asked of any choice: nobody twice, nobody who declined, room for all. */
  @Test
  void randomDesks_keepTheRules() {
    int further = 0;
    for (long seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      List<AgentSeat> all = new ArrayList<>();
      for (int i = 0; i <= random.nextInt(8); i++) {
        all.add(seat("a" + i, 1 + random.nextInt(4)));
      }
      List<Waiting> waiting = new ArrayList<>();
      for (int i = 0; i <= random.nextInt(6); i++) {
        Map<Agent.Id, Instant> declined = new HashMap<>();
        if (random.nextBoolean()) {
          declined.put(new Agent.Id("a" + random.nextInt(8)), NOW.plusSeconds(9));
        }
        waiting.add(waiting("c" + i, 1 + random.nextInt(2), declined));
      }
      int offerTo = 1 + random.nextInt(5);
      int most = random.nextInt(10);
      SeatIndex seats = SeatIndex.of(all);
      RoutingPass.Plan first = first(waiting, seats);
      List<RoutingPass.Decision> decisions = new ArrayList<>(first.decisions());

      List<RoutingPass.Decision> more = FurtherOffers.of(first, seats, offerTo, most, NOW);

      assertThat(more).as("seed %s", seed).noneMatch(d -> d.seat().id().equals(first.keeper()));

      assertThat(more).as("seed %s", seed).hasSizeLessThanOrEqualTo(most);
      further += more.size();
      decisions.addAll(more);
      check(seed, all, waiting, decisions, offerTo);
    }
    assertThat(further).isGreaterThan(1_000);
  }

  private static void check(
      long seed,
      List<AgentSeat> all,
      List<Waiting> waiting,
      List<RoutingPass.Decision> decisions,
      int offerTo) {
    Map<Agent.Id, Integer> load = new HashMap<>();
    Map<Conversation.Id, Set<Agent.Id>> offered = new HashMap<>();
    for (RoutingPass.Decision decision : decisions) {
      Agent.Id agent = decision.seat().id();
      load.merge(agent, decision.waiting().cost(), Integer::sum);
      assertThat(offered.computeIfAbsent(decision.waiting().id(), id -> new HashSet<>()).add(agent))
          .as("seed %s: twice to %s", seed, agent)
          .isTrue();
    }
    for (AgentSeat seat : all) {
      assertThat(load.getOrDefault(seat.id(), 0))
          .as("seed %s", seed)
          .isLessThanOrEqualTo(seat.agent().capacity());
    }
    for (Waiting one : waiting) {
      assertThat(offered.getOrDefault(one.id(), Set.of()))
          .as("seed %s", seed)
          .hasSizeLessThanOrEqualTo(offerTo)
          .noneMatch(one.declined()::containsKey);
    }
  }
}
