// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.routing;

import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Conversation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Several decisions in a row about one reading of queues and agents: never one conversation twice,
 * never more than an agent has room for. Pure; a decision costs one look at each lane, whatever
 * waits in it.
 *
 * <p><em>Room is kept for one.</em> What costs less passes what costs more than anybody has left,
 * but not for ever: once half of the time promised to it is over, the oldest one passed for its
 * cost gets the room of one agent, of those who could hold it the one with the most left. That
 * agent gets nothing else until it is enough; so at any time less than one cost of one agent lies
 * idle for it. Nothing is remembered: who has the most room and gets nothing still has the most in
 * the next pass.
 */
public final class RoutingPass {

  /** Agents named in the record of a decision. */
  public static final int MAX_CANDIDATES = 8;

  private final RoutingPolicy policy;
  private final Instant now;
  private final SeatIndex seats;
  private final List<Cursor> cursors;
  private final boolean keepsRoom;

  /** The oldest so far that nobody has enough room for, though somebody could hold it. */
  private @Nullable Waiting costly;

  private Agent.@Nullable Id keeper;

  private RoutingPass(
      RoutingPolicy policy, List<Lane> lanes, SeatIndex seats, Instant now, boolean keepsRoom) {
    this.policy = policy;
    this.now = now;
    this.seats = seats;
    this.keepsRoom = keepsRoom;
    this.cursors = new ArrayList<>(lanes.size());
    lanes.forEach(lane -> cursors.add(new Cursor(lane)));
  }

  /**
   * The head of one lane of one bucket: all of one bucket and lateness, in order of score.
   *
   * @param more whether others may stand behind these
   */
  public record Lane(List<Waiting> waiting, boolean more) {
    public Lane {
      waiting = List.copyOf(waiting);
    }

    /** The first few of a lane. */
    public Lane(List<Waiting> waiting) {
      this(waiting, true);
    }
  }

  /**
   * One conversation for one agent.
   *
   * @param candidates agents that could have been chosen, the first 8
   * @param slack deadline minus now, negative when late
   * @param step what was asked of agents at that moment of its wait, or null
   * @param among the first of each lane that anyone with room could have got instead, itself too
   */
  public record Decision(
      Waiting waiting,
      AgentSeat seat,
      String rule,
      List<String> candidates,
      Duration slack,
      @Nullable String step,
      List<Waiting> among) {
    public Decision {
      candidates = List.copyOf(candidates);
      among = Collections.unmodifiableList(among);
    }
  }

  /**
   * What to do, and what to remember.
   *
   * @param starved whether an agent with room saw only conversations that it declined, that are
   *     kept for others or cost more than it has left, and others stand behind them
   * @param opensAt when time alone lets somebody have what nobody may have yet, or null
   * @param keeper whose room was kept for one that costs more than anybody has left, or null
   */
  public record Plan(
      List<Decision> decisions,
      DecisionMemory memory,
      boolean starved,
      @Nullable Instant opensAt,
      Agent.@Nullable Id keeper) {
    public Plan {
      decisions = List.copyOf(decisions);
    }
  }

  /**
   * Decides until nobody has room, nothing is left, or {@code most} decisions are made.
   *
   * @param seats each decision charges its agent there
   * @param skipped conversations not to touch: they are being offered already
   */
  public static Plan plan(
      RoutingPolicy policy,
      DecisionMemory memory,
      List<Lane> lanes,
      SeatIndex seats,
      Set<Conversation.Id> skipped,
      Instant now,
      int most) {
    RoutingPass pass = new RoutingPass(policy, lanes, seats, now, true);
    try {
      return pass.decide(memory, skipped, most);
    } finally {
      seats.giveBackRoom();
    }
  }

  /** Decides once, for somebody who asks for the next one: no room is kept from that. */
  public static Plan take(
      RoutingPolicy policy,
      DecisionMemory memory,
      List<Lane> lanes,
      SeatIndex seats,
      Set<Conversation.Id> skipped,
      Instant now) {
    return new RoutingPass(policy, lanes, seats, now, false).decide(memory, skipped, 1);
  }

