// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import dev.frontdesk.gateway.domain.routing.Access;
import dev.frontdesk.gateway.domain.routing.Levers;
import dev.frontdesk.gateway.domain.routing.RoutingPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers what a trace comes to under a policy. Immutable; plays of several policies run side by
 * side on all cores and do not influence each other.
 */
public final class Simulator {

  /** The queue that everything waits in and everybody serves. */
  public static final String QUEUE = "all";

  private final Levers levers;
  private final Map<String, Integer> costs;
  private final Terms terms;

  /**
   * Whom conversations are kept for, and how agents begin.
   *
   * @param warmUp time between one conversation and the next of who comes, or null: no warm-up
   */
  public record Terms(Access access, @Nullable Duration warmUp) {
    /** Everybody may have everything at once. */
    public static final Terms OPEN = new Terms(Access.OPEN, null);
  }

  /**
   * A simulator.
   *
   * @param levers with the promises that are not the trace's
   * @param costs of conversations per channel; 1 for a channel that is not named
   */
  public Simulator(Levers levers, Map<String, Integer> costs) {
    this(levers, costs, Terms.OPEN);
  }

  /** The same where not everybody may have everything at once. */
  public Simulator(Levers levers, Map<String, Integer> costs, Terms terms) {
    this.levers = levers;
    this.costs = Map.copyOf(costs);
    this.terms = terms;
  }

  /** A tenth of decisions for the late, no bound, no guaranteed shares; promises by the trace. */
  public static Simulator plain() {
    return new Simulator(Levers.PLAIN, Map.of());
  }

  /** What it plays by. */
  Levers levers() {
    return levers;
  }

  /** One outcome per policy, in that order. Blocks. */
  public List<Outcome> compare(Trace trace, Staff staff, List<String> policies) {
    Ground ground = new Ground(trace, levers, costs);
    return policies.parallelStream().map(policy -> play(trace, staff, ground, policy)).toList();
  }

  /** The outcome of one policy. Blocks. */
  public Outcome play(Trace trace, Staff staff, String policy) {
    return play(trace, staff, new Ground(trace, levers, costs), policy);
  }

  private Outcome play(Trace trace, Staff staff, Ground ground, String policy) {
    RoutingPolicy named = RoutingPolicy.named(policy, ground.levers());
    return new Play(trace, new Floor(staff, terms), ground, named).run(policy);
  }
}
