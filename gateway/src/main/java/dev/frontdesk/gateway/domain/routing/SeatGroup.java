// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.routing;

import dev.frontdesk.gateway.domain.Agent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Agents who are there and alike to every conversation; those with room in order: the least loaded
 * first, then the longest idle. Used from one thread at a time.
 */
final class SeatGroup {

  /** Bits of a key for milliseconds of being idle, enough until the year 2248. */
  private static final int IDLE_BITS = 43;

  private static final long MOST_IDLE = (1L << IDLE_BITS) - 1;
  private static final long MOST_LOAD = (1L << (63 - IDLE_BITS)) - 1;

  /** One of them, for what all have in common. */
  private final Agent example;

  private final Ranking free = new Ranking(2, this::compare);

  /** Places by number; those of nobody are used again. */
  private final List<@Nullable Place> places = new ArrayList<>();

  private final List<Integer> unused = new ArrayList<>();

  /** The first of those with room: asked for once per lane and decision. */
  private @Nullable Place least;

  SeatGroup(Agent example) {
    this.example = example;
  }

  /** An agent with what all of its group have in common. */
  Agent example() {
    return example;
  }

  /** Whether anybody of it is there, with or without room. */
  boolean isPresent() {
    return places.size() > unused.size();
  }

  /** Whether anybody of it is there, with or without room, who has not turned it down. */
  boolean isPresentFor(Waiting waiting, Instant now) {
    for (Place place : places) {
      if (place != null && !waiting.isTurnedDownBy(place.agent().id(), now)) {
        return true;
      }
    }
    return false;
  }

  void enter(Place place) {
    if (unused.isEmpty()) {
      place.number(places.size());
      places.add(place);
    } else {
      place.number(unused.remove(unused.size() - 1));
      places.set(place.number(), place);
    }
    changed(place);
  }

  void leave(Place place) {
    free.remove(place.number());
    places.set(place.number(), null);
    unused.add(place.number());
    least = place(free.first());
  }

  /** Puts a place where it belongs after it took another seat. */
  void changed(Place place) {
    if (place.free() > 0) {
      free.put(place.number(), key(place));
    } else {
      free.remove(place.number());
    }
    least = place(free.first());
  }

  /** Never against {@link Place#compare}; whom it does not tell apart that does. */
  private static long key(Place place) {
    long load = Math.max(0, Math.min(MOST_LOAD, place.load()));
    long idle = Math.max(0, Math.min(MOST_IDLE, place.idleMillis()));
    return load << IDLE_BITS | idle;
  }

  private int compare(int one, int other) {
    return Place.compare(Objects.requireNonNull(place(one)), Objects.requireNonNull(place(other)));
  }

  private @Nullable Place place(int number) {
    return number < 0 ? null : places.get(number);
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
    return least != null && least.free() >= cost;
  }

  /** The first in order who may serve it now, or null. */
  @Nullable Place first(Waiting waiting, Instant now) {
    return least == null || least.mayServe(waiting, now) ? least : firstOfOthers(waiting, now);
  }

  private @Nullable Place firstOfOthers(Waiting waiting, Instant now) {
    Ranking.Walk walk = free.walk();
    while (true) {
      Place place = place(walk.next());
      if (place == null || place.free() < waiting.cost()) {
        return null;
      }
      if (place.mayServe(waiting, now)) {
        return place;
      }
    }
  }

  /** The one with the most room of those who could hold it, or null. */
  @Nullable Place roomiest(Waiting waiting, Instant now) {
    if (example.capacity() < waiting.cost()) {
      return null;
    }
    Ranking.Walk walk = free.walk();
    Place place = place(walk.next());
    while (place != null && !place.couldHold(waiting, now)) {
      place = place(walk.next());
    }
    return place;
  }

  /** Adds names of those who may serve it now until there are {@code most}. */
  void candidates(Waiting waiting, Instant now, int most, List<String> names) {
    Ranking.Walk walk = free.walk();
    while (names.size() < most) {
      Place place = place(walk.next());
      if (place == null || place.free() < waiting.cost()) {
        return;
      }
      if (place.mayServe(waiting, now)) {
        names.add(place.name());
      }
    }
  }
}
