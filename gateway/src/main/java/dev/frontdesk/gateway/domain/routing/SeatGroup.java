// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.routing;

import dev.frontdesk.gateway.domain.Agent;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Agents who are there and alike to every conversation; those with room in order: the least loaded
 * first, then the longest idle. Used from one thread at a time.
 */
final class SeatGroup {

  /** One of them, for what all have in common. */
  private final Agent example;

  private final TreeSet<Place> free = new TreeSet<>(Place::compare);

  /** The first of the tree: asked for once per lane and decision. */
  private @Nullable Place least;

  private int present;

  SeatGroup(Agent example) {
    this.example = example;
  }

  /** An agent with what all of its group have in common. */
  Agent example() {
    return example;
  }

  /** Whether anybody of it is there, with or without room. */
  boolean isPresent() {
    return present > 0;
  }

  void enter(Place place) {
    present++;
    if (place.free > 0) {
      free.add(place);
      least = least == null || Place.compare(place, least) < 0 ? place : least;
    }
  }

  void leave(Place place) {
    present--;
    if (place.free > 0) {
      free.remove(place);
      least = place != least ? least : free.isEmpty() ? null : free.first();
    }
  }

  /** Whether anybody of it has room. */
  boolean hasRoom() {
    return least != null;
  }

  /** Whether somebody may serve it now. */
  boolean mayServe(Waiting waiting, Instant now) {
    return first(waiting, now) != null;
  }

  /** Whether somebody has room for that cost, declined or not. */
  boolean hasRoomFor(int cost) {
    return least != null && least.free >= cost;
  }

  /** The first in order who may serve it now, or null. */
  @Nullable Place first(Waiting waiting, Instant now) {
    return least == null || least.mayServe(waiting, now) ? least : firstOfOthers(waiting, now);
  }

  private @Nullable Place firstOfOthers(Waiting waiting, Instant now) {
    for (Place place : free) {
      if (place.free < waiting.cost()) {
        return null;
      }
      if (place.mayServe(waiting, now)) {
        return place;
      }
    }
    return null;
  }

  /** Adds names of those who may serve it now until there are {@code most}. */
  void candidates(Waiting waiting, Instant now, int most, List<String> names) {
    for (Place place : free) {
      if (names.size() == most || place.free < waiting.cost()) {
        return;
      }
      if (place.mayServe(waiting, now)) {
        names.add(place.name);
      }
    }
  }

  /**
   * A seat in its group. What decisions look at is kept beside it: most of 5,000 seats are not in
   * the processor's cache when their turn comes. Never changed while it stands in a tree.
   */
  static final class Place {
    private final String name;
    private SeatGroup group;
    private AgentSeat seat;
    private int load;
    private int free;
    private long idleMillis;

    Place(AgentSeat seat, SeatGroup group) {
      this.name = seat.id().value();
      this.group = group;
      this.seat = seat;
      take(seat);
    }

    void take(AgentSeat other) {
      seat = other;
      load = other.load();
      free = Math.max(0, other.free());
      idleMillis = other.idleSince().toEpochMilli();
    }

    String name() {
      return name;
    }

    AgentSeat seat() {
      return seat;
    }

    SeatGroup group() {
      return group;
    }

    void join(SeatGroup other) {
      group = other;
    }

    /** What still fits, in costs, 0 at least. */
    int free() {
      return free;
    }

    boolean mayServe(Waiting waiting, Instant now) {
      return free >= waiting.cost()
          && (waiting.declined().isEmpty() || !waiting.isDeclinedBy(seat.id(), now));
    }

    /** {@link AgentSelection#AMONG_ALIKE}: among equal capacities the load is the relative load. */
    private static int compare(Place one, Place other) {
      if (one.load != other.load) {
        return Integer.compare(one.load, other.load);
      }
      return one.idleMillis != other.idleMillis
          ? Long.compare(one.idleMillis, other.idleMillis)
          : AgentSelection.AMONG_ALIKE.compare(one.seat, other.seat);
    }
  }
}
