// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import dev.frontdesk.gateway.domain.routing.Levers;
import dev.frontdesk.gateway.domain.routing.RoutingPolicy;
import java.util.List;
import java.util.Map;

/**
 * Answers what a trace comes to under a policy. Immutable; plays of several policies run side by
 * side on all cores and do not influence each other.
 */
public final class Simulator {

  private final Levers levers;
  private final Map<String, Integer> costs;

  /**
   * A simulator.
   *
   * @param levers with the promises that are not the trace's
   * @param costs of conversations per channel; 1 for a channel that is not named
   */
  public Simulator(Levers levers, Map<String, Integer> costs) {
    this.levers = levers;
    this.costs = Map.copyOf(costs);
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

  private static Outcome play(Trace trace, Staff staff, Ground ground, String policy) {
    return new Play(trace, staff, ground, RoutingPolicy.named(policy, ground.levers())).run(policy);
  }
}
