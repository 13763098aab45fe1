// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Bucket;
import dev.frontdesk.gateway.domain.Conversation;
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
import java.util.Random;
import java.util.Set;

/**
 * What one routing decision costs, whatever waits and whoever is there: four sizes take turns. A
 * decision is what the router does with what it read: decode the row at the head of each lane,
 * choose by the policy, select an agent and charge it; {@code QueueRow}, {@code RoutingPass} and
 * {@code SeatIndex} as they are. Taking the heads of lanes is the store's work and not measured.
 * The part without decoding is printed beside it: there one sees that 5,000 agents do not fit a
 * processor's fastest memory.
 */
final class DecisionCost {

  /** The dearest of the four sizes against the cheapest (issue 3). */
  private static final double MOST = 1.3;

  private static final int WARM_UP = 20;
  private static final int DECISIONS = 1_000;
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
    double[][] whole = new double[scenes.size()][rounds];
    double[][] choice = new double[scenes.size()][rounds];
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < scenes.size(); i++) {
        Cost cost = scenes.get(i).round();
        whole[i][round] = cost.wholeNanos();
        choice[i][round] = cost.choiceNanos();
      }
    }
    for (int i = 0; i < scenes.size(); i++) {
      out.printf(
          Locale.ROOT,
          "%9d waiting, %5d agents: %6.1f us per decision, %.2f us of it without decoding%n",
          scenes.get(i).waiting,
          scenes.get(i).agents,
          median(whole[i]) / 1000,
          median(choice[i]) / 1000);
    }
    double ratio = ratio(whole);
    out.printf(
        Locale.ROOT,
        "dearest to cheapest: ratio %.2f, expected %.1f at most; without decoding %.2f%n",
        ratio,
        MOST,
        ratio(choice));
    return ratio <= MOST;
  }

  private record Cost(double wholeNanos, double choiceNanos) {}

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static double ratio(double[][] sizes) {
    double[] medians = Arrays.stream(sizes).mapToDouble(DecisionCost::median).toArray();
    return Arrays.stream(medians).max().orElseThrow() / Arrays.stream(medians).min().orElseThrow();
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
    private final ArrayDeque<AgentSeat> held = new ArrayDeque<>();
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
        lanes.add(another(i % 3 == 0));
      }
    }

    /** The head of a lane as it stands in the store. */
    private record Row(Waiting head, boolean late, String text) {}

    private Row row(RoutingPass.Lane lane) {
      Waiting head = lane.waiting().get(0);
      String text =
          "{\"c\":1,\"a\":"
              + head.arrival().toEpochMilli()
              + ",\"due\":"
              + head.due().toEpochMilli()
              + ",\"pr\":5}";
      return new Row(head, head.isLate(now), text);
    }

    private static RoutingPass.Lane decoded(Row row) {
      Waiting head = row.head();
      return new RoutingPass.Lane(
          QueueRow.decode(head.id().value(), head.bucket(), row.late(), row.text()).stream()
              .toList());
    }

    Cost round() {
      long whole = 0;
      long choice = 0;
      for (int i = 0; i < DECISIONS; i++) {
        now = now.plusMillis(1);
        List<Row> rows = lanes.heads(now).stream().map(this::row).toList();
        if (held.size() > agents / 3) {
          release(held.remove());
        }
        long before = System.nanoTime();
        List<RoutingPass.Lane> heads = rows.stream().map(Scene::decoded).toList();
        long read = System.nanoTime();
        RoutingPass.Plan plan = RoutingPass.plan(policy, memory, heads, seats, Set.of(), now, 1);
        long after = System.nanoTime();
        whole += after - before;
        choice += after - read;
        memory = plan.memory();
        replace(plan.decisions().get(0), rows);
      }
      return new Cost((double) whole / DECISIONS, (double) choice / DECISIONS);
    }

    private void replace(RoutingPass.Decision decision, List<Row> rows) {
      held.add(decision.seat());
      Waiting picked =
          rows.stream()
              .map(Row::head)
              .filter(head -> head.id().equals(decision.waiting().id()))
              .findFirst()
              .orElseThrow();
      lanes.remove(picked);
      lanes.add(another(picked.isLate(now)));
    }

    private void release(AgentSeat free) {
      AgentSeat seat = Objects.requireNonNull(seats.seat(free.id()));
      seats.put(new AgentSeat(seat.agent(), 1, seat.load() - 1, now));
    }

    private Waiting another(boolean late) {
      String promise = promises.get(random.nextInt(promises.size()));
      Duration ahead = Duration.ofSeconds(20).plusMillis(random.nextInt(100_000_000));
      Instant due = late ? now.minus(ahead) : now.plus(ahead);
      return new Waiting(
          new Conversation.Id(Integer.toString(number++)),
          new Bucket("q", promise, SKILLS.get(random.nextInt(SKILLS.size()))),
          false,
          due,
          5,
          due.minus(Objects.requireNonNull(PROMISES.get(promise)).target()),
          null,
          null,
          1,
          Map.of());
    }
  }
}
