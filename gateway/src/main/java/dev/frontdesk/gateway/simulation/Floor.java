// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.routing.AgentSeat;
import dev.frontdesk.gateway.domain.routing.SeatIndex;
import dev.frontdesk.gateway.domain.routing.Warming;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The agents during a play: who comes, goes and finishes when, and how much of their time they were
 * occupied. Used from one thread.
 */
final class Floor {

  private static final int GOES = 0;
  private static final int COMES = 1;
  private static final int FINISHES = 2;
  private static final int WARMS = 3;

  private final SeatIndex seats;
  private final @Nullable Duration warmUp;
  private final Map<Agent.Id, Integer> held = new HashMap<>();
  private final Map<Agent.Id, Staff.Member> members = new HashMap<>();
  private final PriorityQueue<Change> changes =
      new PriorityQueue<>(
          Comparator.comparingLong(Change::at)
              .thenComparingInt(Change::what)
              .thenComparingLong(Change::number));
  private final int size;
  private long number;
  private long changed;
  private int holding;
  private int coming;
  private int warming;
  private long end;
  private double heldMillis;

  Floor(Staff staff, Simulator.Terms terms) {
    seats = new SeatIndex(terms.access());
    warmUp = terms.warmUp();
    size = staff.members().size();
    for (Staff.Member member : staff.members()) {
      Agent.Id id = new Agent.Id(member.id());
      members.put(id, member);
      Agent agent =
          new Agent(id, List.of(Simulator.QUEUE), member.skills(), List.of(), member.capacity());
      AgentSeat seat = new AgentSeat(agent, 1, 0, Play.START.plusMillis(member.fromMillis()));
      if (member.fromMillis() < member.toMillis()) {
        changes.add(new Change(member.fromMillis(), COMES, number++, seat, 0));
        coming++;
        if (member.toMillis() < Long.MAX_VALUE) {
          changes.add(new Change(member.toMillis(), GOES, number++, seat, 0));
        }
      }
    }
  }

  private record Change(long at, int what, long number, AgentSeat seat, int cost) {}

  SeatIndex seats() {
    return seats;
  }

  int size() {
    return size;
  }

  /** Changes so far. */
  long changes() {
    return changed;
  }

  /** Whether somebody holds a conversation. */
  boolean isBusy() {
    return holding > 0;
  }

  /** Whether somebody has yet to come, or to have all its room. */
  boolean isExpecting() {
    return coming > 0 || warming > 0;
  }

  /** When the next agent comes, goes or finishes; the end of time when none does. */
  long nextChange() {
    Change first = changes.peek();
    return first == null ? Long.MAX_VALUE : first.at();
  }

  /** Lets the next one happen. */
  void change() {
    Change change = changes.remove();
    changed += change.what() == WARMS ? 0 : 1;
    if (change.what() == COMES) {
      coming--;
      put(change.seat(), change.at());
    } else if (change.what() == WARMS) {
      warming--;
      AgentSeat seat = seats.seat(change.seat().id());
      if (seat != null) {
        put(seat, change.at());
      }
    } else if (change.what() == GOES) {
      seats.remove(change.seat().id());
    } else {
      holding--;
      end = change.at();
      release(change);
    }
  }

  private void release(Change change) {
    Agent.Id id = change.seat().id();
    held.computeIfPresent(id, (agent, count) -> count == 1 ? null : count - 1);
    AgentSeat seat = seats.seat(id);
    if (seat != null) {
      int load = seat.load() - change.cost();
      Instant at = Play.START.plusMillis(change.at());
      int more = more(seat.agent(), at);
      seats.put(new AgentSeat(seat.agent(), 1, load, at, more));
    }
  }

  /** Seats an agent with what it may have now, and notes when it may have more. */
  private void put(AgentSeat seat, long millis) {
    Agent agent = seat.agent();
    Instant now = Play.START.plusMillis(millis);
    seats.put(new AgentSeat(agent, 1, seat.load(), seat.idleSince(), more(agent, now)));
    Instant next = warmUp == null ? null : warming(agent, warmUp).moreAt(agent.capacity(), now);
    if (next != null) {
      warming++;
      changes.add(
          new Change(Duration.between(Play.START, next).toMillis(), WARMS, number++, seat, 0));
    }
  }

  private int more(Agent agent, Instant now) {
    return warmUp == null
        ? AgentSeat.ANY
        : warming(agent, warmUp).more(held.getOrDefault(agent.id(), 0), agent.capacity(), now);
  }

  private Warming warming(Agent agent, Duration every) {
    return new Warming(Play.START.plusMillis(member(agent.id()).fromMillis()), every);
  }

  /** An agent, already charged in the index, holds a conversation until then. */
  void occupy(AgentSeat seat, int cost, long from, long until) {
    holding++;
    held.merge(seat.id(), 1, Integer::sum);
    changes.add(new Change(until, FINISHES, number++, seat, cost));
    long leaves = member(seat.id()).toMillis();
    heldMillis += (double) cost * (Math.min(until, leaves) - from);
  }

  /** Held costs over capacity while agents were there, until the last one finished; 0…1. */
  double use() {
    double offered = 0;
    for (Staff.Member member : members.values()) {
      long there = Math.min(end, member.toMillis()) - Math.min(end, member.fromMillis());
      offered += (double) member.capacity() * Math.max(0, there);
    }
    return offered == 0 ? 0 : heldMillis / offered;
  }

  private Staff.Member member(Agent.Id id) {
    return java.util.Objects.requireNonNull(members.get(id));
  }
}
