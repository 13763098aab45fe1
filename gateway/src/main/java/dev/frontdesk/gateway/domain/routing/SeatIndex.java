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

  private final Map<Agent.Id, AgentSeat> seats = new HashMap<>();
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
    remove(seat.id());
    seats.put(seat.id(), seat);
    if (seat.hasRoomFor(1)) {
      room += free(seat);
      group(seat.agent()).free.add(seat);
    }
  }

  /** Takes an agent out; does nothing when it is not there. */
  public void remove(Agent.Id id) {
    AgentSeat seat = seats.remove(id);
    if (seat != null && seat.hasRoomFor(1)) {
      room -= free(seat);
      group(seat.agent()).free.remove(seat);
    }
  }

  /** The seat of an agent who is there, with or without room, or null. */
  public @Nullable AgentSeat seat(Agent.Id id) {
    return seats.get(id);
  }

  /** What all agents together could still take, in costs. */
  public long room() {
    return room;
  }

  /** Whether somebody with room may serve this bucket. */
  public boolean admits(Bucket bucket) {
    for (Group group : admitting(bucket)) {
      if (!group.free.isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /** Whom {@link AgentSelection} would select of all who may serve it now, or null. */
  @Nullable AgentSeat best(Waiting waiting, Instant now) {
    Agent.Id preferred = waiting.preferred();
    AgentSeat seat = preferred == null ? null : seats.get(preferred);
    if (seat != null && waiting.bucket().admits(seat.agent()) && mayServe(seat, waiting, now)) {
      return seat;
    }
    Comparator<AgentSeat> order = null;
    AgentSeat best = null;
    for (Group group : admitting(waiting.bucket())) {
      AgentSeat first = group.first(waiting, now);
      if (first != null && best != null && order == null) {
        order = AgentSelection.order(waiting);
      }
      if (first != null && (best == null || order == null || order.compare(first, best) < 0)) {
        best = first;
      }
    }
    return best;
  }

  /** Agents who may serve it now, some of them: {@code most} at most. */
  List<String> candidates(Waiting waiting, Instant now, int most) {
    List<String> names = new ArrayList<>(most);
    for (Group group : admitting(waiting.bucket())) {
      for (AgentSeat seat : group.free) {
        if (names.size() == most || !seat.hasRoomFor(waiting.cost())) {
          break;
        }
        if (!waiting.isDeclinedBy(seat.id(), now)) {
          names.add(seat.id().value());
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

  private static int free(AgentSeat seat) {
    return seat.agent().capacity() - seat.load();
  }

  private static boolean mayServe(AgentSeat seat, Waiting waiting, Instant now) {
    return seat.hasRoomFor(waiting.cost()) && !waiting.isDeclinedBy(seat.id(), now);
  }

  /** What makes two agents alike to every conversation. */
  private record Profile(
      List<String> queues, Map<String, Integer> skills, List<String> languages, int capacity) {}

  /** Agents who are alike, those with room: the least loaded first, then the longest idle. */
  static final class Group {
    private final Agent example;
    private final TreeSet<AgentSeat> free = new TreeSet<>(AgentSelection.AMONG_ALIKE);

    Group(Agent example) {
      this.example = example;
    }

    /** The first who may serve it now, or null. */
    @Nullable AgentSeat first(Waiting waiting, Instant now) {
      for (AgentSeat seat : free) {
        if (!seat.hasRoomFor(waiting.cost())) {
          return null;
        }
        if (!waiting.isDeclinedBy(seat.id(), now)) {
          return seat;
        }
      }
      return null;
    }

    /** Whether somebody has room for that cost, declined or not. */
    boolean hasRoomFor(int cost) {
      return !free.isEmpty() && free.first().hasRoomFor(cost);
    }
  }
}
