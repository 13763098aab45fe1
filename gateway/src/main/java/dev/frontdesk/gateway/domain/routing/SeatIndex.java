// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.routing;

import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Bucket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The agents who are there, ordered so that finding the best one for a conversation costs a look at
 * each <em>group</em> (agents with the same queues, delays, skills, languages and capacity),
 * however many agents a group has. The order is that of {@link AgentSelection}. Used from one
 * thread at a time.
 */
public final class SeatIndex {

  /** Buckets whose doors are remembered; past them all are made again. */
  private static final int MOST_DOORS = 10_000;

  /** Groups kept though nobody is in them, besides as many as there are others. */
  private static final int MOST_EMPTY = 64;

  private final Access access;
  private final Map<Agent.Id, Place> places = new HashMap<>();
  private final Map<Profile, SeatGroup> groups = new HashMap<>();
  private final Map<Bucket, Door> doors = new HashMap<>();
  private int empty;
  private long room;

  /** Who gets nothing at the moment, because its room is kept. */
  private @Nullable Place keeper;

  /** An index of nobody, where everybody may have everything at once. */
  public SeatIndex() {
    this(Access.OPEN);
  }

  /** An index of nobody. */
  public SeatIndex(Access access) {
    this.access = access;
  }

  /** An index of these seats, where everybody may have everything at once. */
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
    } else if (isSame(place.agent(), seat.agent())) {
      take(place, seat);
      return;
    } else {
      leave(place);
      place.join(group(seat.agent()), seat.agent());
      place.take(seat);
      enter(place);
    }
    forgetEmpty();
  }

  /** Takes an agent out; does nothing when it is not there. */
  public void remove(Agent.Id id) {
    Place place = places.remove(id);
    if (place != null) {
      leave(place);
      forgetEmpty();
    }
  }

  @SuppressWarnings(
      "ReferenceEquality") // the same object is the usual case and equal without a look
  private static boolean isSame(Agent one, Agent other) {
    return one == other || one.equals(other);
  }

  private void take(Place place, AgentSeat seat) {
    room -= place.free();
    place.take(seat);
    room += place.free();
    place.group().changed(place);
  }

  private void enter(Place place) {
    empty -= place.group().isPresent() ? 0 : 1;
    room += place.free();
    place.group().enter(place);
  }

  private void leave(Place place) {
    room -= place.free();
    place.group().leave(place);
    empty += place.group().isPresent() ? 0 : 1;
  }

  /** Groups come and go with people and configurations; those of people who left go in lots. */
  private void forgetEmpty() {
    if (empty > MOST_EMPTY && 2 * empty > groups.size()) {
      groups.values().removeIf(group -> !group.isPresent());
      doors.clear();
      empty = 0;
    }
  }

  /** How many groups are remembered: never more than twice those with people, and 64. */
  int groups() {
    return groups.size();
  }

  /** The seat of an agent who is there, with or without room, or null. */
  public @Nullable AgentSeat seat(Agent.Id id) {
    Place place = places.get(id);
    return place == null ? null : place.seat();
  }

  /** What all agents together could still take, in costs. */
  public long room() {
    return room;
  }

  /** Whether somebody with room may serve this bucket, now or after some wait. */
  public boolean admits(Bucket bucket) {
    for (SeatGroup group : door(bucket).widest()) {
      if (group.hasRoom()) {
        return true;
      }
    }
    return false;
  }

  /** Whom {@link AgentSelection} would select of all who may serve it now, or null. */
  @Nullable AgentSeat best(Waiting waiting, Instant now) {
    Place best = bestPlace(waiting, now);
    return best == null ? null : best.seat();
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
    AgentSeat before = best.seat();
    room -= best.free();
    best.charge(waiting.cost());
    room += best.free();
    best.group().changed(best);
    return before;
  }

  private @Nullable Place bestPlace(Waiting waiting, Instant now) {
    Place kept = kept(waiting, now);
    if (kept != null) {
      return kept.mayServe(waiting, now) ? kept : null;
    }
    Door door = door(waiting.bucket());
    List<SeatGroup> circle = door.circle(waiting, now);
    Place preferred = preferred(waiting);
    if (preferred != null
        && preferred.mayServe(waiting, now)
        && circle.contains(preferred.group())) {
      return preferred;
    }
    Comparator<Agent> fit = null;
    Place best = null;
    for (SeatGroup group : circle) {
      Place first = group.first(waiting, now);
      if (first != null && best != null) {
        fit = fit == null ? door.fit(waiting) : fit;
        best = isBefore(fit, first, best) ? first : best;
      } else if (first != null) {
        best = first;
      }
    }
    return best;
  }

  /** {@link AgentSelection#order} of agents of two groups, neither of them the preferred one. */
  private static boolean isBefore(Comparator<Agent> fit, Place one, Place other) {
    int fits = fit.compare(one.group().example(), other.group().example());
    return fits == 0 ? Place.compare(one, other) < 0 : fits < 0;
  }

  private @Nullable Place preferred(Waiting waiting) {
    return waiting.preferred() == null ? null : places.get(waiting.preferred());
  }

  /** The one agent it is kept for now, who is there, with or without room; else null. */
  private @Nullable Place kept(Waiting waiting, Instant now) {
    Place place = preferred(waiting);
    if (place == null || waiting.bucket().isReserved() || !waiting.bucket().admits(place.agent())) {
      return null;
    }
    Duration kept = access.kept(waiting);
    return waiting.waitedMillis(now) < kept.toMillis() ? place : null;
  }

  /** Whether somebody with room may have it now. */
  boolean mayServe(Door door, Waiting waiting, Instant now) {
    Place kept = kept(waiting, now);
    if (kept != null) {
      return kept.mayServe(waiting, now);
    }
    for (SeatGroup group : door.circle(waiting, now)) {
      if (group.mayServe(waiting, now)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether somebody may have one that came later though nobody may have this one: it was declined,
   * is kept for somebody, or costs more than is left. Else it only has to wait, and later ones
   * longer.
   */
  boolean isInTheWay(Door door, Waiting waiting, Instant now) {
    if (kept(waiting, now) != null || door.isForSpeakers(waiting, now)) {
      return true;
    }
    for (SeatGroup group : door.circle(waiting, now)) {
      if (group.hasRoom()) {
        return true;
      }
    }
    return false;
  }

  /** Whether only room is missing: somebody could hold it and has some, nobody enough. */
  boolean isShortOfRoom(Door door, Waiting waiting, Instant now) {
    return roomiest(door, waiting, now) != null;
  }

  /**
   * Lets nobody else have the room of the agent who is nearest to having enough for this one, until
   * {@link #giveBackRoom}.
   *
   * @return who that is, or null when there is nobody, or somebody has enough
   */
  Agent.@Nullable Id keepRoom(Waiting waiting, Instant now) {
    giveBackRoom();
    Place place = roomiest(door(waiting.bucket()), waiting, now);
    if (place == null) {
      return null;
    }
    room -= place.free();
    place.shut();
    place.group().changed(place);
    keeper = place;
    return place.agent().id();
  }

  /** What was kept may be had again. */
  void giveBackRoom() {
    Place place = keeper;
    if (place != null) {
      place.reopen();
      room += place.free();
      place.group().changed(place);
      keeper = null;
    }
  }

  /** Of those who could hold it the one with the most room; null when it is enough for it. */
  private @Nullable Place roomiest(Door door, Waiting waiting, Instant now) {
    Place kept = kept(waiting, now);
    if (kept != null) {
      return kept.couldHold(waiting, now) && kept.free() < waiting.cost() ? kept : null;
    }
    Place most = null;
    for (SeatGroup group : door.circle(waiting, now)) {
      if (group.hasRoomFor(waiting.cost())) {
        return null;
      }
      Place first = group.roomiest(waiting, now);
      boolean better = first != null && (most == null || hasMoreRoom(first, most));
      most = better ? first : most;
    }
    return most;
  }

  private static boolean hasMoreRoom(Place one, Place other) {
    return one.free() == other.free() ? Place.compare(one, other) < 0 : one.free() > other.free();
  }

  /** Agents who may serve it now, some of them: {@code most} at most. */
  List<String> candidates(Waiting waiting, Instant now, int most) {
    Place kept = kept(waiting, now);
    if (kept != null) {
      return List.of(kept.name());
    }
    List<String> names = new ArrayList<>(most);
    for (SeatGroup group : door(waiting.bucket()).circle(waiting, now)) {
      group.candidates(waiting, now, most, names);
    }
    return names;
  }

  /** What a decision tells about the wait it made, or null when nothing depends on it. */
  @Nullable String told(Waiting waiting, AgentSeat chosen, Instant now) {
    return door(waiting.bucket()).told(waiting, chosen.agent(), kept(waiting, now) != null, now);
  }

  /** Who may come to a bucket's conversations. */
  Door door(Bucket bucket) {
    Door known = doors.get(bucket);
    if (known != null) {
      return known;
    }
    if (doors.size() >= MOST_DOORS) {
      doors.clear();
    }
    Door made = new Door(bucket, access, groups.values());
    doors.put(bucket, made);
    return made;
  }

  private SeatGroup group(Agent agent) {
    Profile profile =
        new Profile(
            agent.queues(), agent.delays(), agent.skills(), agent.languages(), agent.capacity());
    SeatGroup known = groups.get(profile);
    if (known == null) {
      known = new SeatGroup(agent);
      groups.put(profile, known);
      empty++;
      doors.clear();
    }
    return known;
  }

  /** What makes two agents alike to every conversation. */
  private record Profile(
      List<String> queues,
      Map<String, Duration> delays,
      Map<String, Integer> skills,
      List<String> languages,
      int capacity) {}
}
