// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import dev.frontdesk.gateway.domain.Effect.InboxRow.Change;
import dev.frontdesk.gateway.domain.ResponseClock.Course;
import dev.frontdesk.gateway.domain.ResponseClock.State;
import dev.frontdesk.gateway.domain.calendar.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The clocks of a conversation: start, warn, and give each spell its one verdict. Whether a
 * deadline was missed depends on the time of the event alone, never on whether the timer fired yet.
 */
final class Clocks {

  /** Of a breach: a change of the promise put the deadline into the past. */
  static final Map<String, String> RETROACTIVE = Map.of("retroactive", "true");

  /** Of a breach: the answer that met the promise never arrived. */
  static final Map<String, String> DELIVERY_FAILED = Map.of("cause", "delivery-failed");

  private Clocks() {}

  /** What is promised now. */
  static ClockPolicy policy(Draft d) {
    return d.terms.promise(d.triage.promise()).clocks();
  }

  /**
   * People are due to answer from now on, unless a clock for it runs already or somebody answered.
   *
   * @param asked the customer asked just now, or a bot did for the customer
   */
  static void startIfDue(Draft d, boolean asked) {
    ClockPolicy policy = policy(d);
    if (!isOpen(d.clock) && owesFirst(d, policy, asked)) {
      start(d, ClockKind.FIRST_RESPONSE, policy, policy.firstResponse(), d.now);
      d.emit(new Effect.SpellStarted(d.triage.promise(), d.triage.queue(), d.contact.channel()));
    }
    Target next = policy.nextResponse();
    if (next != null && asked && !isOpen(d.clock) && !isOpen(d.clock(ClockKind.NEXT_RESPONSE))) {
      start(d, ClockKind.NEXT_RESPONSE, policy, next, d.now);
    }
    Target resolution = policy.resolution();
    if (resolution != null && !isOpen(d.clock(ClockKind.RESOLUTION))) {
      start(d, ClockKind.RESOLUTION, policy, resolution, d.now);
    }
  }

  /** A bot is asked: where its answer counts, the clock runs. */
  static void startForBot(Draft d) {
    if (policy(d).fulfilledBy().countsBots()) {
      startIfDue(d, true);
    }
  }

  private static boolean owesFirst(Draft d, ClockPolicy policy, boolean asked) {
    return switch (policy.fulfilledBy()) {
      case HUMAN -> !d.humanAnswered;
      case BOT -> d.clock == null || d.clock.answerSeq() == 0;
      case TURN -> asked;
    };
  }

  static boolean isOpen(@Nullable ResponseClock clock) {
    return clock != null && clock.isOpen();
  }

  static void start(Draft d, ClockKind kind, ClockPolicy policy, Target target, Instant from) {
    ResponseClock last = d.clock(kind);
    Course course = from.equals(d.now) ? Course.PLAIN : new Course(from, 0, -1, false);
    run(
        d,
        kind,
        ResponseClock.start(
            last == null ? 1 : last.spell() + 1, d.now, policy.due(target, from, 0), course));
  }

  /** Puts a running clock in place and arms its timers. */
  static void run(Draft d, ClockKind kind, ResponseClock clock) {
    List<Instant> warnings =
        policy(d).warnings(clock.from(), clock.dueAt(), clock.course().pausedMs());
    boolean once = clock.warned() && warnings.size() == 1;
    Instant next =
        warnings.stream().filter(at -> !once && !at.isBefore(d.now)).findFirst().orElse(null);
    boolean passed = clock.warned() || warnings.get(0).isBefore(d.now);
    Instant shown = next == null ? warnings.get(warnings.size() - 1) : next;
    d.clock(kind, clock.warning(shown, passed));
    arm(d, kind.warning(), next);
    arm(d, kind.breach(), clock.missedAt());
  }

  /** Arms the timer for that time unless it is; null: not at all. */
  static void arm(Draft d, Timer.Kind timer, @Nullable Instant at) {
    if (at == null) {
      d.disarm(timer);
    } else if (!at.equals(d.armedAt(timer))) {
      d.arm(timer, at);
    }
  }

  /** Gives the verdicts of deadlines that have passed, whatever event noticed them. */
  static void catchUp(Draft d) {
    catchUp(d, Map.of());
  }

