// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.gateway.domain.ConversationEvent.Inbound;
import dev.frontdesk.gateway.domain.calendar.OpenDays;
import dev.frontdesk.gateway.domain.calendar.Target;
import dev.frontdesk.gateway.domain.calendar.Window;
import dev.frontdesk.gateway.domain.calendar.WorkingTime;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Seeded random walks: whatever happens, state and rows agree and each spell has one verdict. */
class ConversationWalkTest {
  private static final int WALKS = 4_000;
  private static final int EVENTS = 100;

  private static final List<ClockPolicy.Fulfilment> FULFILMENTS =
      List.of(ClockPolicy.Fulfilment.values());
  private static final OfferTerms OFFERS =
      new OfferTerms(
          3,
          Duration.ofSeconds(2),
          2,
          Duration.ofMillis(500),
          Duration.ofSeconds(1),
          Map.of("support", Set.of(DeskTerms.BOB)));
  private static final WorkingTime ODD_MINUTES = oddMinutes();
  private static final Ladder.Target BOB_IS_TOLD =
      new Ladder.Supervisors("bob", false, List.of(DeskTerms.BOB));
  private static final Ladder.Target OPS = new Ladder.Person("mail", "ops", "{level}");
  private static final Ladder URGENT =
      Ladder.of(
          List.of(
              level(ClockKind.FIRST_RESPONSE, Ladder.Moment.BEFORE, 500, BOB_IS_TOLD),
              level(ClockKind.FIRST_RESPONSE, Ladder.Moment.BREACH, 0, BOB_IS_TOLD),
              level(ClockKind.FIRST_RESPONSE, Ladder.Moment.BREACH, 3_000, OPS),
              level(ClockKind.SUPPLIER, Ladder.Moment.BREACH, 0, BOB_IS_TOLD),
              level(ClockKind.RESOLUTION, Ladder.Moment.WARNING, 100, new Ladder.Endpoint("crm"))));
  private static final Ladder NORMAL =
      Ladder.of(
          List.of(
              level(ClockKind.FIRST_RESPONSE, Ladder.Moment.WARNING, 0, BOB_IS_TOLD),
              level(ClockKind.NEXT_RESPONSE, Ladder.Moment.BREACH, 700, OPS),
              level(ClockKind.FOLLOW_UP, Ladder.Moment.BREACH, 0, BOB_IS_TOLD),
              level(ClockKind.FIRST_RESPONSE, Ladder.Moment.BREACH, 5_000, OPS)));
  private final Map<Conversation.Stage, Integer> visited = new EnumMap<>(Conversation.Stage.class);
  private int met;
  private int breached;
  private int voided;
  private int second;
  private int later;
  private int reduced;
  private int overflowed;
  private int rivals;
  private int returned;
  private int wrapping;
  private final Map<ClockKind, Integer> laterBy = new EnumMap<>(ClockKind.class);
  private int escalated;
  private int notices;

