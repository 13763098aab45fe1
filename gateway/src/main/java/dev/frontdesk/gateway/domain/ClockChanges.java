// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import dev.frontdesk.gateway.domain.Effect.InboxRow.Change;
import dev.frontdesk.gateway.domain.ResponseClock.Course;
import dev.frontdesk.gateway.domain.ResponseClock.State;
import dev.frontdesk.gateway.domain.calendar.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What happens to clocks that run: pauses, another promise, other rules. Verdicts never change. */
final class ClockChanges {
  private ClockChanges() {}

  /**
   * Clocks follow the promise the event left behind, and stand still exactly while we wait for the
   * customer, or cannot answer. Called at the end of every event, so that no way out of a pause
   * leaves one standing.
   */
  static void settle(Draft d) {
    if (d.promiseChanged() && (d.clock != null || !d.laterClocks().isEmpty())) {
      promiseChanged(d, d.clock);
    }
    if (d.pause == null || d.pause.on() != Conversation.Pause.On.SUPPLIER) {
      Clocks.voided(d, ClockKind.SUPPLIER);
    }
    boolean still = d.pause != null && d.pause.on() == Conversation.Pause.On.CUSTOMER;
    boolean cutOff = ReachRules.isCutOff(d);
    Instant since = cutOff ? ReachRules.closedAt(d) : d.now;
    stand(d, ClockKind.FIRST_RESPONSE, still, cutOff, since);
    for (ClockKind kind : d.laterClocks()) {
      stand(d, kind, still, cutOff, since);
    }
  }

  private static void stand(Draft d, ClockKind kind, boolean still, boolean cutOff, Instant since) {
    ResponseClock clock = d.clock(kind);
    if (clock == null) {
      return;
    }
    boolean mute = cutOff && kind.isAnswered();
    boolean stands = mute || (still && kind.pauses());
    if (stands && clock.state() == State.RUNNING && !clock.isMissed(mute ? since : d.now)) {
      pause(d, kind, clock, mute ? since : d.now);
    } else if (!stands && clock.state() == State.PAUSED) {
      resume(d, kind, clock);
    }
  }

  /** It stands still since {@code from}, which is not after its deadline. */
  static void pause(Draft d, ClockKind kind, ResponseClock clock, Instant from) {
    long left = Clocks.policy(d).hours().between(from, clock.dueAt()).toMillis();
    d.clock(kind, clock.paused(left));
    Clocks.stop(d, kind);
    d.audit(
        "clock-paused",
        Author.SYSTEM,
        Map.of("clock", kind.label(), "remainingMs", Long.toString(left)));
  }

  private static void resume(Draft d, ClockKind kind, ResponseClock clock) {
    ClockPolicy policy = Clocks.policy(d);
    long left = clock.course().remainingMs();
    Instant due = policy.hours().plus(d.now, Duration.ofMillis(left));
    Clocks.run(d, kind, resumed(kind, clock, policy, due));
    d.audit(
        "clock-resumed",
        Author.SYSTEM,
        Map.of("clock", kind.label(), "remainingMs", Long.toString(left), "dueAt", due.toString()));
  }

  /**
   * Due then, so that the rules in force give the same deadline again; where they would give a
   * later one, it binds.
   */
  private static ResponseClock resumed(
      ClockKind kind, ResponseClock clock, ClockPolicy policy, Instant due) {
    Target target = policy.target(kind);
    Course course = clock.course();
    Instant base =
        target == null ? clock.dueAt() : policy.due(target, clock.from(), course.pausedMs());
    ResponseClock resumed = clock.resumed(due, policy.hours().between(base, due).toMillis());
    return base.isAfter(due)
        ? resumed.due(due, new Course(course.from(), course.pausedMs(), -1, true))
        : resumed;
  }