  /** As {@link #catchUp}; {@code because} is told of what is breached by it. */
  static void catchUp(Draft d, Map<String, String> because) {
    ReachRules.stand(d);
    if (d.clock != null) {
      catchUp(d, ClockKind.FIRST_RESPONSE, because);
    }
    for (ClockKind kind : d.laterClocks()) {
      catchUp(d, kind, because);
    }
  }

  private static void catchUp(Draft d, ClockKind kind, Map<String, String> because) {
    ResponseClock clock = d.clock(kind);
    if (clock != null && clock.state() == State.RUNNING && clock.isMissed(d.now)) {
      d.clock(kind, clock.breached());
      stop(d, kind);
      verdict(d, kind, State.BREACHED, holder(d), -1);
      breached(d, kind, because);
    }
  }

  /** A warning timer fired. */
  static void warn(Draft d, ClockKind kind) {
    ResponseClock clock = d.clock(kind);
    if (clock == null || clock.state() != State.RUNNING) {
      return;
    }
    List<Instant> warnings =
        policy(d).warnings(clock.from(), clock.dueAt(), clock.course().pausedMs());
    Instant next =
        warnings.stream()
            .filter(at -> warnings.size() > 1 && at.isAfter(d.now))
            .findFirst()
            .orElse(null);
    d.clock(kind, clock.warning(next == null ? clock.warnAt() : next, true));
    if (next != null) {
      d.arm(kind.warning(), next);
    }
    Map<String, String> details = details(d, kind);
    long level = warnings.stream().filter(at -> !at.isAfter(d.now)).count();
    if (level > 1) {
      details.put("level", Long.toString(level));
    }
    d.announce(kind.event("at-risk"), details);
    d.tell(Change.UPDATED, 0, "at-risk");
  }

  /** Somebody whose answer counts answered with message {@code seq}. */
  static void answer(Draft d, Author author, int seq) {
    if (author.kind() == Author.Kind.BOT && !policy(d).fulfilledBy().countsBots()) {
      return;
    }
    String agent = author.kind() == Author.Kind.AGENT ? author.id() : null;
    if (d.clock != null) {
      done(d, ClockKind.FIRST_RESPONSE, agent, seq);
    }
    if (d.clock(ClockKind.NEXT_RESPONSE) != null) {
      done(d, ClockKind.NEXT_RESPONSE, agent, seq);
    }
    if (agent != null && !d.laterClocks().isEmpty()) {
      done(d, ClockKind.FOLLOW_UP, agent, seq);
      done(d, ClockKind.SUPPLIER, null, 0);
    }
  }

  /** It is paused on an outside party: that party's time runs, none of ours stops. */
  static void startSupplier(Draft d) {
    Target target = policy(d).supplier();
    if (target != null && !isOpen(d.clock(ClockKind.SUPPLIER))) {
      start(d, ClockKind.SUPPLIER, policy(d), target, d.now);
    }
  }

  /** The outside party did its part, says who has the conversation. */
  static void supplied(Draft d) {
    done(d, ClockKind.SUPPLIER, null, 0);
  }

  /** A pause ended by its own time: from then on its owner is to come back to the customer. */
  static void startFollowUp(Draft d, Instant from) {
    if (!isOpen(d.clock(ClockKind.FOLLOW_UP))) {
      start(d, ClockKind.FOLLOW_UP, policy(d), policy(d).followUp(), from);
      catchUp(d);
    }
  }

  /** Whoever has it came back to it. */
  static void followedUp(Draft d) {
    done(d, ClockKind.FOLLOW_UP, holder(d), 0);
  }

  private static void done(Draft d, ClockKind kind, @Nullable String agent, int seq) {
    ResponseClock clock = d.clock(kind);
    if (clock == null || !clock.isOpen()) {
      return;
    }
    long whole = Duration.between(clock.startedAt(), d.now).toMillis();
    long responseMs = Math.max(0, whole - clock.course().pausedMs());
    ResponseClock ended = clock.answered(d.now, seq);
    d.clock(kind, ended);
    stop(d, kind);
    if (clock.state() != State.BREACHED) {
      verdict(d, kind, ended.state(), agent, responseMs);
      if (ended.state() == State.BREACHED) {
        breached(d, kind, Map.of());
      }
    } else if (kind == ClockKind.FIRST_RESPONSE && agent != null) {
      d.emit(
          new Effect.LateAnswer(
              d.triage.promise(), d.triage.queue(), d.contact.channel(), agent, responseMs));
    } else {
      d.emit(new Effect.ClockOverrun(kind, d.triage.promise(), ended.overrunMs()));
    }
  }

