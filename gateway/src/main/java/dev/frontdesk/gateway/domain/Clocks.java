// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import dev.frontdesk.gateway.domain.Effect.InboxRow.Change;
import dev.frontdesk.gateway.domain.ResponseClock.State;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The first-response clock: starts, warns, and gives each spell its one verdict. Whether a deadline
 * was missed depends on the time of the event alone, never on whether the timer fired yet.
 */
final class Clocks {
  private Clocks() {}

  /** People are due to answer from now on, unless a spell runs already or somebody answered. */
  static void startIfDue(Draft d) {
    if (d.humanAnswered || (d.clock != null && d.clock.isOpen())) {
      return;
    }
    Terms.Promise promise = d.terms.promise(d.triage.promise());
    int spell = d.clock == null ? 1 : d.clock.spell() + 1;
    d.clock = ResponseClock.start(spell, d.now, promise.clocks());
    started(d, d.clock);
  }

  private static void started(Draft d, ResponseClock clock) {
    d.emit(new Effect.SpellStarted(d.triage.promise(), d.triage.queue(), d.contact.channel()));
    if (!clock.warned()) {
      d.arm(Timer.Kind.WARNING, clock.warnAt());
    }
    d.arm(Timer.Kind.BREACH, clock.missedAt());
  }

  /** Gives the verdict of a deadline that has passed, whatever event noticed it. */
  static void catchUp(Draft d) {
    ResponseClock clock = d.clock;
    if (clock != null && clock.state() == State.RUNNING && clock.isMissed(d.now)) {
      d.clock = clock.breached();
      stop(d);
      verdict(d, State.BREACHED, holder(d), -1);
      breached(d);
    }
  }

  /** The warning timer fired. */
  static void warn(Draft d) {
    ResponseClock clock = d.clock;
    if (clock != null && clock.state() == State.RUNNING && !clock.warned()) {
      d.clock = clock.atRisk();
      d.announce(
          "promise.at-risk", Map.of("promise", d.triage.promise(), "queue", d.triage.queue()));
      d.tell(Change.UPDATED, 0, "at-risk");
    }
  }

  /** A person answered with message {@code seq}. */
  static void answer(Draft d, String agent, int seq) {
    ResponseClock clock = d.clock;
    if (clock == null || !clock.isOpen()) {
      return;
    }
    long responseMs = Duration.between(clock.startedAt(), d.now).toMillis();
    ResponseClock ended = clock.answered(d.now, seq);
    d.clock = ended;
    stop(d);
    if (clock.state() == State.BREACHED) {
      d.emit(
          new Effect.LateAnswer(
              d.triage.promise(), d.triage.queue(), d.contact.channel(), agent, responseMs));
      return;
    }
    verdict(d, ended.state(), agent, responseMs);
    if (ended.state() == State.BREACHED) {
      breached(d);
    }
  }

  /** Nobody waits any more. */
  static void end(Draft d) {
    ResponseClock clock = d.clock;
    if (clock == null || !clock.isOpen()) {
      return;
    }
    d.clock = clock.ended(d.now);
    stop(d);
    if (clock.state() == State.RUNNING) {
      verdict(d, State.VOID, holder(d), -1);
    }
  }

  /** The promise is another one now: the deadline may come nearer, never go away. */
  static void hasten(Draft d) {
    ResponseClock clock = d.clock;
    if (clock == null || clock.state() != State.RUNNING) {
      return;
    }
    Terms.Promise promise = d.terms.promise(d.triage.promise());
    ResponseClock fresh = ResponseClock.start(clock.spell(), d.now, promise.clocks());
    ResponseClock sooner = clock.notAfter(fresh.dueAt(), fresh.warnAt());
    d.clock = sooner;
    if (!sooner.dueAt().equals(clock.dueAt())) {
      d.arm(Timer.Kind.BREACH, sooner.missedAt());
    }
    if (!sooner.warned() && !sooner.warnAt().equals(clock.warnAt())) {
      d.arm(Timer.Kind.WARNING, sooner.warnAt());
    }
  }

  /** The answer that met the promise never arrived: a new spell with the deadline as it was. */
  static void again(Draft d, ResponseClock met) {
    d.clock = met.again(d.now);
    started(d, d.clock);
    catchUp(d);
  }

  private static void stop(Draft d) {
    d.disarm(Timer.Kind.WARNING);
    d.disarm(Timer.Kind.BREACH);
  }

  private static void verdict(Draft d, State state, @Nullable String agent, long responseMs) {
    d.emit(
        new Effect.VerdictGiven(
            state, d.triage.promise(), d.triage.queue(), d.contact.channel(), agent, responseMs));
  }

  private static void breached(Draft d) {
    Map<String, String> details = Map.of("promise", d.triage.promise(), "queue", d.triage.queue());
    d.audit("breached", Author.SYSTEM, Map.of("promise", d.triage.promise()));
    d.announce("promise.breached", details);
    d.tell(Change.UPDATED, 0, "breached");
  }

  /** Who has it, for the books: only an owner answers for a verdict, not one it is offered to. */
  private static @Nullable String holder(Draft d) {
    Owner owner = d.owner;
    return owner != null && owner.kind() == Owner.Kind.AGENT ? owner.id() : null;
  }
}
