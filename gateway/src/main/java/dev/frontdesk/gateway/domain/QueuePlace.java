// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where a conversation stands in the queue: a function of its state and the terms. */
final class QueuePlace {
  private QueuePlace() {}

  /** Its row, or null unless it is WAITING. */
  @SuppressWarnings("NullAway") // it does not see Agent.@Nullable Id of a record's component
  static Effect.@Nullable Queued of(Conversation c, Terms terms) {
    if (c.stage() != Conversation.Stage.WAITING) {
      return null;
    }
    Triage triage = c.triage();
    Instant since = Objects.requireNonNullElse(c.waitingSince(), c.openedAt());
    ResponseClock clock = decisive(c.clock(), c.clock(ClockKind.NEXT_RESPONSE));
    return new Effect.Queued(
        bucket(c),
        isLate(clock, c.armed().containsKey(Timer.Kind.LATE)),
        due(clock, since, terms.promise(triage.promise())),
        triage.priority(),
        since,
        entered(c, since),
        c.lastAgent() == null ? triage.aim().agent() : c.lastAgent(),
        c.lastAgent() == null && triage.aim().agent() != null,
        triage.language(),
        terms.cost(c.contact().channel()),
        c.declined());
  }

  /** Since when it waits in the queue it is in now. */
  private static Instant entered(Conversation c, Instant since) {
    Instant queued = c.queuedSince();
    return queued == null || queued.isBefore(since) ? since : queued;
  }

  /** Which bucket it waits in, or would if it waited. */
  static Bucket bucket(Conversation c) {
    return bucket(c.triage(), c.armed().containsKey(Timer.Kind.RETURN));
  }

  /** The same of a draft, now. */
  static Bucket bucket(Draft d) {
    return bucket(d.triage, d.isArmed(Timer.Kind.RETURN));
  }

  /** While the time of supervisors runs it is reserved for them, whatever the steps ask. */
  private static Bucket bucket(Triage triage, boolean reserved) {
    if (!reserved) {
      return new Bucket(triage.queue(), triage.promise(), triage.skills(), triage.aim().steps());
    }
    Map<String, Integer> skills = new HashMap<>(triage.skills());
    skills.put(OfferTerms.SUPERVISOR, 1);
    return new Bucket(triage.queue(), triage.promise(), skills);
  }

  /**
   * When it is to become late here though no clock runs that says so: the first instant past its
   * deadline. Null: it does not wait, a clock runs, or it is late.
   */
  static @Nullable Instant lateAt(Draft d) {
    ResponseClock clock = decisive(d.clock, d.clock(ClockKind.NEXT_RESPONSE));
    boolean decided = clock != null && clock.state() != ResponseClock.State.PAUSED;
    if (d.stage != Conversation.Stage.WAITING || decided) {
      return null;
    }
    Instant since = Objects.requireNonNullElse(d.waitingSince, d.openedAt());
    Instant due = due(clock, since, d.terms.promise(d.triage.promise()));
    return due.isBefore(d.now) ? null : due.plusMillis(1);
  }

  /** The clock of the answer the customer waits for, if one was started and is not over. */
  private static @Nullable ResponseClock decisive(
      @Nullable ResponseClock first, @Nullable ResponseClock next) {
    if (Clocks.isOpen(first)) {
      return first;
    }
    return Clocks.isOpen(next) ? next : null;
  }

  /** Until its breach while a clock runs, else until the timer that stands for that fired. */
  private static boolean isLate(@Nullable ResponseClock clock, boolean armed) {
    boolean running = clock != null && clock.state() == ResponseClock.State.RUNNING;
    return !running && !armed;
  }

  /** Without a clock (an answered conversation comes back) the promise counts from the wait on. */
  private static Instant due(@Nullable ResponseClock clock, Instant since, Terms.Promise promise) {
    return clock != null
        ? clock.dueAt()
        : promise.clocks().hours().plus(since, promise.clocks().firstResponse());
  }
}
