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
import org.junit.jupiter.api.Test;

/** Seeded random walks: whatever happens, state and rows agree and each spell has one verdict. */
class ConversationWalkTest {
  private static final int WALKS = 3_000;
  private static final int EVENTS = 100;

  private static final List<ClockPolicy.Fulfilment> FULFILMENTS =
      List.of(ClockPolicy.Fulfilment.values());
  private static final WorkingTime ODD_MINUTES = oddMinutes();
  private final Map<Conversation.Stage, Integer> visited = new EnumMap<>(Conversation.Stage.class);
  private int met;
  private int breached;
  private int voided;
  private int second;
  private int later;
  private int reduced;
  private int overflowed;

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
  }

  private void walk(long seed) {
    ClockPolicy.Fulfilment by = FULFILMENTS.get((int) (seed / 3 % FULFILMENTS.size()));
    boolean full = seed % 3 != 0;
    Terms terms = full ? DeskTerms.terms(promises(by)) : DeskTerms.terms();
    ConversationRules rules =
        new ConversationRules(seed % 4 < 2 ? DeskTerms.occupied(terms) : terms);
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
      Conversation.Load load = transition.next().load();
      reduced += load != null && load.cost() < load.active() ? 1 : 0;
      overflowed +=
          transition.effects().stream().anyMatch(ConversationWalkTest::isOverflow) ? 1 : 0;
      current = transition.next();
      visited.merge(current.stage(), 1, Integer::sum);
    }
    met += books.met;
    breached += books.breached;
    voided += books.voided;
    second += books.spells > 1 ? 1 : 0;
    books.later.values().forEach(count -> later += count);
  }

  private static boolean isOverflow(Effect effect) {
    return effect instanceof Effect.Audit audit && audit.what().equals("overflowed");
  }

  private static boolean isRecomputed(Effect effect) {
    return effect instanceof Effect.Audit audit && audit.what().equals("recomputed");
  }

  private static Map<String, ClockPolicy> promises(ClockPolicy.Fulfilment by) {
    List<ClockPolicy.Warning> levels =
        List.of(ClockPolicy.Warning.after(0.5), ClockPolicy.Warning.before(Duration.ofMillis(300)));
    return Map.of(
        "urgent",
        new ClockPolicy(
            WorkingTime.always(),
            Target.of(DeskTerms.URGENT),
            Target.of(Duration.ofSeconds(1)),
            Target.of(Duration.ofSeconds(12)),
            levels,
            by,
            ClockPolicy.Raise.FROM_CREATION),
        "normal",
        new ClockPolicy(
            ODD_MINUTES,
            Target.of(DeskTerms.NORMAL),
            Target.of(Duration.ofSeconds(3)),
            Target.of(Duration.ofSeconds(25)),
            levels,
            by,
            ClockPolicy.Raise.FROM_CHANGE),
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
