// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.Write;
import dev.frontdesk.gateway.telemetry.GatewayMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Seeds of the whole gateway, on all cores. One seed alone: {@code -Dsimulation.seed=17}; more and
 * longer ones: {@code -Dsimulation.seeds=5000 -Dsimulation.events=400}.
 */
class SimulationTest {

  private static final int SEEDS = Integer.getInteger("simulation.seeds", 300);
  private static final int EVENTS = Integer.getInteger("simulation.events", 120);
  private static final long FIRST =
      Long.getLong("simulation.seed", Long.getLong("simulation.first", 0L));

  private static Simulation simulate(long seed, int events) {
    return new Simulation(seed, metrics()).run(events);
  }

  private static GatewayMetrics metrics() {
    return new GatewayMetrics(new SimpleMeterRegistry());
  }

  /** What one seed came to. */
  private record Result(
      int accepted,
      int met,
      int breached,
      int voided,
      int faults,
      int sends,
      int escalated,
      int acknowledged,
      int notices) {
    static final Result NONE = new Result(0, 0, 0, 0, 0, 0, 0, 0, 0);

    static Result of(Simulation done) {
      Journal.Verdicts verdicts = done.world.journal.verdicts;
      return new Result(
          done.accepted(),
          verdicts.met,
          verdicts.breached,
          verdicts.voided,
          done.world.faults.injected(),
          done.platforms.values().stream().mapToInt(platform -> platform.sends).sum(),
          done.world.journal.escalated,
          done.world.journal.acknowledged,
          done.world.journal.notices.size());
    }

    Result and(Result other) {
      return new Result(
          accepted + other.accepted,
          met + other.met,
          breached + other.breached,
          voided + other.voided,
          faults + other.faults,
          sends + other.sends,
          escalated + other.escalated,
          acknowledged + other.acknowledged,
          notices + other.notices);
    }
  }

  @Test
  void gateway_underFaults_keepsEveryInvariant() {
    boolean alone = System.getProperty("simulation.seed") != null;

    Result all =
        LongStream.range(FIRST, FIRST + (alone ? 1 : SEEDS))
            .parallel()
            .mapToObj(seed -> Result.of(simulate(seed, EVENTS)))
            .reduce(Result.NONE, Result::and);

    assertThat(all.accepted()).as("%s", all).isGreaterThan(alone ? 0 : EVENTS * SEEDS / 2);
    assertThat(all.met()).as("%s", all).isPositive();
    assertThat(alone || (all.breached() > SEEDS && all.voided() > SEEDS / 10))
        .as("%s", all)
        .isTrue();
    assertThat(alone || all.faults() > SEEDS).as("%s", all).isTrue();
    assertThat(all.sends()).as("%s", all).isPositive();
    assertThat(alone || (all.escalated() > SEEDS && all.acknowledged() > 0)).as("%s", all).isTrue();
    assertThat(alone || all.notices() > SEEDS / 2).as("%s", all).isTrue();
  }

  @Test
  void seed_runTwice_doesTheSame() {
    int first = simulate(7, 100).world.trail.digest();
    int second = simulate(7, 100).world.trail.digest();

    assertThat(second).isEqualTo(first);
  }

  /** The control: a row that disagrees with the states must be noticed, whichever it is. */
  @Test
  void invariants_afterOneWrongRow_doNotHold() {
    RedisKeys keys = Desk.workspace(0).keys();
    Agent.Id alice = Desk.agents().get(0);
    List<Write> wrongs =
        List.of(
            new Write.HashAdd(keys.agent(alice), "load", 1),
            new Write.HashSet(keys.agentLoad(alice), "nobody", "1"),
            new Write.HashAdd(keys.gauges(), "support|waiting", 1),
            new Write.HashAdd(keys.gauges(), "conversations", -1),
            new Write.HashAdd(keys.buckets(), "support|slow|", 1),
            new Write.SortedAdd(keys.bucket("support|slow|", true), "nobody", 1),
            new Write.HashSet(keys.queueRows(), "nobody", "{}"),
            new Write.SortedAdd(keys.waiting("support", "slow"), "nobody", 1),
            new Write.SortedAdd(keys.timers(), "b:nobody:1", Double.MAX_VALUE),
            new Write.SortedAdd(keys.timers(), "a:nobody.slow.1:1", Double.MAX_VALUE),
            new Write.SortedAdd(keys.outbox(), "nobody", Double.MAX_VALUE),
            new Write.SortedAdd(keys.index(), "nobody", 1),
            new Write.HashSet(keys.botOwned("faq"), "nobody", "1"),
            new Write.HashAdd(keys.deadLetters(), "nobody 1", 1));
    for (Write wrong : wrongs) {
      Simulation simulation = new Simulation(8, metrics()).disturb(120);
      World world = simulation.world;
      Now.of(
          world.store.commit(
              Commit.of("acme", world.time.now(), Commit.Urgency.RELEASING).write(wrong).build()));

      assertThatThrownBy(() -> new Invariants(world).check())
          .as(wrong.toString())
          .isInstanceOf(AssertionError.class);
    }
  }
}