  @SuppressWarnings("NullAway") // it does not see Agent.@Nullable Id of a record's component
  private Plan decide(DecisionMemory memory, Set<Conversation.Id> skipped, int most) {
    List<Decision> decisions = new ArrayList<>();
    DecisionMemory remembered = memory;
    while (decisions.size() < most) {
      List<Waiting> heads = heads(skipped);
      if (keepsRoomNow()) {
        heads = heads(skipped);
      }
      if (heads.isEmpty()) {
        break;
      }
      RoutingPolicy.Choice choice = policy.choose(heads, remembered, now);
      remembered = choice.memory();
      decisions.add(seat(choice, heads));
    }
    boolean starved = false;
    Instant opensAt = null;
    for (Cursor cursor : cursors) {
      starved |= cursor.starved;
      Instant opens = cursor.opensAt;
      opensAt = opens != null && (opensAt == null || opens.isBefore(opensAt)) ? opens : opensAt;
    }
    return new Plan(decisions, remembered, starved, opensAt, keeper);
  }

  /** Whether room is kept from now on: who was to have it may have to wait. */
  private boolean keepsRoomNow() {
    if (costly == null || keeper != null) {
      return false;
    }
    keeper = seats.keepRoom(costly, now);
    return keeper != null;
  }

  private List<Waiting> heads(Set<Conversation.Id> skipped) {
    List<Waiting> heads = new ArrayList<>(cursors.size());
    for (Cursor cursor : cursors) {
      Waiting head = cursor.head(skipped);
      if (head != null) {
        heads.add(head);
      }
    }
    return heads;
  }

  private Decision seat(RoutingPolicy.Choice choice, List<Waiting> heads) {
    Waiting picked = choice.picked();
    List<String> names = seats.candidates(picked, now, MAX_CANDIDATES);
    AgentSeat chosen = Objects.requireNonNull(seats.charge(picked, now));
    for (Cursor cursor : cursors) {
      cursor.pass(picked);
    }
    return new Decision(
        picked,
        chosen,
        choice.rule(),
        names,
        Duration.between(now, picked.due()),
        seats.told(picked, chosen, now),
        heads);
  }

  /** A place in a lane and those whom its bucket admits. */
  private final class Cursor {
    private final List<Waiting> waiting;
    private final boolean more;
    private final @Nullable Door door;
    private int next;
    private boolean starved;
    private @Nullable Instant opensAt;
    private Instant newest = Instant.MIN;

    Cursor(Lane lane) {
      this.waiting = lane.waiting();
      this.more = lane.more();
      this.door = waiting.isEmpty() ? null : seats.door(waiting.get(0).bucket());
    }

    /** The first that anyone with room may serve, or null. Agents never regain room in a pass. */
    @Nullable Waiting head(Set<Conversation.Id> skipped) {
      while (door != null && next < waiting.size()) {
        Waiting head = waiting.get(next);
        if (!skipped.contains(head.id())) {
          if (seats.mayServe(door, head, now)) {
            return head;
          }
          passOver(door, head);
        }
        next++;
      }
      return null;
    }

    /** Nobody may have it now; somebody with room may have one behind it, or it later. */
    private void passOver(Door of, Waiting head) {
      boolean elder = newest.isAfter(head.entered());
      newest = elder ? newest : head.entered();
      boolean room = false;
      boolean enough = false;
      for (SeatGroup group : of.widest()) {
        room |= group.hasRoom();
        enough |= group.hasRoomFor(head.cost());
      }
      if (!room) {
        return;
      }
      starved |= more && (elder || !policy.isByAge() || seats.isInTheWay(of, head, now));
      Instant opens = enough ? of.opensAt(head, now) : null;
      opensAt = opens == null || (opensAt != null && opensAt.isBefore(opens)) ? opensAt : opens;
      boolean older = costly == null || Heads.BY_AGE.compare(head, costly) < 0;
      if (keepsRoom && older && head.isHalfOver(now) && seats.isShortOfRoom(of, head, now)) {
        costly = head;
      }
    }

    void pass(Waiting picked) {
      if (next < waiting.size() && waiting.get(next).id().equals(picked.id())) {
        next++;
      }
    }
  }
}
