// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import dev.frontdesk.gateway.domain.Bucket;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.routing.Ranking;
import dev.frontdesk.gateway.domain.routing.RoutingPass;
import dev.frontdesk.gateway.domain.routing.RoutingPolicy;
import dev.frontdesk.gateway.domain.routing.Waiting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What waits, as the store keeps it: an on-time and a late lane per bucket in order of the policy's
 * static score. Different costs have lanes of their own, so that the head of each decides for all
 * behind it. A conversation is a row of numbers until it heads its lane. Used from one thread.
 */
public final class WaitingLanes {

  /** The priority of a conversation that nobody gave another (contract §2). */
  private static final int PRIORITY = 5;

  private final RoutingPolicy policy;
  private final Map<Place, Lane> byPlace = new LinkedHashMap<>();
  private final List<Lane> lanes = new ArrayList<>();
  private int size;

  public WaitingLanes(RoutingPolicy policy) {
    this.policy = policy;
  }

  /** Which lane. */
  private record Place(Bucket bucket, int cost, boolean late) {}

  /** Those of one lane. */
  private static final class Lane {

    /** Numbers of a row: of the conversation, when it is due, when it arrived. */
    private static final int ROW = 3;

    private static final int FIRST_ROOM = 8;
    private static final int BRANCHES = 16;

    private final Place place;
    private final Ranking order = new Ranking(BRANCHES, this::compare);
    private long[] rows = new long[ROW * FIRST_ROOM];
    private int[] unused = new int[FIRST_ROOM];
    private int unusedSize;
    private RoutingPass.@Nullable Lane head;
    private @Nullable Lane late;

    /** When its first one is due, in milliseconds; the end of time when it is empty. */
    private long due = Long.MAX_VALUE;

    Lane(Place place) {
      this.place = place;
    }

    private int compare(int one, int other) {
      return Long.compare(rows[ROW * one], rows[ROW * other]);
    }

    /** The lane as a pass reads it: its first one; null when it is empty. */
    RoutingPass.@Nullable Lane head() {
      if (head == null && order.size() > 0) {
        head = new RoutingPass.Lane(List.of(waiting(ROW * order.first())));
      }
      return head;
    }

    private Waiting waiting(int row) {
      return new Waiting(
          new Conversation.Id(Long.toString(rows[row])),
          place.bucket(),
          false,
          Instant.ofEpochMilli(rows[row + 1]),
          PRIORITY,
          Instant.ofEpochMilli(rows[row + 2]),
          null,
          null,
          place.cost(),
          Map.of());
    }

    boolean isHeadedBy(Waiting waiting) {
      return head != null && head.waiting().get(0).id().equals(waiting.id());
    }

    void add(long number, long dueMillis, long arrival, double score) {
      int row = unusedSize > 0 ? unused[--unusedSize] : order.size();
      if (ROW * row == rows.length) {
        rows = Arrays.copyOf(rows, 2 * rows.length);
      }
      rows[ROW * row] = number;
      rows[ROW * row + 1] = dueMillis;
      rows[ROW * row + 2] = arrival;
      order.put(row, Ranking.keyOf(score));
      if (order.first() == row) {
        headed();
      }
    }

    private void headed() {
      head = null;
      due = order.size() == 0 ? Long.MAX_VALUE : rows[ROW * order.first() + 1];
    }

    /** Takes out the first one. */
    void remove() {
      int first = order.first();
      order.remove(first);
      if (unusedSize == unused.length) {
        unused = Arrays.copyOf(unused, 2 * unusedSize);
      }
      unused[unusedSize++] = first;
      headed();
    }
  }

  /**
   * Adds one that is on time.
   *
   * @param number its id; tells apart whose score is the same
   */
  public void add(Bucket bucket, int cost, long number, Instant due, Instant arrival) {
    add(lane(bucket, cost, false), number, due.toEpochMilli(), arrival.toEpochMilli());
    size++;
  }

  /** How many wait. */
  public int size() {
    return size;
  }

  /** The heads of all lanes with work, after what became late has changed lanes. */
  public List<RoutingPass.Lane> heads(Instant now) {
    long millis = now.toEpochMilli();
    List<RoutingPass.Lane> heads = new ArrayList<>(lanes.size());
    for (int i = 0; i < lanes.size(); i++) {
      Lane lane = lanes.get(i);
      Lane late = lane.late;
      while (late != null && lane.due < millis) {
        int row = Lane.ROW * lane.order.first();
        add(late, lane.rows[row], lane.rows[row + 1], lane.rows[row + 2]);
        lane.remove();
      }
      RoutingPass.Lane head = lane.head();
      if (head != null) {
        heads.add(head);
      }
    }
    return heads;
  }

  /** Takes out the head of a lane, as {@link #heads} gave it last. */
  public void remove(Waiting head) {
    for (Lane lane : lanes) {
      if (lane.isHeadedBy(head)) {
        lane.remove();
        size--;
        return;
      }
    }
    throw new IllegalArgumentException("conversation " + head.id() + " heads no lane");
  }

  private void add(Lane lane, long number, long due, long arrival) {
    double score = policy.score(Instant.ofEpochMilli(due), PRIORITY, Instant.ofEpochMilli(arrival));
    lane.add(number, due, arrival, score);
  }

  /** A late lane stands behind its on-time lane, so one walk over all sees what just changed. */
  private Lane lane(Bucket bucket, int cost, boolean late) {
    Place place = new Place(bucket, cost, late);
    Lane known = byPlace.get(place);
    if (known != null) {
      return known;
    }
    Lane made = new Lane(place);
    byPlace.put(place, made);
    lanes.add(made);
    if (!late) {
      made.late = lane(bucket, cost, true);
    }
    return made;
  }
}
