// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import dev.frontdesk.gateway.domain.Effect.InboxRow.Change;
import dev.frontdesk.gateway.domain.Escalation.Rungs;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Climbs the ladder of a promise that is not kept.
 *
 * <ol>
 *   <li>One timer stands for the next level of all; none where the promise has no ladder.
 *   <li>When it fires the level is looked at again: it is told only while its clock still runs in
 *       the same spell, under the same ladder, and nobody acknowledged.
 *   <li>A level fires once in a spell. Of another ladder those levels count that are ahead, and all
 *       where the deadline came nearer with it.
 * </ol>
 */
final class EscalationRules {
  private EscalationRules() {}

  /** Arms the next level, whatever the event did. */
  static void settle(Draft d) {
    Ladder ladder = Clocks.policy(d).ladder();
    if (ladder.levels().isEmpty() && d.escalation == null) {
      return;
    }
    Escalation is = now(d, ladder);
    d.escalation = is;
    Clocks.arm(d, Timer.Kind.ESCALATION, is == null ? null : next(d, ladder, is));
  }

  /** The levels of the clocks that run now, in the spells they run in; null: there is none. */
  private static @Nullable Escalation now(Draft d, Ladder ladder) {
    Map<ClockKind, Rungs> rungs = new EnumMap<>(ClockKind.class);
    for (ClockKind kind : ladder.clocks()) {
      ResponseClock clock = d.clock(kind);
      if (d.stage.isOpen() && clock != null && clock.isOpen()) {
        Escalation was = d.escalation;
        Rungs old = was == null ? null : was.rungs().get(kind);
        if (was != null && old != null && old.spell() == clock.spell()) {
          rungs.put(kind, was.ladder() == ladder.mark() ? old : moved(d, ladder, kind, old));
        } else {
          rungs.put(kind, new Rungs(clock.spell(), passed(d, ladder, kind), 0, null));
        }
      }
    }
    return rungs.isEmpty() ? null : new Escalation(ladder.mark(), rungs);
  }

  private static Rungs moved(Draft d, Ladder ladder, ClockKind kind, Rungs old) {
    return new Rungs(old.spell(), passed(d, ladder, kind), 0, old.acknowledgedBy());
  }

  /**
   * Levels of a ladder that is new for a clock whose deadline is not: what lies behind is over. So
   * it is in a conversation that follows a full one, where it was told.
   */
  private static int passed(Draft d, Ladder ladder, ClockKind kind) {
    ResponseClock was = d.clockBefore(kind);
    ResponseClock is = Objects.requireNonNull(d.clock(kind));
    boolean carried = was == null && is.startedAt().isBefore(d.now);
    boolean same = was != null && was.spell() == is.spell() && was.dueAt().equals(is.dueAt());
    if (!carried && !same) {
      return 0;
    }
    int passed = 0;
    for (int i = 0; i < ladder.levels().size(); i++) {
      Instant at = at(d, ladder.levels().get(i), kind);
      passed |= at != null && !at.isAfter(d.now) ? 1 << i : 0;
    }
    return passed;
  }

  private static @Nullable Instant at(Draft d, Ladder.Level level, ClockKind kind) {
    return level.clock() == kind ? level.at(d.clock(kind), Clocks.policy(d)) : null;
  }

  private static @Nullable Instant next(Draft d, Ladder ladder, Escalation is) {
    Instant next = null;
    for (int i = 0; i < ladder.levels().size(); i++) {
      Instant at = pending(d, ladder, is, i);
      next = at != null && (next == null || at.isBefore(next)) ? at : next;
    }
    return next;
  }

  /** When the level falls due, null if it does not any more. */
  private static @Nullable Instant pending(Draft d, Ladder ladder, Escalation is, int index) {
    Ladder.Level level = ladder.levels().get(index);
    Rungs rungs = is.rungs().get(level.clock());
    boolean over = rungs == null || rungs.acknowledgedBy() != null || rungs.isDone(index);
    return over ? null : at(d, level, level.clock());
  }

