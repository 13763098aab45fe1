// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who is told, one after another, while a promise is not kept. Pure; when a level falls due follows
 * from its clock alone.
 *
 * @param levels {@link #MOST} at most, in the order of the configuration; a level is named by its
 *     place, from 1
 * @param mark stands for what the levels say, the same on every node: another mark is another
 *     ladder
 * @param clocks those that have a level
 */
public record Ladder(List<Level> levels, int mark, Set<ClockKind> clocks) {

  /** A bit of an int each. */
  public static final int MOST = 16;

  /** Nobody is told. */
  public static final Ladder NONE = new Ladder(List.of(), 0, Set.of());

  public Ladder {
    levels = List.copyOf(levels);
    clocks = Set.copyOf(clocks);
  }

  /** The ladder of these levels. */
  public static Ladder of(List<Level> levels) {
    if (levels.isEmpty()) {
      return NONE;
    }
    Set<ClockKind> clocks = EnumSet.noneOf(ClockKind.class);
    levels.forEach(level -> clocks.add(level.clock()));
    return new Ladder(
        levels, levels.stream().map(Level::name).collect(Collectors.joining()).hashCode(), clocks);
  }

  /** What a level counts from. */
  public enum Moment {
    /** The first warning of its clock, and so much open time after it. */
    WARNING,
    /** The breach, and so much open time after it. */
    BREACH,
    /** So much open time before the deadline. */
    BEFORE
  }

  /**
   * One level.
   *
   * @param time open time, 0 or more
   */
  public record Level(ClockKind clock, Moment moment, Duration time, Target to) {

    /** Who serves a queue, or what a text says, makes no other ladder. */
    private String name() {
      return clock + " " + moment + " " + time + " " + to.label() + "\n";
    }

    /** When it falls due; null while its clock stands still or when nobody waits any more. */
    public @Nullable Instant at(@Nullable ResponseClock clock, ClockPolicy policy) {
      if (clock == null || !clock.isOpen() || clock.state() == ResponseClock.State.PAUSED) {
        return null;
      }
      return switch (moment) {
        case WARNING -> policy.hours().plus(policy.firstWarning(clock), time);
        case BEFORE -> policy.before(time, clock);
        case BREACH -> time.isZero() ? clock.missedAt() : policy.hours().plus(clock.dueAt(), time);
      };
    }
  }

  /** Whom a level tells, besides live views and whoever has the conversation. */
  public sealed interface Target {
    /** As the history shows it. */
    String label();
  }

  /**
   * People who supervise, by a row in their inboxes.
   *
   * @param name the one, or the queue they serve
   */
  public record Supervisors(String name, boolean group, List<Agent.Id> people) implements Target {
    public Supervisors {
      people = List.copyOf(people);
    }

    @Override
    public String label() {
      return (group ? "group:" : "supervisor:") + name;
    }
  }

  /** An endpoint of outgoing events, whether or not it asked for this kind. */
  public record Endpoint(String name) implements Target {
    @Override
    public String label() {
      return "event:" + name;
    }
  }

  /** A contact on a channel of ours, by a message; never a customer about its own conversation. */
  public record Person(String channel, String externalId, String text) implements Target {

    @Override
    public String label() {
      return "channel:" + channel;
    }

    /** Whether it is who the conversation is with. */
    boolean is(ContactKey contact) {
      return contact.channel().equals(channel) && contact.externalId().equals(externalId);
    }
  }
}
