// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.routing;

import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Bucket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The agents who are there, ordered so that finding the best one for a conversation costs a look at
 * each <em>group</em> (agents with the same queues, skills, languages and capacity), however many
 * agents a group has. The order is that of {@link AgentSelection}. Used from one thread at a time.
 */
public final class SeatIndex {

  /** Buckets whose groups are remembered; past them all are found again. */
  private static final int MOST_BUCKETS = 10_000;

  private final Map<Agent.Id, Place> places = new HashMap<>();
  private final Map<Profile, Group> groups = new HashMap<>();
  private final Map<Bucket, List<Group>> admitted = new HashMap<>();
  private long room;

  /** An index of these seats. */
  public static SeatIndex of(Collection<AgentSeat> seats) {
    SeatIndex index = new SeatIndex();
    seats.forEach(index::put);
    return index;
  }

  /** Adds a seat or replaces the one of the same agent. */
  public void put(AgentSeat seat) {
    Place place = places.get(seat.id());
    if (place == null) {
      place = new Place(seat, group(seat.agent()));
      places.put(seat.id(), place);
      enter(place);
    } else {
      leave(place);
      if (!place.seat.agent().equals(seat.agent())) {
        place.group = group(seat.agent());
      }
      place.take(seat);
      enter(place);
    }
  }

  /** Takes an agent out; does nothing when it is not there. */
  public void remove(Agent.Id id) {
    Place place = places.remove(id);
    if (place != null) {
      leave(place);
    }
  }

  private void enter(Place place) {
    if (place.free > 0) {
      room += place.free;
      place.group.add(place);
    }
  }

  private void leave(Place place) {
    if (place.free > 0) {
      room -= place.free;
      place.group.remove(place);
    }
  }

  /** The seat of an agent who is there, with or without room, or null. */
  public @Nullable AgentSeat seat(Agent.Id id) {
    Place place = places.get(id);
    return place == null ? null : place.seat;
  }

  /** What all agents together could still take, in costs. */
  public long room() {
    return room;
  }

  /** Whether somebody with room may serve this bucket. */
  public boolean admits(Bucket bucket) {
    for (Group group : admitting(bucket)) {
      if (group.least != null) {
        return true;
      }
    }
    return false;
  }

  /** Whom {@link AgentSelection} would select of all who may serve it now, or null. */
  @Nullable AgentSeat best(Waiting waiting, Instant now) {
    Place best = bestPlace(waiting, now);
    return best == null ? null : best.seat;
  }

  /**
   * Selects the best one and charges it.
   *
   * @return the seat as it was before, or null when nobody may serve it now
   */
  @Nullable AgentSeat charge(Waiting waiting, Instant now) {
    Place best = bestPlace(waiting, now);
    if (best == null) {
      return null;
    }
    AgentSeat before = best.seat;
    leave(best);
    best.take(before.charged(waiting.cost()));
    enter(best);
    return before;
  }

  private @Nullable Place bestPlace(Waiting waiting, Instant now) {
    Place preferred = waiting.preferred() == null ? null : places.get(waiting.preferred());
    if (preferred != null
        && preferred.mayServe(waiting, now)
        && waiting.bucket().admits(preferred.seat.agent())) {
      return preferred;
    }
    Comparator<AgentSeat> order = null;
    Place best = null;
    for (Group group : admitting(waiting.bucket())) {
      Place first = group.first(waiting, now);
      if (first != null && best != null) {
        order = order == null ? AgentSelection.order(waiting) : order;
        best = order.compare(first.seat, best.seat) < 0 ? first : best;
      } else if (first != null) {
        best = first;
      }
    }
    return best;
  }

  /** Agents who may serve it now, some of them: {@code most} at most. */
  List<String> candidates(Waiting waiting, Instant now, int most) {
    List<String> names = new ArrayList<>(most);
    for (Group group : admitting(waiting.bucket())) {
      for (Place place : group.free) {
        if (names.size() == most || place.free < waiting.cost()) {
          break;
        }
        if (place.mayServe(waiting, now)) {
          names.add(place.name);
        }
      }
    }
    return names;
  }

  /** Groups of which somebody, when there is room, may serve this bucket. */
  List<Group> admitting(Bucket bucket) {
    List<Group> known = admitted.get(bucket);
    if (known != null) {
      return known;
    }
    List<Group> found =
        groups.values().stream().filter(group -> bucket.admits(group.example)).toList();
    if (admitted.size() >= MOST_BUCKETS) {
      admitted.clear();
    }
    admitted.put(bucket, found);
    return found;
  }

  private Group group(Agent agent) {
    Profile profile =
        new Profile(agent.queues(), agent.skills(), agent.languages(), agent.capacity());
    Group known = groups.get(profile);
    if (known == null) {
      known = new Group(agent);
      groups.put(profile, known);
      admitted.clear();
    }
    return known;
  }

  /** What makes two agents alike to every conversation. */
  private record Profile(
      List<String> queues, Map<String, Integer> skills, List<String> languages, int capacity) {}

  /**
   * A seat in its group. What decisions look at is kept beside it: most of 5,000 seats are not in
   * the processor's cache when their turn comes. Never changed while it stands in a tree.
   */
  private static final class Place {
    private final String name;
    private Group group;
    private AgentSeat seat;
    private int load;
    private int free;
    private long idleMillis;

    Place(AgentSeat seat, Group group) {
      this.name = seat.id().value();
      this.group = group;
      this.seat = seat;
      take(seat);
    }

    void take(AgentSeat other) {
      seat = other;
      load = other.load();
      free = other.agent().capacity() - other.load();
      idleMillis = other.idleSince().toEpochMilli();
    }

    boolean mayServe(Waiting waiting, Instant now) {
      return free >= waiting.cost()
          && (waiting.declined().isEmpty() || !waiting.isDeclinedBy(seat.id(), now));
    }

    /** {@link AgentSelection#AMONG_ALIKE}: among equal capacities the load is the relative load. */
    static int compare(Place one, Place other) {
      if (one.load != other.load) {
        return Integer.compare(one.load, other.load);
      }
      return one.idleMillis != other.idleMillis
          ? Long.compare(one.idleMillis, other.idleMillis)
          : AgentSelection.AMONG_ALIKE.compare(one.seat, other.seat);
    }
  }

  /** Agents who are alike, those with room: the least loaded first, then the longest idle. */
  static final class Group {
    private final Agent example;
    private final TreeSet<Place> free = new TreeSet<>(Place::compare);

    /** The first of the tree: asked for once per lane and decision. */
    private @Nullable Place least;

    Group(Agent example) {
      this.example = example;
    }

    private void add(Place place) {
      free.add(place);
      least = least == null || Place.compare(place, least) < 0 ? place : least;
    }

    private void remove(Place place) {
      free.remove(place);
      least = place != least ? least : free.isEmpty() ? null : free.first();
    }

    /** Whether somebody may serve it now. */
    boolean mayServe(Waiting waiting, Instant now) {
      return first(waiting, now) != null;
    }

    /** Whether somebody has room for that cost, declined or not. */
    boolean hasRoomFor(int cost) {
      return least != null && least.free >= cost;
    }

    private @Nullable Place first(Waiting waiting, Instant now) {
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
  }
}
