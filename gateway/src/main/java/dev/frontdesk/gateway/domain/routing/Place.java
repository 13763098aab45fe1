// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.routing;

import dev.frontdesk.gateway.domain.Agent;
import java.time.Instant;

/**
 * Where an agent sits in its group: the seat taken apart, all that decisions look at side by side
 * and nothing new to refer to when it changes. Of 5,000 seats most are not in the processor's cache
 * when their turn comes. Used from one thread at a time.
 */
final class Place {
  private final String name;
  private Agent agent;
  private SeatGroup group;
  private int generation;
  private int load;
  private int more;
  private int free;
  private long idleSecond;
  private int idleNano;

  /** In its group. */
  private int number;

  Place(AgentSeat seat, SeatGroup group) {
    this.name = seat.id().value();
    this.agent = seat.agent();
    this.group = group;
    take(seat);
  }

  /** Becomes what the seat is now. Its group is to be told, or it to leave that before. */
  void take(AgentSeat seat) {
    Instant since = seat.idleSince();
    idleSecond = since.getEpochSecond();
    idleNano = since.getNano();
    generation = seat.generation();
    sit(seat.load(), seat.more());
  }

  /** Holds one more. Its group is to be told. */
  void charge(int cost) {
    sit(load + cost, more == AgentSeat.ANY ? AgentSeat.ANY : more - 1);
  }

  private void sit(int holding, int mayTake) {
    load = holding;
    more = mayTake;
    free = mayTake <= 0 ? 0 : Math.max(0, group.example().capacity() - holding);
  }

  /** Its room is nobody's until it is reopened. Its group is to be told. */
  void shut() {
    free = 0;
  }

  /** Has the room it had before it was shut. Its group is to be told. */
  void reopen() {
    sit(load, more);
  }

  /** Goes to a group as another agent of the same name. */
  void join(SeatGroup other, Agent as) {
    group = other;
    agent = as;
  }

  /** What was taken, and charged since. */
  AgentSeat seat() {
    return new AgentSeat(
        agent, generation, load, Instant.ofEpochSecond(idleSecond, idleNano), more);
  }

  String name() {
    return name;
  }

  Agent agent() {
    return agent;
  }

  SeatGroup group() {
    return group;
  }

  int number() {
    return number;
  }

  void number(int other) {
    number = other;
  }

  int load() {
    return load;
  }

  /** What still fits, in costs, 0 at least. */
  int free() {
    return free;
  }

  /** Since when it holds less than before, whole milliseconds. */
  long idleMillis() {
    return 1000 * idleSecond + idleNano / 1_000_000;
  }

  boolean mayServe(Waiting waiting, Instant now) {
    return free >= waiting.cost()
        && (waiting.declined().isEmpty() || !waiting.isDeclinedBy(agent.id(), now));
  }

  /** Whether it has some room, and could have enough for this one. */
  boolean couldHold(Waiting waiting, Instant now) {
    return free > 0
        && group.example().capacity() >= waiting.cost()
        && (waiting.declined().isEmpty() || !waiting.isDeclinedBy(agent.id(), now));
  }

  /** {@link AgentSelection#AMONG_ALIKE}. */
  static int compare(Place one, Place other) {
    int capacity = one.group.example().capacity();
    int others = other.group.example().capacity();
    int order =
        capacity == others
            ? Integer.compare(one.load, other.load)
            : Double.compare((double) one.load / capacity, (double) other.load / others);
    order = order == 0 ? Long.compare(one.idleSecond, other.idleSecond) : order;
    order = order == 0 ? Integer.compare(one.idleNano, other.idleNano) : order;
    return order == 0 ? one.name.compareTo(other.name) : order;
  }
}
