// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Bucket;
import dev.frontdesk.gateway.domain.routing.AgentSeat;
import dev.frontdesk.gateway.domain.routing.DecisionMemory;
import dev.frontdesk.gateway.domain.routing.KeepPromises;
import dev.frontdesk.gateway.domain.routing.Levers;
import dev.frontdesk.gateway.domain.routing.PromiseClass;
import dev.frontdesk.gateway.domain.routing.PromiseTable;
import dev.frontdesk.gateway.domain.routing.RoutingPass;
import dev.frontdesk.gateway.domain.routing.RoutingPolicy;
import dev.frontdesk.gateway.domain.routing.SeatIndex;
import dev.frontdesk.gateway.domain.routing.Waiting;
import dev.frontdesk.gateway.routing.QueueRow;
import dev.frontdesk.gateway.simulation.WaitingLanes;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * What one routing decision costs, whatever waits and whoever is there: four sizes take turns.
 * Measured is all of it: the heads of all lanes, the choice of the conversation by the policy and
 * of the agent, the conversation taken out, the agent charged; {@code RoutingPass}, {@code
 * SeatIndex} and {@code WaitingLanes} as they are, indexes kept up included. Beside it what a
 * decision needs to go on for ever: one more conversation comes in and one is released by its
 * agent. In the gateway lanes are sorted sets of the store, and the rows at their heads are decoded
 * first: that costs the same at every size and is printed, not counted.
 */
final class DecisionCost {

  /** The dearest of the four sizes against the cheapest (issue 3). */
  private static final double MOST = 1.3;

  private static final int WARM_UP = 20;
  private static final int DECISIONS = 1_000;
  private static final int DECODINGS = 20;
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private static final Map<String, PromiseClass> PROMISES =
      Map.of(
          "phone", new PromiseClass(Duration.ofSeconds(30), 4, 0),
          "chat", new PromiseClass(Duration.ofSeconds(60), 2, 0),
          "wechat", new PromiseClass(Duration.ofMinutes(5), 2, 0),
          "social", new PromiseClass(Duration.ofHours(1), 4, 0),
          "email", new PromiseClass(Duration.ofHours(4), 1, 0),
          "low", new PromiseClass(Duration.ofHours(24), 1, 0));

  private static final List<Map<String, Integer>> SKILLS =
      List.of(Map.of(), Map.of("refunds", 1), Map.of("vip", 2));

  private final PrintStream out;
  private final long seed;

  DecisionCost(PrintStream out, long seed) {
    this.out = out;
    this.seed = seed;
  }

