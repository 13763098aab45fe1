// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

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
import dev.frontdesk.gateway.simulation.Figures;
import dev.frontdesk.gateway.simulation.Simulator;
import dev.frontdesk.gateway.simulation.Staff;
import dev.frontdesk.gateway.simulation.Trace;
import dev.frontdesk.gateway.simulation.WaitingLanes;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * What the simulator says of each conversation of a trace. The simulator only gives figures per
 * promise, so this plays its steps once more to have each verdict, and then holds the figures
 * against the simulator's own: they must be equal. For agents who are all alike and hold one
 * conversation at a time.
 */
final class SimulatedVerdicts {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final String QUEUE = "support";
  private static final int FIRST = 1_000_000_000;

  private final Trace trace;
  private final RoutingPolicy policy;
  private final WaitingLanes lanes;
  private final SeatIndex seats = new SeatIndex();
  private final PriorityQueue<Finish> finishes =
      new PriorityQueue<>(
          Comparator.comparingLong(Finish::at).thenComparingInt(finish -> finish.number));
  private final BitSet kept = new BitSet();
  private DecisionMemory memory = DecisionMemory.EMPTY;
  private int next;
  private int started;
  private long end;

  private record Finish(long at, int number, Agent.Id agent) {}

  private SimulatedVerdicts(Trace trace, int agents, String policy) {
    this.trace = trace;
    this.policy = RoutingPolicy.named(policy, new Levers(0.1, Levers.NO_BOUND, promises(trace)));
    this.lanes = new WaitingLanes(this.policy);
    for (Staff.Member member : Staff.alike(agents).members()) {
      Agent agent = new Agent(new Agent.Id(member.id()), List.of(QUEUE), Map.of(), List.of(), 1);
      seats.put(new AgentSeat(agent, 1, 0, START));
    }
  }

  /**
   * Whether each conversation was answered in time, by its number in the trace.
   *
   * @param endMillis when the last agent finished, from the beginning of the trace
   */
  record Verdicts(BitSet kept, long endMillis) {}

  /** Plays it; a tenth of decisions for the late, no bound of age, no guaranteed shares. */
  static Verdicts of(Trace trace, int agents, String policy) {
    SimulatedVerdicts play = new SimulatedVerdicts(trace, agents, policy);
    play.run();
    Map<String, Integer> counted = new HashMap<>();
    for (int i = 0; i < trace.arrivals().size(); i++) {
      counted.merge(
          trace.arrivals().get(i).kind().promise(), play.kept.get(i) ? 1 : 0, Integer::sum);
    }
    Simulator.plain()
        .play(trace, Staff.alike(agents), policy)
        .promises()
        .forEach((promise, figures) -> same(promise, figures, counted));
    return new Verdicts(play.kept, play.end);
  }

  private static void same(String promise, Figures figures, Map<String, Integer> counted) {
    int mine = counted.getOrDefault(promise, 0);
    if (figures.kept() != mine) {
      throw new IllegalStateException(
          promise + ": the simulator kept " + figures.kept() + ", its steps once more " + mine);
    }
  }

  private static PromiseTable promises(Trace trace) {
    Map<String, PromiseClass> classes = new HashMap<>();
    for (Trace.Arrival arrival : trace.arrivals()) {
      Trace.Kind kind = arrival.kind();
      classes.put(
          kind.promise(),
          new PromiseClass(Duration.ofMillis(kind.targetMillis()), kind.weight(), 0));
    }
    return new PromiseTable(classes);
  }

  private void run() {
    List<Trace.Arrival> arrivals = trace.arrivals();
    while (next < arrivals.size() || !finishes.isEmpty()) {
      long arrival = next < arrivals.size() ? arrivals.get(next).atMillis() : Long.MAX_VALUE;
      Finish finish = finishes.peek();
      if (finish != null && finish.at() <= arrival) {
        finishes.remove();
        end = finish.at();
        Agent agent = java.util.Objects.requireNonNull(seats.seat(finish.agent())).agent();
        seats.put(new AgentSeat(agent, 1, 0, START.plusMillis(finish.at())));
        decide(finish.at());
      } else {
        arrive(arrivals.get(next));
        decide(arrival);
      }
    }
  }

  private void arrive(Trace.Arrival arrival) {
    Instant at = START.plusMillis(arrival.atMillis());
    Trace.Kind kind = arrival.kind();
    lanes.add(
        new Bucket(QUEUE, kind.promise(), Map.of()),
        1,
        FIRST + next++,
        at.plusMillis(kind.targetMillis()),
        at);
  }

  private void decide(long millis) {
    Instant now = START.plusMillis(millis);
    while (lanes.size() > 0 && seats.room() > 0) {
      RoutingPass.Plan plan =
          RoutingPass.plan(policy, memory, lanes.heads(now), seats, Set.of(), now, 1);
      if (plan.decisions().isEmpty()) {
        return;
      }
      memory = plan.memory();
      RoutingPass.Decision decision = plan.decisions().get(0);
      int number = Integer.parseInt(decision.waiting().id().value()) - FIRST;
      kept.set(number, !now.isAfter(decision.waiting().due()));
      lanes.remove(decision.waiting());
      long until = millis + trace.arrivals().get(number).handlingMillis();
      finishes.add(new Finish(until, started++, decision.seat().id()));
    }
  }
}
