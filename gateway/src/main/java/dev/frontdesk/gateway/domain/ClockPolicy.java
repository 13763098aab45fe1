// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import dev.frontdesk.gateway.domain.calendar.Target;
import dev.frontdesk.gateway.domain.calendar.WorkingTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the clocks of one promise run.
 *
 * @param hours the open time they count
 * @param nextResponse null: later answers are not promised
 * @param resolution null: no time is promised for it
 * @param supplier what an outside party has, or null: nobody counts
 * @param followUp when a pause ended by itself; null: as the next response, else the first
 * @param warnings at least one, in any order
 * @param ladder who is told when it is not kept
 */
public record ClockPolicy(
    WorkingTime hours,
    Target firstResponse,
    @Nullable Target nextResponse,
    @Nullable Target resolution,
    @Nullable Target supplier,
    @Nullable Target followUp,
    List<Warning> warnings,
    Fulfilment fulfilledBy,
    Raise onRaise,
    Ladder ladder) {
  public ClockPolicy {
    warnings = List.copyOf(warnings);
  }

  /** Without a supplier's time and without a ladder. */
  public ClockPolicy(
      WorkingTime hours,
      Target firstResponse,
      @Nullable Target nextResponse,
      @Nullable Target resolution,
      List<Warning> warnings,
      Fulfilment fulfilledBy,
      Raise onRaise) {
    this(
        hours,
        firstResponse,
        nextResponse,
        resolution,
        null,
        null,
        warnings,
        fulfilledBy,
        onRaise,
        Ladder.NONE);
  }

  /** A first response around the clock, with one warning, answered by people. */
  public static ClockPolicy plain(Duration firstResponse, double warnShare) {
    return new ClockPolicy(
        WorkingTime.always(),
        Target.of(firstResponse),
        null,
        null,
        List.of(Warning.after(warnShare)),
        Fulfilment.HUMAN,
        Raise.FROM_CHANGE);
  }

  /** Whose answer keeps a promised response. */
  public enum Fulfilment {
    /** A person's; the clock starts when people are due to answer. */
    HUMAN,
    /** A bot's as well; the clock starts with the customer's message. */
    BOT,
    /** Either's, and each turn of the customer is promised an answer. */
    TURN;

    /** Whether a bot's answer counts. */
    boolean countsBots() {
      return this != HUMAN;
    }
  }

  /** From when a promise counts that a running conversation is raised to. */
  public enum Raise {
    FROM_CHANGE,
    FROM_CREATION
  }

  /**
   * When to warn: after a share of the time, or some time before it is due.
   *
   * @param share 0…1; of no meaning when {@code before} is set
   */
  public record Warning(double share, @Nullable Duration before) {
    public static Warning after(double share) {
      return new Warning(share, null);
    }

    public static Warning before(Duration before) {
      return new Warning(1, before);
    }
  }

  /** What is promised for that clock, or null. */
  @Nullable Target target(ClockKind kind) {
    return switch (kind) {
      case FIRST_RESPONSE -> firstResponse;
      case NEXT_RESPONSE -> nextResponse;
      case RESOLUTION -> resolution;
      case SUPPLIER -> supplier;
      case FOLLOW_UP -> followUp();
    };
  }

  /** What an agent has to come back to a customer, once the time for it has come. */
  @Override
  public Target followUp() {
    if (followUp != null) {
      return followUp;
    }
    return nextResponse == null ? firstResponse : nextResponse;
  }

  /**
   * The instants of the warnings of a clock, ascending; none is before it counts.
   *
   * @param pausedMs open time since {@code from} that does not count
   */
  List<Instant> warnings(Instant from, Instant due, long pausedMs) {
    if (warnings.size() == 1) {
      return List.of(warning(warnings.get(0), from, due, pausedMs));
    }
    return warnings.stream().map(w -> warning(w, from, due, pausedMs)).sorted().distinct().toList();
  }

  /** So much open time before a clock is due, and not before it counts. */
  Instant before(Duration before, ResponseClock clock) {
    return warning(Warning.before(before), clock.from(), clock.dueAt(), clock.course().pausedMs());
  }

  /** When a clock warns first. */
  Instant firstWarning(ResponseClock clock) {
    return warnings(clock.from(), clock.dueAt(), clock.course().pausedMs()).get(0);
  }

  private Instant warning(Warning warning, Instant from, Instant due, long pausedMs) {
    long counted = Math.max(0, hours.between(from, due).toMillis() - pausedMs);
    Duration before = warning.before();
    long after =
        before == null
            ? (long) (counted * warning.share())
            : Math.max(0, counted - before.toMillis());
    return hours.plus(from, Duration.ofMillis(after + pausedMs));
  }

  /** When a target is used up that counts since {@code from} but for {@code pausedMs}. */
  Instant due(Target target, Instant from, long pausedMs) {
    Instant due = hours.plus(from, target);
    return pausedMs == 0 ? due : hours.plus(due, Duration.ofMillis(pausedMs));
  }
}