  /** The conversation is resolved: that keeps one promise, and nobody waits for an answer. */
  static void end(Draft d) {
    voided(d, ClockKind.FIRST_RESPONSE);
    voided(d, ClockKind.NEXT_RESPONSE);
    voided(d, ClockKind.SUPPLIER);
    done(d, ClockKind.RESOLUTION, holder(d), 0);
    followedUp(d);
  }

  /** The conversation is full: what is promised goes on in the one that follows. */
  static void cut(Draft d) {
    voided(d, ClockKind.FIRST_RESPONSE);
    voided(d, ClockKind.NEXT_RESPONSE);
    voided(d, ClockKind.RESOLUTION);
    voided(d, ClockKind.SUPPLIER);
    followedUp(d);
  }

  /** What was breached and is not done yet; its verdict was given, there is no other. */
  static void carry(Draft d, ClockKind kind, ResponseClock breached) {
    d.clock(kind, breached.carried());
  }

  /** Nobody waits for it any more; a breach stays one. */
  static void voided(Draft d, ClockKind kind) {
    ResponseClock clock = d.clock(kind);
    if (clock == null || !clock.isOpen()) {
      return;
    }
    d.clock(kind, clock.ended(d.now));
    stop(d, kind);
    if (clock.state() != State.BREACHED) {
      verdict(d, kind, State.VOID, holder(d), -1);
    }
  }

  /** A new spell with the deadline as it was; {@code because} is told if that has passed. */
  static void again(Draft d, ClockKind kind, ResponseClock met, Map<String, String> because) {
    if (kind == ClockKind.FIRST_RESPONSE) {
      d.emit(new Effect.SpellStarted(d.triage.promise(), d.triage.queue(), d.contact.channel()));
    }
    run(d, kind, promisedNow(d, kind, met.again()));
    catchUp(d, because);
  }

  /** The promise may be another one by now: a deadline may come nearer by that, never go away. */
  private static ResponseClock promisedNow(Draft d, ClockKind kind, ResponseClock clock) {
    Target target = policy(d).target(kind);
    Course course = clock.course();
    Instant due =
        target == null ? clock.dueAt() : policy(d).due(target, clock.from(), course.pausedMs());
    if (!due.isAfter(clock.dueAt())) {
      return clock.due(due, course);
    }
    return clock.due(
        clock.dueAt(), new Course(course.from(), course.pausedMs(), course.remainingMs(), true));
  }

  static void stop(Draft d, ClockKind kind) {
    d.disarm(kind.warning());
    d.disarm(kind.breach());
  }

  private static void verdict(
      Draft d, ClockKind kind, State state, @Nullable String agent, long responseMs) {
    String promise = d.triage.promise();
    d.emit(
        kind == ClockKind.FIRST_RESPONSE
            ? new Effect.VerdictGiven(
                state, promise, d.triage.queue(), d.contact.channel(), agent, responseMs)
            : new Effect.ClockVerdict(kind, state, promise, overrun(d.clock(kind))));
  }

  private static long overrun(@Nullable ResponseClock clock) {
    return clock == null || clock.endedAt() == null || clock.state() != State.BREACHED
        ? -1
        : clock.overrunMs();
  }

  private static void breached(Draft d, ClockKind kind, Map<String, String> because) {
    Map<String, String> details = details(d, kind);
    details.putAll(because);
    d.announce(kind.event("breached"), details);
    Map<String, String> line = new HashMap<>(details);
    line.remove("queue");
    d.audit("breached", Author.SYSTEM, line);
    d.tell(Change.UPDATED, 0, kind == ClockKind.SUPPLIER ? "supplier-breached" : "breached");
  }

  /** A first response is what is meant where nothing else is said. */
  private static Map<String, String> details(Draft d, ClockKind kind) {
    Map<String, String> details = new HashMap<>();
    details.put("promise", d.triage.promise());
    details.put("queue", d.triage.queue());
    if (kind != ClockKind.FIRST_RESPONSE) {
      details.put("clock", kind.label());
    }
    return details;
  }

  /** Who has it, for the books: only an owner answers for a verdict, not one it is offered to. */
  private static @Nullable String holder(Draft d) {
    Owner owner = d.owner;
    return owner != null && owner.kind() == Owner.Kind.AGENT ? owner.id() : null;
  }
}
