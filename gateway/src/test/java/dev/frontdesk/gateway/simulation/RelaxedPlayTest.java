// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.gateway.domain.Steps;
import dev.frontdesk.gateway.domain.routing.Access;
import dev.frontdesk.gateway.domain.routing.Levers;
import dev.frontdesk.gateway.domain.routing.PromiseTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The simulator keeps conversations for the same people, as long as the server does. */
class RelaxedPlayTest {

  private static final long HOUR = 3_600_000;
  private static final Trace.Kind URGENT = new Trace.Kind("chat", "urgent", 60_000, 1, Map.of());
  private static final Trace.Kind LOW = new Trace.Kind("mail", "low", 24 * HOUR, 1, Map.of());

  private static Outcome play(Simulator.Terms terms, List<Staff.Member> staff, Trace trace) {
    return new Simulator(Levers.PLAIN, Map.of(), terms).play(trace, new Staff(staff), "fifo");
  }

  private static Staff.Member member(String id, int refunds, int capacity) {
    Map<String, Integer> skills = refunds == 0 ? Map.of() : Map.of("refunds", refunds);
    return new Staff.Member(id, skills, capacity, 0, Long.MAX_VALUE);
  }

  private static Trace atOnce(int count) {
    List<Trace.Arrival> arrivals = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      arrivals.add(new Trace.Arrival(0, 10 * HOUR, URGENT));
    }
    return new Trace("at once", arrivals);
  }

  @Test
  void scenario15_lowIsNotStarved_byEndlessUrgentTraffic_exceptWhereStrictIsAskedFor() {
    List<Trace.Arrival> arrivals = new ArrayList<>();
    arrivals.add(new Trace.Arrival(1, 10_000, LOW));
    for (long at = 0; at < 30 * HOUR; at += 10_000) {
      arrivals.add(new Trace.Arrival(at, 10_500, URGENT));
    }
    Trace trace = new Trace("endless", arrivals);
    Levers asShipped = new Levers(0.1, Duration.ofHours(2), PromiseTable.EMPTY);
    Simulator simulator = new Simulator(asShipped, Map.of());

    Figures kept = simulator.play(trace, Staff.alike(1), "keep-promises").promises().get("low");
    Figures strict = simulator.play(trace, Staff.alike(1), "strict").promises().get("low");

    assertThat(kept.kept()).isEqualTo(1);
    assertThat(strict.kept()).as("control: strict starves it").isZero();
  }

  @Test
  void steps_relaxAtTheirTimes() {
    Steps steps =
        new Steps(
            List.of(
                new Steps.Step(Map.of("refunds", 4), Duration.ofSeconds(30)),
                new Steps.Step(Map.of("refunds", 2), Duration.ofSeconds(60))));
    Access access =
        new Access(
            Map.of(Simulator.QUEUE, steps), Duration.ZERO, Duration.ZERO, false, Duration.ZERO);
    List<Staff.Member> staff =
        List.of(member("expert", 5, 1), member("second", 2, 1), member("anybody", 0, 1));

    Figures.Waits waits = play(new Simulator.Terms(access, null), staff, atOnce(3)).total().waits();
    Figures.Waits open = play(Simulator.Terms.OPEN, staff, atOnce(3)).total().waits();

    assertThat(waits.p50()).isEqualTo(30);
    assertThat(waits.max()).isEqualTo(90);
    assertThat(open.max()).isZero();
  }

  @Test
  void warmUp_letsAnAgentHoldOneMoreEachTime() {
    Outcome outcome =
        play(
            new Simulator.Terms(Access.OPEN, Duration.ofSeconds(90)),
            List.of(member("a", 0, 3)),
            atOnce(3));

    assertThat(outcome.total().waits().p50()).isEqualTo(90);
    assertThat(outcome.total().waits().max()).isEqualTo(180);
  }
}