  /** The promise is another one now: a deadline may come nearer, never go away. */
  private static void promiseChanged(Draft d, @Nullable ResponseClock first) {
    ClockPolicy policy = Clocks.policy(d);
    for (ClockKind kind : ClockKind.values()) {
      ResponseClock clock = d.clock(kind);
      Target target = policy.target(kind);
      if (clock != null && target != null && clock.state() == State.RUNNING) {
        hasten(d, kind, clock, policy, target);
      } else if (clock != null && target != null && clock.state() == State.PAUSED) {
        shorten(d, kind, clock, policy, target);
      }
    }
    Target resolution = policy.resolution();
    boolean starts = d.stage.isOpen();
    if (resolution != null && starts && !Clocks.isOpen(d.clock(ClockKind.RESOLUTION))) {
      boolean fromCreation = policy.onRaise() == ClockPolicy.Raise.FROM_CREATION;
      Instant from = fromCreation && first != null ? first.startedAt() : d.now;
      Clocks.start(d, ClockKind.RESOLUTION, policy, resolution, from);
    }
    Clocks.catchUp(d, Clocks.RETROACTIVE);
  }

  private static void hasten(
      Draft d, ClockKind kind, ResponseClock clock, ClockPolicy policy, Target target) {
    boolean fromCreation = policy.onRaise() == ClockPolicy.Raise.FROM_CREATION;
    Instant from = fromCreation ? clock.startedAt() : d.now;
    long paused = fromCreation ? clock.course().pausedMs() : 0;
    Instant due = policy.due(target, from, paused);
    Instant counted = from.equals(clock.startedAt()) ? null : from;
    if (due.isBefore(clock.dueAt())) {
      Clocks.run(d, kind, clock.due(due, new Course(counted, paused, -1, false)));
    } else if (due.isAfter(clock.dueAt())) {
      d.clock(kind, clock.due(clock.dueAt(), new Course(counted, paused, -1, true)));
    }
  }

  private static void shorten(
      Draft d, ClockKind kind, ResponseClock clock, ClockPolicy policy, Target target) {
    long whole = policy.hours().between(d.now, policy.due(target, d.now, 0)).toMillis();
    if (whole < clock.course().remainingMs()) {
      d.clock(kind, clock.due(clock.dueAt(), new Course(d.now, 0, whole, false)));
    }
  }

  /**
   * The rules changed: clocks that run are computed once more. What the customer was told, and what
   * a promise that was lowered left behind, stays if it is earlier. Repeating it changes nothing.
   */
  static Transition termsChanged(Draft d) {
    ClockPolicy policy = Clocks.policy(d);
    for (ClockKind kind : ClockKind.values()) {
      ResponseClock clock = d.clock(kind);
      Target target = policy.target(kind);
      if (clock != null && target != null && clock.state() == State.RUNNING) {
        recompute(d, kind, clock, policy.due(target, clock.from(), clock.course().pausedMs()));
      }
    }
    Clocks.catchUp(d, Clocks.RETROACTIVE);
    return d.done();
  }

  private static void recompute(Draft d, ClockKind kind, ResponseClock clock, Instant due) {
    boolean announced = kind == ClockKind.FIRST_RESPONSE && isAnnounced(d);
    boolean later = due.isAfter(clock.dueAt());
    if (due.equals(clock.dueAt()) || (later && (announced || clock.course().binding()))) {
      return;
    }
    Clocks.run(d, kind, clock.due(due, clock.course()));
    d.audit(
        "recomputed",
        Author.SYSTEM,
        Map.of("clock", kind.label(), "from", clock.dueAt().toString(), "to", due.toString()));
    d.tell(Change.UPDATED, 0, "recomputed");
  }

  /** Whether the customer saw the deadline: in an acknowledgement or a visitor's session frame. */
  private static boolean isAnnounced(Draft d) {
    if (d.acknowledgedAt != null) {
      return true;
    }
    Terms.Channel channel = d.terms.channels().get(d.contact.channel());
    return channel != null && channel.family().equals("webchat");
  }
}
