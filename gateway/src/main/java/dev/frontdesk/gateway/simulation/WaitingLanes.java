// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import dev.frontdesk.gateway.domain.Bucket;
import dev.frontdesk.gateway.domain.routing.RoutingPass;
import dev.frontdesk.gateway.domain.routing.RoutingPolicy;
import dev.frontdesk.gateway.domain.routing.Waiting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * What waits, as the store keeps it: an on-time and a late lane per bucket in order of the policy's
 * static score. Different costs have lanes of their own, so that the head of each decides for all
 * behind it. Used from one thread.
 */
public final class WaitingLanes {

  private final RoutingPolicy policy;
  private final Map<Place, Lane> byPlace = new LinkedHashMap<>();
  private final List<Lane> lanes = new ArrayList<>();
  private int size;

  public WaitingLanes(RoutingPolicy policy) {
    this.policy = policy;
  }

  private record Place(Bucket bucket, int cost, boolean late) {}

  private record Entry(double score, Waiting waiting) {}

  private static final class Lane {
    private final PriorityQueue<Entry> entries =
        new PriorityQueue<>(
            Comparator.comparingDouble(Entry::score).thenComparing(e -> e.waiting().id().value()));
    private RoutingPass.@Nullable Lane head;
    private @Nullable Lane late;

    /** The lane as a pass reads it: its first one. */
    RoutingPass.Lane head() {
      if (head == null) {
        head = new RoutingPass.Lane(List.of(entries.element().waiting()));
      }
      return head;
    }
  }

  /** Adds one that is on time. */
  public void add(Waiting waiting) {
    add(lane(waiting, false), waiting);
    size++;
  }

  /** How many wait. */
  public int size() {
    return size;
  }

  /** The heads of all lanes with work, after what became late has changed lanes. */
  public List<RoutingPass.Lane> heads(Instant now) {
    List<RoutingPass.Lane> heads = new ArrayList<>(lanes.size());
    for (int i = 0; i < lanes.size(); i++) {
      Lane lane = lanes.get(i);
      Lane late = lane.late;
      while (late != null
          && !lane.entries.isEmpty()
          && lane.entries.element().waiting().isLate(now)) {
        add(late, poll(lane));
      }
      if (!lane.entries.isEmpty()) {
        heads.add(lane.head());
      }
    }
    return heads;
  }

  /** Takes out the head of a lane, as {@link #heads} gave it last. */
  public void remove(Waiting head) {
    for (Lane lane : lanes) {
      Entry first = lane.entries.peek();
      if (first != null && first.waiting().id().equals(head.id())) {
        poll(lane);
        size--;
        return;
      }
    }
    throw new IllegalArgumentException("conversation " + head.id() + " heads no lane");
  }

  private void add(Lane lane, Waiting waiting) {
    Entry entry =
        new Entry(policy.score(waiting.due(), waiting.priority(), waiting.arrival()), waiting);
    lane.entries.add(entry);
    if (lane.entries.element().waiting().id().equals(waiting.id())) {
      lane.head = null;
    }
  }

  private static Waiting poll(Lane lane) {
    lane.head = null;
    return lane.entries.remove().waiting();
  }

  /** A late lane stands behind its on-time lane, so one walk over all sees what just changed. */
  private Lane lane(Waiting waiting, boolean late) {
    Place place = new Place(waiting.bucket(), waiting.cost(), late);
    Lane known = byPlace.get(place);
    if (known != null) {
      return known;
    }
    Lane made = new Lane();
    byPlace.put(place, made);
    lanes.add(made);
    if (!late) {
      made.late = lane(waiting, true);
    }
    return made;
  }
}
