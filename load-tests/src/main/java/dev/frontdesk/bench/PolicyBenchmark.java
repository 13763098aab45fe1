// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.bench;

import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Bucket;
import dev.frontdesk.gateway.domain.routing.AgentSeat;
import dev.frontdesk.gateway.domain.routing.DecisionMemory;
import dev.frontdesk.gateway.domain.routing.Levers;
import dev.frontdesk.gateway.domain.routing.PromiseClass;
import dev.frontdesk.gateway.domain.routing.PromiseTable;
import dev.frontdesk.gateway.domain.routing.RoutingPass;
import dev.frontdesk.gateway.domain.routing.RoutingPolicy;
import dev.frontdesk.gateway.domain.routing.SeatIndex;
import dev.frontdesk.gateway.domain.routing.Waiting;
import dev.frontdesk.gateway.simulation.WaitingLanes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One routing decision with 100 agents: the heads of the lanes, the choice of the conversation by
 * the policy and of the agent, and what keeps the queue as it is: the conversation taken out,
 * another one in, the agent released. {@code load-tests/bench Policy -prof gc}. (What is judged,
 * each part on its own and up to a million waiting, is the scenario {@code decision-cost}.)
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PolicyBenchmark {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final int AGENTS = 100;
  private static final Map<String, PromiseClass> PROMISES =
      Map.of(
          "chat", new PromiseClass(Duration.ofSeconds(60), 2, 0),
          "wechat", new PromiseClass(Duration.ofMinutes(5), 2, 0),
          "social", new PromiseClass(Duration.ofHours(1), 4, 0),
          "email", new PromiseClass(Duration.ofHours(4), 1, 0));
  private static final List<Map<String, Integer>> SKILLS =
      List.of(Map.of(), Map.of("refunds", 1), Map.of("vip", 2));

  /** By its name in the configuration. */
  @Param({"keep-promises", "edf", "strict", "ageing", "fifo"})
  public String policy = "keep-promises";

  /** Conversations in the queue. */
  @Param({"1000", "100000"})
  public int waiting = 1_000;

  private final Random random = new Random(1);
  private final List<String> promises = List.copyOf(new TreeMap<>(PROMISES).keySet());
  private final SeatIndex seats = new SeatIndex();
  private RoutingPolicy chosen;
  private WaitingLanes lanes;
  private DecisionMemory memory = DecisionMemory.EMPTY;
  private Instant now = START;
  private long number = 1_000_000_000;

  /** Fills the queue and takes the agents in. */
  @Setup
  public void open() {
    chosen =
        RoutingPolicy.named(policy, new Levers(0.1, Levers.NO_BOUND, new PromiseTable(PROMISES)));
    lanes = new WaitingLanes(chosen);
    for (int i = 0; i < AGENTS; i++) {
      Map<String, Integer> skills =
          i % 2 == 0 ? Map.of("refunds", 2) : Map.of("vip", 3, "refunds", 1);
      Agent agent = new Agent(new Agent.Id("a" + i), List.of("q"), skills, List.of(), 4);
      seats.put(new AgentSeat(agent, 1, 2, START.minusSeconds(i)));
    }
    for (int i = 0; i < waiting; i++) {
      arrive(i % 3 == 0);
    }
  }

  /** One decision. */
  @Benchmark
  public RoutingPass.Plan decision() {
    now = now.plusMillis(1);
    RoutingPass.Plan plan =
        RoutingPass.plan(chosen, memory, lanes.heads(now), seats, Set.of(), now, 1);
    memory = plan.memory();
    Waiting picked = plan.decisions().get(0).waiting();
    lanes.remove(picked);
    arrive(picked.isLate(now));
    AgentSeat seat = Objects.requireNonNull(seats.seat(plan.decisions().get(0).seat().id()));
    seats.put(new AgentSeat(seat.agent(), 1, 2, now));
    return plan;
  }

  private void arrive(boolean late) {
    String promise = promises.get(random.nextInt(promises.size()));
    Duration ahead = Duration.ofSeconds(20).plusMillis(random.nextInt(100_000_000));
    Instant due = late ? now.minus(ahead) : now.plus(ahead);
    Duration target = Objects.requireNonNull(PROMISES.get(promise)).target();
    lanes.add(
        new Bucket("q", promise, SKILLS.get(random.nextInt(SKILLS.size()))),
        1,
        number++,
        due,
        due.minus(target));
  }
}