  @Test
  void walk_keepsEveryInvariant() {
    for (long seed = 1; seed <= WALKS; seed++) {
      try {
        walk(seed);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }

    assertThat(visited).containsKeys(Conversation.Stage.values());
    assertThat(met).isGreaterThan(100);
    assertThat(breached).isGreaterThan(100);
    assertThat(voided).isGreaterThan(100);
    assertThat(second).isGreaterThan(100);
    assertThat(later).isGreaterThan(1_000);
    assertThat(reduced).as("states of inactive conversations").isGreaterThan(100);
    assertThat(overflowed).as("conversations that overflowed").isGreaterThan(100);
    assertThat(rivals).isGreaterThan(100);
    assertThat(returned).isGreaterThan(100);
    assertThat(wrapping).isGreaterThan(100);
    assertThat(laterBy.get(ClockKind.SUPPLIER)).isGreaterThan(100);
    assertThat(laterBy.get(ClockKind.FOLLOW_UP)).isGreaterThan(100);
    assertThat(escalated).isGreaterThan(1_000);
    assertThat(notices).isGreaterThan(100);
  }

  private static Ladder.Level level(
      ClockKind clock, Ladder.Moment moment, long millis, Ladder.Target to) {
    return new Ladder.Level(clock, moment, Duration.ofMillis(millis), to);
  }

  /**
   * A level is never told before its time; whatever is due and not told has a timer that is due.
   */
  private static void ladderIsClimbed(Terms terms, Transition transition) {
    Conversation next = transition.next();
    ClockPolicy policy = terms.promise(next.triage().promise()).clocks();
    List<Ladder.Level> levels = policy.ladder().levels();
    for (Effect effect : transition.effects()) {
      if (effect instanceof Effect.Audit line && line.what().equals("escalated")) {
        Ladder.Level level = levels.get(Integer.parseInt(line.details().get("level")) - 1);
        Instant at = level.at(next.clock(level.clock()), policy);
        if (at == null || at.isAfter(next.lastEventAt())) {
          throw new AssertionError("told " + line + " before " + at);
        }
      }
    }
    Escalation escalation = next.escalation();
    Conversation.Armed armed = next.armed().get(Timer.Kind.ESCALATION);
    for (int i = 0; i < levels.size(); i++) {
      Ladder.Level level = levels.get(i);
      Instant at = next.stage().isOpen() ? level.at(next.clock(level.clock()), policy) : null;
      Escalation.Rungs rungs = escalation == null ? null : escalation.rungs().get(level.clock());
      boolean over = rungs != null && (rungs.isDone(i) || rungs.acknowledgedBy() != null);
      if (at != null && !over && (armed == null || armed.due().isAfter(at))) {
        throw new AssertionError("nothing will tell level " + (i + 1) + " at " + at);
      }
    }
  }

  private void walk(long seed) {
    ClockPolicy.Fulfilment by = FULFILMENTS.get((int) (seed / 3 % FULFILMENTS.size()));
    boolean full = seed % 3 != 0;
    Terms terms = full ? DeskTerms.terms(promises(by)) : DeskTerms.terms();
    ConversationRules rules =
        new ConversationRules(seed % 4 < 2 ? DeskTerms.occupied(terms) : terms);
    if (seed % 5 < 3) {
      rules = new ConversationRules(DeskTerms.with(OFFERS, rules.terms()));
    }
    RandomEvents events = new RandomEvents(new Random(seed));
    Books books = new Books();
    books.botsCount = full && by != ClockPolicy.Fulfilment.HUMAN;
    Instant now = DeskTerms.T0;
    ContactKey contact = seed % 2 == 0 ? DeskTerms.MAIL : DeskTerms.CHAT;
    Transition opened = rules.open(DeskTerms.ID, contact, events.opening(now), now);
    books.follow(null, opened, now);
    Conversation current = opened.next();
    for (int step = 0; step < EVENTS && !books.erased; step++) {
      now = events.next(now, current);
      ConversationEvent event = events.next(current, books.messages, now);
      if (isKnown(books, event)) {
        continue;
      }
      Transition transition = rules.apply(current, event, now);
      if (!rules.apply(current, event, now).equals(transition)) {
        throw new AssertionError("not deterministic: " + event);
      }
      try {
        books.follow(current, transition, now);
      } catch (AssertionError e) {
        throw new AssertionError(
            "step " + step + " " + event + "\n from " + current + "\n to " + transition, e);
      }
      if (event instanceof ConversationEvent.TermsChanged
          && transition.effects().stream().anyMatch(ConversationWalkTest::isRecomputed)) {
        throw new AssertionError("the same terms moved a clock: " + current + "\n" + transition);
      }
      ladderIsClimbed(rules.terms(), transition);
      Conversation.Load load = transition.next().load();
      reduced += load != null && load.cost() < load.active() ? 1 : 0;
      overflowed +=
          transition.effects().stream().anyMatch(ConversationWalkTest::isOverflow) ? 1 : 0;
      current = transition.next();
      rivals += current.hands().rivals().size() > 1 ? 1 : 0;
      returned += current.hands().returned().size() > 1 ? 1 : 0;
      wrapping += current.armed().containsKey(Timer.Kind.WRAP_UP) ? 1 : 0;
      visited.merge(current.stage(), 1, Integer::sum);
    }
    met += books.met;
    breached += books.breached;
    voided += books.voided;
    second += books.spells > 1 ? 1 : 0;
    books.later.forEach((kind, count) -> laterBy.merge(kind, count, Integer::sum));
    books.later.values().forEach(count -> later += count);
    escalated += books.escalated.size();
    notices += books.notices.size();
  }

  private static boolean isOverflow(Effect effect) {
    return effect instanceof Effect.Audit audit && audit.what().equals("overflowed");
  }

  private static boolean isRecomputed(Effect effect) {
    return effect instanceof Effect.Audit audit && audit.what().equals("recomputed");
  }

  static Map<String, ClockPolicy> promises(ClockPolicy.Fulfilment by) {
    List<ClockPolicy.Warning> levels =
        List.of(ClockPolicy.Warning.after(0.5), ClockPolicy.Warning.before(Duration.ofMillis(300)));
    return Map.of(
        "urgent",
        new ClockPolicy(
            WorkingTime.always(),
            Target.of(DeskTerms.URGENT),
            Target.of(Duration.ofSeconds(1)),
            Target.of(Duration.ofSeconds(12)),
            Target.of(Duration.ofSeconds(2)),
            Target.of(Duration.ofSeconds(1)),
            levels,
            by,
            ClockPolicy.Raise.FROM_CREATION,
            URGENT),
        "normal",
        new ClockPolicy(
            ODD_MINUTES,
            Target.of(DeskTerms.NORMAL),
            Target.of(Duration.ofSeconds(3)),
            Target.of(Duration.ofSeconds(25)),
            Target.of(Duration.ofSeconds(3)),
            null,
            levels,
            by,
            ClockPolicy.Raise.FROM_CHANGE,
            NORMAL),
        "low",
        new ClockPolicy(
            ODD_MINUTES,
            Target.of(Duration.ofSeconds(30)),
            null,
            null,
            List.of(ClockPolicy.Warning.after(0.75)),
            by,
            ClockPolicy.Raise.FROM_CHANGE));
  }

  /** Open every other minute. */
  private static WorkingTime oddMinutes() {
    List<Window> windows = new ArrayList<>();
    for (int minute = 0; minute < 24 * 60; minute += 2) {
      windows.add(new Window(minute, minute + 1));
    }
    Map<DayOfWeek, List<Window>> week = new EnumMap<>(DayOfWeek.class);
    for (DayOfWeek day : DayOfWeek.values()) {
      week.put(day, windows);
    }
    return WorkingTime.of(ZoneOffset.UTC, new OpenDays(week, List.of(), Map.of()));
  }

  /** What intake does before the rules: an event key that is known is a duplicate. */
  private static boolean isKnown(Books books, ConversationEvent event) {
    return event instanceof Inbound inbound && books.keys.containsKey(inbound.event().key());
  }
}