  /** The timer fired: every level that is due now and still true is told, in order. */
  static Transition fired(Draft d) {
    Ladder ladder = Clocks.policy(d).ladder();
    Escalation is = now(d, ladder);
    if (is == null) {
      return d.done();
    }
    Map<ClockKind, Rungs> rungs = new EnumMap<>(is.rungs());
    for (int i = 0; i < ladder.levels().size(); i++) {
      Instant at = pending(d, ladder, is, i);
      if (at != null && !at.isAfter(d.now)) {
        Ladder.Level level = ladder.levels().get(i);
        Rungs old = Objects.requireNonNull(rungs.get(level.clock()));
        rungs.put(level.clock(), old.fired(i));
        tell(d, level, i + 1, old.spell());
      }
    }
    d.escalation = new Escalation(is.ladder(), rungs);
    return d.done();
  }

  private static void tell(Draft d, Ladder.Level level, int number, int spell) {
    Map<String, String> details = new HashMap<>();
    details.put("promise", d.triage.promise());
    details.put("level", Integer.toString(number));
    details.put("to", level.to().label());
    if (level.clock() != ClockKind.FIRST_RESPONSE) {
      details.put("clock", level.clock().label());
    }
    Agent.Id holder = d.holder();
    if (level.to() instanceof Ladder.Supervisors supervisors) {
      supervisors.people().stream()
          .filter(person -> !person.equals(holder))
          .forEach(person -> d.emit(new Effect.InboxRow(person, Change.UPDATED, 0, "escalated")));
    } else if (level.to() instanceof Ladder.Person person) {
      if (person.is(d.contact)) {
        details.put("suppressed", "own-conversation");
      } else {
        d.emit(new Effect.NoticeDue(new Notice(d.id, d.triage.promise(), number, spell)));
      }
    }
    d.audit("escalated", Author.SYSTEM, details);
    details.put("queue", d.triage.queue());
    if (level.to() instanceof Ladder.Endpoint endpoint) {
      details.put(Effect.Announced.ENDPOINT, endpoint.name());
    }
    d.announce(Effect.Announced.ESCALATED, details);
    d.tell(Change.UPDATED, 0, "escalated");
  }

  /** Nobody was told by that level: live views and whoever has it are. */
  static Transition unsaid(Draft d, ConversationEvent.Unsaid event) {
    d.audit(
        "notice-refused",
        Author.SYSTEM,
        Map.of(
            "ladder",
            event.promise(),
            "level",
            Integer.toString(event.level()),
            "to",
            "channel:" + event.channel()));
    d.tell(Change.UPDATED, 0, "notice-refused");
    return d.done();
  }

  /** A person takes care of it: no level follows while these spells run. */
  static Transition acknowledge(Draft d, Author by) {
    if (!d.stage.isOpen()) {
      return d.refused(
          d.stage == Conversation.Stage.CLOSED ? Refusal.Code.CLOSED : Refusal.Code.WRONG_STATE,
          "the conversation is " + d.stage.label());
    }
    Escalation is = now(d, Clocks.policy(d).ladder());
    if (is == null || is.level() == 0) {
      return d.refused(Refusal.Code.WRONG_STATE, "no level of an escalation was reached");
    }
    if (is.acknowledgedBy() != null) {
      return d.done();
    }
    Map<ClockKind, Rungs> rungs = new EnumMap<>(ClockKind.class);
    is.rungs().forEach((kind, one) -> rungs.put(kind, one.acknowledged(by.id())));
    d.escalation = new Escalation(is.ladder(), rungs);
    Map<String, String> details = Map.of("level", Integer.toString(is.level()));
    d.audit("escalation-acknowledged", by, details);
    d.announce("promise.acknowledged", details);
    d.tell(Change.UPDATED, 0, "escalation-acknowledged");
    return d.done();
  }
}
