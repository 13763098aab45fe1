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
    return new Effect.Queued(
        bucket(c),
        isLate(c.clock()),
        due(c.clock(), since, terms.promise(triage.promise())),
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

  private static boolean isLate(@Nullable ResponseClock clock) {
    return clock != null && clock.isOpen() && clock.state() == ResponseClock.State.BREACHED;
  }

  /** Without a clock (an answered conversation comes back) the promise counts from the wait on. */
  private static Instant due(@Nullable ResponseClock clock, Instant since, Terms.Promise promise) {
    return clock != null && clock.isOpen()
        ? clock.dueAt()
        : promise.clocks().hours().plus(since, promise.clocks().firstResponse());
  }
}
