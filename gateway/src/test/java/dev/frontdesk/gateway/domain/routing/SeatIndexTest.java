// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Bucket;
import dev.frontdesk.gateway.domain.Conversation;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SeatIndexTest {

  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final List<String> LANGUAGES = List.of("zh", "en", "de");

  @Test
  void best_isWhoANaiveModelSelects_whateverChangedBefore() {
    for (long seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      SeatIndex index = new SeatIndex();
      Map<Agent.Id, AgentSeat> model = new HashMap<>();
      for (int step = 0; step < 60; step++) {
        change(random, index, model);
        Waiting waiting = waiting(random);

        AgentSeat best = index.best(waiting, NOW);

        AgentSeat expected =
            model.values().stream()
                .filter(s -> mayServe(s, waiting))
                .min(order(waiting))
                .orElse(null);
        assertThat(best).as("seed " + seed + " step " + step).isEqualTo(expected);
        assertThat(index.room())
            .as("seed " + seed + " room")
            .isEqualTo(
                model.values().stream()
                    .mapToInt(s -> Math.max(0, s.agent().capacity() - s.load()))
                    .sum());
        assertThat(index.admits(waiting.bucket()))
            .as("seed " + seed + " admits")
            .isEqualTo(
                model.values().stream()
                    .anyMatch(s -> s.hasRoomFor(1) && waiting.bucket().admits(s.agent())));
        List<String> names = index.candidates(waiting, NOW, 3);
        assertThat(names)
            .as("seed " + seed + " candidates")
            .doesNotHaveDuplicates()
            .hasSize(
                (int)
                    Math.min(3, model.values().stream().filter(s -> mayServe(s, waiting)).count()))
            .allMatch(name -> mayServe(model.get(new Agent.Id(name)), waiting));
      }
    }
  }

  private static void change(Random random, SeatIndex index, Map<Agent.Id, AgentSeat> model) {
    Agent.Id id = new Agent.Id("a" + random.nextInt(12));
    AgentSeat known = model.get(id);
    if (known != null && random.nextInt(4) == 0) {
      index.remove(id);
      model.remove(id);
      return;
    }
    Agent agent =
        known != null
            ? known.agent()
            : new Agent(
                id,
                List.of("q" + random.nextInt(2)),
                random.nextBoolean() ? Map.of() : Map.of("s", 1 + random.nextInt(2)),
                random.nextBoolean() ? List.of() : List.of(LANGUAGES.get(random.nextInt(3))),
                1 + random.nextInt(3));
    AgentSeat seat =
        new AgentSeat(
            agent, 1, random.nextInt(agent.capacity() + 2), NOW.minusSeconds(random.nextInt(4)));
    index.put(seat);
    model.put(id, seat);
  }

  private static Waiting waiting(Random random) {
    Map<Agent.Id, Instant> declined = new HashMap<>();
    for (int i = 0; i < random.nextInt(4); i++) {
      declined.put(new Agent.Id("a" + random.nextInt(12)), NOW.plusSeconds(random.nextInt(3) - 1L));
    }
    return new Waiting(
        new Conversation.Id("c"),
        new Bucket("q" + random.nextInt(2), "p", random.nextBoolean() ? Map.of() : Map.of("s", 1)),
        false,
        NOW.plusSeconds(60),
        5,
        NOW,
        random.nextBoolean() ? null : new Agent.Id("a" + random.nextInt(12)),
        random.nextBoolean() ? null : LANGUAGES.get(random.nextInt(3)) + "-XX",
        1 + random.nextInt(2),
        declined);
  }

  private static Comparator<AgentSeat> order(Waiting waiting) {
    Comparator<Agent> match = AgentSelection.byMatch(waiting.bucket().skills().keySet());
    return AgentSelection.order(waiting, match, false);
  }

  private static boolean mayServe(AgentSeat seat, Waiting waiting) {
    return waiting.bucket().admits(seat.agent())
        && seat.hasRoomFor(waiting.cost())
        && !waiting.isDeclinedBy(seat.id(), NOW);
  }
}
