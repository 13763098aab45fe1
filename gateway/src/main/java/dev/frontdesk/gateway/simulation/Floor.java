// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.routing.AgentSeat;
import dev.frontdesk.gateway.domain.routing.SeatIndex;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * The agents during a play: who comes, goes and finishes when, and how much of their time they were
 * occupied. Used from one thread.
 */
final class Floor {

  private static final int GOES = 0;
  private static final int COMES = 1;
  private static final int FINISHES = 2;

  private final SeatIndex seats = new SeatIndex();
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
  private long end;
  private double heldMillis;

  Floor(Staff staff) {
    size = staff.members().size();
    for (Staff.Member member : staff.members()) {
      Agent.Id id = new Agent.Id(member.id());
      members.put(id, member);
      Agent agent =
          new Agent(id, List.of(Ground.QUEUE), member.skills(), List.of(), member.capacity());
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

  /** Whether somebody has yet to come. */
  boolean isExpecting() {
    return coming > 0;
  }

  /** When the next agent comes, goes or finishes; the end of time when none does. */
  long nextChange() {
    Change first = changes.peek();
    return first == null ? Long.MAX_VALUE : first.at();
  }

  /** Lets the next one happen. */
  void change() {
    Change change = changes.remove();
    changed++;
    if (change.what() == COMES) {
      coming--;
      seats.put(change.seat());
    } else if (change.what() == GOES) {
      seats.remove(change.seat().id());
    } else {
      holding--;
      end = change.at();
      release(change);
    }
  }

  private void release(Change change) {
    AgentSeat seat = seats.seat(change.seat().id());
    if (seat != null) {
      int load = seat.load() - change.cost();
      seats.put(new AgentSeat(seat.agent(), 1, load, Play.START.plusMillis(change.at())));
    }
  }

  /** An agent, already charged in the index, holds a conversation until then. */
  void occupy(AgentSeat seat, int cost, long from, long until) {
    holding++;
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
