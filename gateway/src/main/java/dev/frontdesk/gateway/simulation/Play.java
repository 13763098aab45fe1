// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import dev.frontdesk.gateway.domain.ResponseClock;
import dev.frontdesk.gateway.domain.routing.DecisionMemory;
import dev.frontdesk.gateway.domain.routing.RoutingPass;
import dev.frontdesk.gateway.domain.routing.RoutingPolicy;
import dev.frontdesk.gateway.domain.routing.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * One trace, one staff, one policy, from the first arrival until nobody holds anything. The passes,
 * policies, choice of agents and clocks are those of the server; only time is virtual, and an agent
 * answers at the moment of assignment. The same input gives the same outcome. Used once.
 *
 * <p>At the same instant agents go, then come, then finish what they hold; then conversations
 * arrive.
 */
final class Play {

  /** Where virtual time begins. */
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  /** Numbers of conversations with the same length, so that ids sort by arrival. */
  private static final int FIRST = 1_000_000_000;

  private final Trace trace;
  private final Ground ground;
  private final RoutingPolicy policy;
  private final Floor floor;
  private final WaitingLanes lanes;
  private final Scores scores;
  private final ResponseClock[] clocks;
  private DecisionMemory memory = DecisionMemory.EMPTY;
  private int next;

  /** When time alone lets somebody have what waits; the end of time when it does not. */
  private long opensAt = Long.MAX_VALUE;

  Play(Trace trace, Floor floor, Ground ground, RoutingPolicy policy) {
    this.trace = trace;
    this.ground = ground;
    this.policy = policy;
    this.floor = floor;
    this.lanes = new WaitingLanes(policy);
    this.scores = new Scores(ground);
    this.clocks = new ResponseClock[trace.arrivals().size()];
  }

  /**
   * Plays to the end.
   *
   * @param name of the policy
   */
  Outcome run(String name) {
    List<Trace.Arrival> arrivals = trace.arrivals();
    while (next < arrivals.size() || floor.isBusy() || mayStillBeServed()) {
      long arrival = next < arrivals.size() ? arrivals.get(next).atMillis() : Long.MAX_VALUE;
      long change = floor.nextChange();
      long now = Math.min(Math.min(arrival, change), opensAt);
      if (change == now) {
        floor.change();
      } else if (arrival == now) {
        arrive(arrivals.get(next));
      }
      decide(now);
    }
    return scores.outcome(trace, name, floor, memory.passedOver(), arrivals.size());
  }

  private boolean mayStillBeServed() {
    return lanes.size() > 0 && (floor.isExpecting() || opensAt < Long.MAX_VALUE);
  }

  private void arrive(Trace.Arrival arrival) {
    Ground.Place place = ground.place(arrival.kind());
    Instant at = START.plusMillis(arrival.atMillis());
    ResponseClock clock = ResponseClock.start(1, at, place.clock());
    clocks[next] = clock;
    lanes.add(place.bucket(), place.cost(), FIRST + next, clock.dueAt(), at);
    scores.arrived(place);
    next++;
  }

  private void decide(long millis) {
    opensAt = Long.MAX_VALUE;
    if (lanes.size() == 0 || floor.seats().room() == 0) {
      return;
    }
    Instant now = START.plusMillis(millis);
    while (lanes.size() > 0 && floor.seats().room() > 0) {
      List<RoutingPass.Lane> heads = lanes.heads(now);
      RoutingPass.Plan plan =
          RoutingPass.plan(policy, memory, heads, floor.seats(), Set.of(), now, 1);
      if (plan.decisions().isEmpty()) {
        Instant opens = plan.opensAt();
        opensAt = opens == null ? Long.MAX_VALUE : Duration.between(START, opens).toMillis();
        return;
      }
      memory = plan.memory();
      RoutingPass.Decision decision = plan.decisions().get(0);
      scores.decided(decision);
      assign(decision, millis);
    }
  }

  private void assign(RoutingPass.Decision decision, long millis) {
    Waiting picked = decision.waiting();
    int number = Integer.parseInt(picked.id().value()) - FIRST;
    Trace.Arrival arrival = trace.arrivals().get(number);
    ResponseClock clock = clocks[number];
    boolean kept = !clock.isMissed(START.plusMillis(millis));
    lanes.remove(picked);
    scores.answered(ground.place(arrival.kind()), millis - arrival.atMillis(), kept);
    floor.occupy(decision.seat(), picked.cost(), millis, millis + arrival.handlingMillis());
  }
}
