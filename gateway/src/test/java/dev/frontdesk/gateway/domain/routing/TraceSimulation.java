// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.routing;

import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Bucket;
import dev.frontdesk.gateway.domain.Conversation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;

/** Plays a trace against the real pass and policy: arrivals and freed agents, nothing else. */
final class TraceSimulation {

  private static final Instant START = Instant.parse("2026-11-21T00:00:00Z");

  private final RoutingPolicy policy;
  private final List<AgentSeat> free;
  private final Map<Bucket, PriorityQueue<Waiting>> onTime = new HashMap<>();
  private final Map<Bucket, PriorityQueue<Waiting>> late = new HashMap<>();
  private final PriorityQueue<Busy> busy = new PriorityQueue<>(Comparator.comparing(Busy::until));
  private final Map<Conversation.Id, Arrival> arrivals = new HashMap<>();
  private DecisionMemory memory = DecisionMemory.EMPTY;
  private double keptWeight;
  private double totalWeight;
  private double weightedTardiness;

  TraceSimulation(RoutingPolicy policy, int agents) {
    this.policy = policy;
    this.free = new ArrayList<>();
    for (int i = 0; i < agents; i++) {
      Agent agent = new Agent(new Agent.Id("a" + i), List.of("q"), Map.of(), List.of(), 1);
      free.add(new AgentSeat(agent, 1, 0, START));
    }
  }

  record Arrival(Instant at, String promise, double target, double weight, double handling) {}

  private record Busy(Instant until, AgentSeat seat) {}

  /** Weighted share of promises kept, and mean weighted tardiness in seconds. */
  record Result(double weightedKeptShare, double tardinessSeconds, DecisionMemory memory) {}

  static List<Arrival> trace(String name) throws IOException {
    try (InputStream csv = TraceSimulation.class.getResourceAsStream("/traces/" + name + ".csv")) {
      return new String(csv.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .skip(1)
          .map(line -> line.split(",", -1))
          .map(
              c ->
                  new Arrival(
                      at(Double.parseDouble(c[0])),
                      c[2],
                      Double.parseDouble(c[3]),
                      Double.parseDouble(c[4]),
                      Double.parseDouble(c[6])))
          .toList();
    }
  }

  Result play(List<Arrival> trace) {
    for (Arrival arrival : trace) {
      while (!busy.isEmpty() && !busy.peek().until().isAfter(arrival.at())) {
        release();
      }
      arrive(arrival);
      decide(arrival.at());
    }
    while (!busy.isEmpty()) {
      release();
    }
    return new Result(keptWeight / totalWeight, weightedTardiness / totalWeight, memory);
  }

  private void release() {
    Busy done = busy.remove();
    free.add(new AgentSeat(done.seat().agent(), 1, 0, done.until()));
    decide(done.until());
  }

  private void arrive(Arrival arrival) {
    Conversation.Id id = new Conversation.Id("c" + (1_000_000 + arrivals.size()));
    Bucket bucket = new Bucket("q", arrival.promise(), Map.of());
    Instant due = arrival.at().plusMillis(Math.round(arrival.target() * 1000));
    arrivals.put(id, arrival);
    totalWeight += arrival.weight();
    lane(onTime, bucket)
        .add(new Waiting(id, bucket, false, due, 5, arrival.at(), null, null, 1, Map.of()));
  }

  private PriorityQueue<Waiting> lane(Map<Bucket, PriorityQueue<Waiting>> lanes, Bucket bucket) {
    return lanes.computeIfAbsent(
        bucket,
        b ->
            new PriorityQueue<>(
                Comparator.comparingDouble(
                    (Waiting w) -> policy.score(w.due(), w.priority(), w.arrival()))));
  }

  private void decide(Instant now) {
    onTime.forEach(
        (bucket, lane) -> {
          while (!lane.isEmpty() && lane.peek().isLate(now)) {
            lane(late, bucket).add(lane.remove());
          }
        });
    List<RoutingPass.Lane> heads = new ArrayList<>();
    for (Map<Bucket, PriorityQueue<Waiting>> lanes : List.of(onTime, late)) {
      new TreeMap<String, PriorityQueue<Waiting>>(byName(lanes))
          .values()
          .forEach(
              lane -> {
                if (!lane.isEmpty()) {
                  heads.add(new RoutingPass.Lane(List.of(lane.peek())));
                }
              });
    }
    if (free.isEmpty() || heads.isEmpty()) {
      return;
    }
    RoutingPass.Plan plan = RoutingPass.plan(policy, memory, heads, free, Set.of(), now, 1);
    memory = plan.memory();
    plan.decisions().forEach(decision -> start(decision, now));
    decide(now);
  }

  private static Map<String, PriorityQueue<Waiting>> byName(
      Map<Bucket, PriorityQueue<Waiting>> lanes) {
    Map<String, PriorityQueue<Waiting>> named = new TreeMap<>();
    lanes.forEach((bucket, lane) -> named.put(bucket.id(), lane));
    return named;
  }

  private void start(RoutingPass.Decision decision, Instant now) {
    Waiting picked = decision.waiting();
    Arrival arrival = arrivals.get(picked.id());
    lane(onTime, picked.bucket()).remove(picked);
    lane(late, picked.bucket()).remove(picked);
    free.removeIf(seat -> seat.id().equals(decision.seat().id()));
    busy.add(new Busy(now.plusMillis(Math.round(arrival.handling() * 1000)), decision.seat()));
    double tardy = Math.max(0, -decision.slack().toMillis() / 1000.0);
    keptWeight += tardy == 0 ? arrival.weight() : 0;
    weightedTardiness += tardy * arrival.weight();
  }

  private static Instant at(double seconds) {
    return START.plusMillis(Math.round(seconds * 1000));
  }
}
