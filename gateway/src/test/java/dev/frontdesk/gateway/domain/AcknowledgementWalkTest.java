// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.gateway.domain.Conversation.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Seeded random walks on channels that acknowledge, with triage repeated now and then. */
class AcknowledgementWalkTest {

  private static final int WALKS = 1_500;
  private static final int EVENTS = 80;
  private static final String TEXT = "acknowledged";
  private static final Duration WINDOW = Duration.ofSeconds(6);

  private int sent;
  private int sentAgain;
  private int raised;

  @Test
  void walk_acknowledgesOncePerWindow_andNeverCounts() {
    for (long seed = 1; seed <= WALKS; seed++) {
      try {
        walk(seed);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }

    assertThat(sent).isGreaterThan(500);
    assertThat(sentAgain).isGreaterThan(50);
    assertThat(raised).isGreaterThan(100);
  }

  private void walk(long seed) {
    boolean bots = seed % 4 == 0;
    ConversationRules rules = new ConversationRules(terms(bots));
    Random random = new Random(seed);
    RandomEvents events = new RandomEvents(random);
    Books books = new Books();
    Instant now = DeskTerms.T0;
    ContactKey contact = seed % 2 == 0 ? DeskTerms.CHAT : DeskTerms.MAIL;
    Transition transition = rules.open(DeskTerms.ID, contact, events.opening(now), now);
    books.follow(null, transition, now);
    Instant last = looked(null, transition, null, bots);
    for (int step = 0; step < EVENTS && !books.erased; step++) {
      Conversation before = transition.next();
      now = events.next(now, before);
      ConversationEvent event =
          random.nextInt(20) == 0 ? again() : events.next(before, books.messages, now);
      if (event instanceof ConversationEvent.Inbound inbound
          && books.keys.containsKey(inbound.event().key())) {
        continue;
      }
      transition = rules.apply(before, event, now);
      books.follow(before, transition, now);
      last = looked(before, transition, last, bots);
      if (event instanceof ConversationEvent.TriageAgain) {
        onlyRaised(before.triage(), transition.next().triage());
      }
    }
  }

  private static ConversationEvent again() {
    return new ConversationEvent.TriageAgain(List.of(new MessageContent.Text("urgent refund")));
  }

  private void onlyRaised(Triage before, Triage after) {
    raised += before.equals(after) ? 0 : 1;
    assertThat(after.priority()).isLessThanOrEqualTo(before.priority());
    assertThat(after.tags()).containsAll(before.tags());
    assertThat(after.promise()).isIn(before.promise(), "urgent");
  }

  /** When the last one was sent, after a look at what this transition sent. */
  private @Nullable Instant looked(
      @Nullable Conversation before, Transition transition, @Nullable Instant last, boolean bots) {
    Conversation next = transition.next();
    Instant newest = last;
    for (Effect effect : transition.effects()) {
      if (effect instanceof Effect.MessageAppended appended
          && appended.message().content().text().equals(TEXT)) {
        newest = next.lastEventAt();
        assertThat(newest).isEqualTo(next.acknowledgedAt());
        assertThat(last == null || !newest.isBefore(last.plus(WINDOW))).isTrue();
        assertThat(next.stage())
            .isIn(bots ? List.of(Stage.WAITING, Stage.BOT) : List.of(Stage.WAITING));
        assertThat(next.humanAnswered()).isFalse();
        assertThat(next.automatic()).isFalse();
        assertThat(next.unanswered()).isTrue();
        Integer left = next.window().remaining();
        assertThat(left == null || left > 0).isTrue();
        assertThat(before == null ? next.openedAt() : before.openedAt()).isEqualTo(next.openedAt());
        sent++;
        sentAgain += last == null ? 0 : 1;
      }
    }
    return newest;
  }

  private static Terms terms(boolean bots) {
    Terms usual = DeskTerms.terms();
    Acknowledgement acknowledgement =
        new Acknowledgement(Map.of("en", TEXT), Map.of(), WINDOW, bots, null);
    Map<String, Terms.Channel> channels = new HashMap<>();
    usual
        .channels()
        .forEach(
            (id, c) ->
                channels.put(
                    id,
                    new Terms.Channel(
                        id,
                        c.connector(),
                        c.family(),
                        c.cost(),
                        c.bot(),
                        c.botReplyTimeout(),
                        acknowledgement)));
    return new Terms(
        usual.promises(),
        channels,
        usual.queues(),
        usual.skills(),
        usual.triage(),
        usual.defaultQueue(),
        usual.defaultPromise(),
        usual.declineBackoff(),
        usual.reopenWindow(),
        usual.retention(),
        usual.maxMessages());
  }
}
