// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Whoever reads nothing but the history of a conversation knows its queue, promise, priority,
 * owner, epoch and clocks at every step of random walks.
 */
class ChronicleTest {

  private static final int WALKS = 400;
  private static final int EVENTS = 150;
  private static final Set<String> ENDS = Set.of("met", "void", "answered-late", "ended-late");

  private final ConversationRules plain = DeskTerms.rules();
  private final ConversationRules full =
      new ConversationRules(
          DeskTerms.terms(ConversationWalkTest.promises(ClockPolicy.Fulfilment.HUMAN)));
  private final Map<String, Integer> told = new HashMap<>();

  /** A reader of the history. */
  private static final class Reader {
    private final Map<String, String> known = new HashMap<>();
    private final Set<String> open = new HashSet<>();

    Reader() {
      known.put("owner", "nobody");
      known.put("epoch", "0");
      known.put("priority", "5");
    }

    void read(Effect.Audit line) {
      for (String key : List.of("queue", "promise", "priority", "owner", "epoch")) {
        String value = line.details().get(key);
        if (value != null) {
          known.put(key, value);
        }
      }
      String clock = line.details().getOrDefault("clock", "firstResponse");
      String due = line.details().get(line.what().equals("recomputed") ? "to" : "dueAt");
      if (due != null) {
        known.put(clock, due);
      }
      boolean starts = line.what().equals("opened") && line.details().containsKey("dueAt");
      if (starts || line.what().equals("clock-started")) {
        open.add(clock);
      }
      if (ENDS.contains(line.what())) {
        open.remove(clock);
      }
    }

    void knows(Conversation c) {
      Owner owner = c.owner();
      assertThat(known)
          .containsEntry("queue", c.triage().queue())
          .containsEntry("promise", c.triage().promise())
          .containsEntry("priority", Integer.toString(c.triage().priority()))
          .containsEntry("epoch", Long.toString(c.epoch()))
          .containsEntry(
              "owner", owner == null ? "nobody" : owner.kind().label() + ":" + owner.id());
      for (ClockKind kind : ClockKind.values()) {
        ResponseClock clock = c.clock(kind);
        assertThat(known.get(kind.label()))
            .as(kind.label())
            .isEqualTo(clock == null ? null : clock.dueAt().toString());
        assertThat(open.contains(kind.label()))
            .as(kind.label())
            .isEqualTo(clock != null && clock.isOpen());
      }
    }
  }

  @Test
  void history_alone_tellsTheState() {
    for (long seed = 1; seed <= WALKS; seed++) {
      try {
        walk(seed);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }

    assertThat(told.keySet())
        .contains("opened", "offered", "handed-off", "clock-started", "at-risk", "breached")
        .contains("met", "void", "answered-late", "delivery-failed", "send-unknown")
        .contains("escalated", "escalation-acknowledged", "notice", "clock-paused");
  }

  private void walk(long seed) {
    ConversationRules rules = seed % 3 == 0 ? plain : full;
    RandomEvents events = new RandomEvents(new Random(seed));
    Books books = new Books();
    Reader reader = new Reader();
    Instant now = DeskTerms.T0;
    ContactKey contact = seed % 2 == 0 ? DeskTerms.MAIL : DeskTerms.CHAT;
    Transition step = rules.open(DeskTerms.ID, contact, events.opening(now), now);
    books.follow(null, step, now);
    read(reader, step);
    for (int n = 0; n < EVENTS && !books.erased; n++) {
      Conversation current = step.next();
      now = events.next(now, current);
      ConversationEvent event = events.next(current, books.messages, now);
      if (event instanceof ConversationEvent.Inbound inbound
          && books.keys.containsKey(inbound.event().key())) {
        continue;
      }
      step = rules.apply(current, event, now);
      books.follow(current, step, now);
      try {
        read(reader, step);
      } catch (AssertionError e) {
        throw new AssertionError("step " + n + " " + event + " of " + step.effects(), e);
      }
    }
  }

  private void read(Reader reader, Transition step) {
    for (Effect effect : step.effects()) {
      if (effect instanceof Effect.Audit line) {
        told.merge(line.what(), 1, Integer::sum);
        reader.read(line);
      }
    }
    reader.knows(step.next());
  }
}