  /** Whether the dearest decision costs at most 1.3 times the cheapest. */
  boolean run(int rounds) {
    List<Scene> scenes = new ArrayList<>();
    for (int waiting : new int[] {1_000, 1_000_000}) {
      for (int agents : new int[] {10, 5_000}) {
        scenes.add(new Scene(waiting, agents, new Random(seed)));
      }
    }
    out.println(
        "seed " + seed + ", " + rounds + " rounds of " + DECISIONS + " decisions, in turns");
    for (int i = 0; i < WARM_UP; i++) {
      scenes.forEach(Scene::round);
    }
    List<Sample> decisions = new ArrayList<>();
    List<Sample> turns = new ArrayList<>();
    scenes.forEach(scene -> decisions.add(new Sample(rounds)));
    scenes.forEach(scene -> turns.add(new Sample(rounds)));
    Sample decoding = new Sample(rounds * scenes.size());
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < scenes.size(); i++) {
        Cost cost = scenes.get(i).round();
        decisions.get(i).add(cost.decision());
        turns.get(i).add(cost.decision() + cost.upkeep());
        decoding.add(scenes.get(i).decoding());
      }
    }
    for (int i = 0; i < scenes.size(); i++) {
      out.printf(
          Locale.ROOT,
          "%9d waiting, %5d agents: decision %s, with arrival and release %s%n",
          scenes.get(i).waiting,
          scenes.get(i).agents,
          decisions.get(i),
          turns.get(i));
    }
    out.println("decoding the rows at the heads of lanes, not counted: " + decoding);
    double decision = ratio(decisions);
    double turn = ratio(turns);
    out.printf(
        Locale.ROOT,
        "dearest to cheapest: decision %.2f, with arrival and release %.2f, expected %.1f at most%n",
        decision,
        turn,
        MOST);
    return decision <= MOST;
  }

  /** Nanoseconds per decision in one round. */
  private record Cost(double decision, double upkeep) {}

  private static double ratio(List<Sample> sizes) {
    double dearest = sizes.stream().mapToDouble(Sample::median).max().orElseThrow();
    return dearest / sizes.stream().mapToDouble(Sample::median).min().orElseThrow();
  }

  /** Figures of rounds, in nanoseconds. */
  private static final class Sample {
    private final double[] values;
    private int size;

    Sample(int rounds) {
      values = new double[rounds];
    }

    void add(double value) {
      values[size++] = value;
    }

    private double at(double share) {
      double[] sorted = values.clone();
      Arrays.sort(sorted);
      return sorted[(int) (share * (sorted.length - 1))];
    }

    double median() {
      return at(0.5);
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT, "%.2f us (%.2f to %.2f)", median() / 1000, at(0) / 1000, at(1) / 1000);
    }
  }

  /** A queue and a staff of one size, always as full as they were. */
  private static final class Scene {
    final int waiting;
    final int agents;
    private final Random random;
    private final RoutingPolicy policy =
        new KeepPromises(new Levers(0.1, Levers.NO_BOUND, new PromiseTable(PROMISES)));
    private final WaitingLanes lanes = new WaitingLanes(policy);
    private final SeatIndex seats = new SeatIndex();
    private final ArrayDeque<Agent.Id> held = new ArrayDeque<>();
    private final List<String> promises = List.copyOf(new java.util.TreeSet<>(PROMISES.keySet()));
    private DecisionMemory memory = DecisionMemory.EMPTY;
    private Instant now = START;
    private int number = 1_000_000_000;

    Scene(int waiting, int agents, Random random) {
      this.waiting = waiting;
      this.agents = agents;
      this.random = random;
      for (int i = 0; i < agents; i++) {
        Map<String, Integer> skills =
            i % 2 == 0 ? Map.of("refunds", 2) : Map.of("vip", 3, "refunds", 1);
        Agent agent = new Agent(new Agent.Id("a" + i), List.of("q"), skills, List.of(), 4);
        seats.put(new AgentSeat(agent, 1, 2, START.minusSeconds(random.nextInt(1000))));
      }
      for (int i = 0; i < waiting; i++) {
        add(another(i % 3 == 0));
      }
    }

    Cost round() {
      long deciding = 0;
      long upkeep = 0;
      for (int i = 0; i < DECISIONS; i++) {
        now = now.plusMillis(1);
        long before = System.nanoTime();
        List<RoutingPass.Lane> heads = lanes.heads(now);
        RoutingPass.Plan plan = RoutingPass.plan(policy, memory, heads, seats, Set.of(), now, 1);
        Waiting picked = plan.decisions().get(0).waiting();
        lanes.remove(picked);
        memory = plan.memory();
        long decided = System.nanoTime();
        Next next = another(picked.isLate(now));
        held.add(plan.decisions().get(0).seat().id());
        Agent.Id done = held.size() > agents / 3 ? held.remove() : null;
        long arriving = System.nanoTime();
        add(next);
        if (done != null) {
          release(done);
        }
        upkeep += System.nanoTime() - arriving;
        deciding += decided - before;
      }
      return new Cost((double) deciding / DECISIONS, (double) upkeep / DECISIONS);
    }

    private void add(Next next) {
      lanes.add(next.bucket(), 1, next.number(), next.due(), next.arrival());
    }

    private void release(Agent.Id id) {
      AgentSeat seat = Objects.requireNonNull(seats.seat(id));
      seats.put(new AgentSeat(seat.agent(), 1, seat.load() - 1, now));
    }

    /**
     * Nanoseconds to decode what stands at the heads of all lanes, as a pass of the router does.
     */
    double decoding() {
      List<Row> rows = lanes.heads(now).stream().map(this::row).toList();
      int decoded = 0;
      long before = System.nanoTime();
      for (int i = 0; i < DECODINGS; i++) {
        for (Row row : rows) {
          decoded += row.decoded().isPresent() ? 1 : 0;
        }
      }
      double nanos = (double) (System.nanoTime() - before) / DECODINGS;
      if (decoded != DECODINGS * rows.size()) {
        throw new IllegalStateException("decoded " + decoded + " rows of " + rows.size());
      }
      return nanos;
    }

    private Row row(RoutingPass.Lane lane) {
      Waiting head = lane.waiting().get(0);
      String text =
          "{\"c\":1,\"a\":"
              + head.arrival().toEpochMilli()
              + ",\"due\":"
              + head.due().toEpochMilli()
              + ",\"pr\":5}";
      return new Row(head.id().value(), head.bucket(), head.isLate(now), text);
    }

    /** The head of a lane as it stands in the store. */
    private record Row(String id, Bucket bucket, boolean late, String text) {
      Optional<Waiting> decoded() {
        return QueueRow.decode(id, bucket, late, text);
      }
    }

    private Next another(boolean late) {
      String promise = promises.get(random.nextInt(promises.size()));
      Duration ahead = Duration.ofSeconds(20).plusMillis(random.nextInt(100_000_000));
      Instant due = late ? now.minus(ahead) : now.plus(ahead);
      return new Next(
          new Bucket("q", promise, SKILLS.get(random.nextInt(SKILLS.size()))),
          number++,
          due,
          due.minus(Objects.requireNonNull(PROMISES.get(promise)).target()));
    }
  }

  /** A conversation that comes in. */
  private record Next(Bucket bucket, long number, Instant due, Instant arrival) {}
}
