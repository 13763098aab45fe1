// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.gateway.domain.ConversationEvent.Inbound;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Seeded random walks: whatever happens, state and rows agree and each spell has one verdict. */
class ConversationWalkTest {
  private static final int WALKS = 3_000;
  private static final int EVENTS = 100;

  private final ConversationRules rules = DeskTerms.rules();
  private final Map<Conversation.Stage, Integer> visited = new EnumMap<>(Conversation.Stage.class);
  private int met;
  private int breached;
  private int voided;
  private int second;

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
  }

  private void walk(long seed) {
    RandomEvents events = new RandomEvents(new Random(seed));
    Books books = new Books();
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
      current = transition.next();
      visited.merge(current.stage(), 1, Integer::sum);
    }
    met += books.met;
    breached += books.breached;
    voided += books.voided;
    second += books.spells > 1 ? 1 : 0;
  }

  /** What intake does before the rules: an event key that is known is a duplicate. */
  private static boolean isKnown(Books books, ConversationEvent event) {
    return event instanceof Inbound inbound && books.keys.containsKey(inbound.event().key());
  }
}
