// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import static dev.frontdesk.gateway.domain.DeskTerms.ALICE;
import static dev.frontdesk.gateway.domain.DeskTerms.BOB;
import static dev.frontdesk.gateway.domain.DeskTerms.T0;
import static dev.frontdesk.gateway.domain.DeskTerms.fence;
import static dev.frontdesk.gateway.domain.DeskTerms.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.gateway.domain.Conversation.Stage;
import dev.frontdesk.gateway.domain.ConversationEvent.HandOff;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplyTest {
  private static final Author BOT = Author.bot("faq");

  private static HandOff handOff(long epoch, String reason) {
    return new HandOff(
        "faq",
        epoch,
        reason,
        "billing",
        Map.of("refunds", 2, "flying", 9),
        "urgent",
        "wants money back");
  }

  /** Scenario 3: reassigned while typing. */
  @Test
  void reply_withAnOldEpoch_isKeptAsANoteForTheNewOwner() {
    Desk desk = Desk.assigned();
    long old = desk.state.epoch();
    desk.on(new ConversationEvent.Transfer(Author.agent(ALICE), fence(BOB), 2, null));

    desk.replies(Author.agent(ALICE), old, "my draft");

    assertThat(desk.refusal()).isEqualTo(Refusal.Code.NOT_OWNER);
    assertThat(desk.last.refusal().message()).contains("bob");
    assertThat(desk.message(2).direction()).isEqualTo(Message.Direction.NOTE);
    assertThat(desk.message(2).content().text()).isEqualTo("my draft");
    assertThat(desk.state.outbox()).isEmpty();
    assertThat(desk.effects(Effect.InboxRow.class))
        .containsExactly(new Effect.InboxRow(BOB, Effect.InboxRow.Change.MESSAGE, 2, null));
  }

  @Test
  void reply_toAnOfferNotAccepted_isNotTheOwners() {
    Desk desk = Desk.mail("hello").offered(ALICE);

    desk.replies(Author.agent(ALICE), desk.state.epoch(), "quick answer");

    assertThat(desk.refusal()).isEqualTo(Refusal.Code.NOT_OWNER);
    assertThat(desk.clock().state()).isEqualTo(ResponseClock.State.RUNNING);
  }

  @Test
  void reply_repeated_givesTheSameMessages() {
    Desk desk = Desk.assigned();
    ConversationEvent reply =
        new ConversationEvent.Reply(
            Author.agent(ALICE),
            desk.state.epoch(),
            List.of(new MessageContent.Text("a"), new MessageContent.Text("b")),
            new Operation("op-1", "digest"));

    assertThat(desk.on(reply).seqs()).containsExactly(2, 3);
    assertThat(desk.on(reply).seqs()).containsExactly(2, 3);

    assertThat(desk.state.lastSeq()).isEqualTo(3);
    assertThat(desk.last.effects()).isEmpty();
    assertThat(desk.state.outbox()).hasSize(2);
  }

  @Test
  void reply_refusedAndRepeated_keepsOneNote() {
    Desk desk = Desk.mail("hello");
    ConversationEvent reply =
        new ConversationEvent.Reply(
            Author.agent(ALICE),
            7,
            List.of(new MessageContent.Text("a")),
            new Operation("op-1", "digest"));

    desk.on(reply);
    desk.on(reply);

    assertThat(desk.refusal()).isEqualTo(Refusal.Code.NOT_OWNER);
    assertThat(desk.state.lastSeq()).isEqualTo(2);
  }

  /** Whether the id may be used again is decided by the row of the first; nothing is kept quiet. */
  @Test
  void reply_withTheIdOfARefusedOne_andOtherText_isAnotherReply() {
    Desk desk = Desk.assigned();
    desk.on(answer(7, "a", new Operation("op-1", "digest-a")));

    desk.on(answer(desk.state.epoch(), "b", new Operation("op-1", "digest-b")));

    assertThat(desk.refusal()).isNull();
    assertThat(desk.message(3).content().text()).isEqualTo("b");
    assertThat(desk.message(3).direction()).isEqualTo(Message.Direction.OUTBOUND);
  }

  private static ConversationEvent answer(long epoch, String text, Operation operation) {
    return new ConversationEvent.Reply(
        Author.agent(ALICE), epoch, List.of(new MessageContent.Text(text)), operation);
  }

  @Test
  void bot_thatNeverHadIt_findsNothing() {
    Desk desk = Desk.assigned();

    desk.replies(Author.bot("stranger"), 7, "let me in");
    assertThat(desk.refusal()).isEqualTo(Refusal.Code.NOT_FOUND);
    desk.on(new ConversationEvent.Resolve(Author.bot("stranger"), desk.state.epoch(), null));
    assertThat(desk.refusal()).isEqualTo(Refusal.Code.NOT_FOUND);
    desk.on(new ConversationEvent.HandOff("stranger", 1, "why not", null, Map.of(), null, null));
    assertThat(desk.refusal()).isEqualTo(Refusal.Code.NOT_FOUND);

    assertThat(desk.state.lastSeq()).isEqualTo(1);
  }

  @Test
  void operations_areRememberedSixteenDeep() {
    Desk desk = Desk.assigned();
    for (int i = 0; i < 20; i++) {
      desk.on(
          new ConversationEvent.Note(
              Author.agent(ALICE),
              new MessageContent.Text("n"),
              new Operation("op-" + i, "digest")));
    }

    assertThat(desk.state.operations()).hasSize(16);
    assertThat(desk.state.operations().get(0).id()).isEqualTo("op-4");
  }

  /** Scenario 8: the bot answers, hands off; the clock of people starts there. */
  @Test
  void handOff_startsTheClockOfPeople() {
    Desk desk = Desk.chat("hello").at(seconds(5));
    desk.replies(BOT, 1, "did you try again?");
    assertThat(desk.state.clock()).isNull();
    assertThat(desk.state.armed()).doesNotContainKey(Timer.Kind.BOT_SILENT);

    desk.at(seconds(9)).on(handOff(1, "asked"));

    assertThat(desk.state.stage()).isEqualTo(Stage.WAITING);
    assertThat(desk.state.epoch()).isEqualTo(2);
    assertThat(desk.clock().startedAt()).isEqualTo(T0.plus(seconds(9)));
    assertThat(desk.clock().dueAt()).isEqualTo(T0.plus(seconds(11)));
    assertThat(desk.state.triage().queue()).isEqualTo("billing");
    assertThat(desk.state.triage().skills()).isEqualTo(Map.of("refunds", 2));
    assertThat(desk.effects(Effect.Audit.class).get(0).details())
        .containsEntry("ignored", "skill:flying");
    assertThat(desk.message(3).content().text()).isEqualTo("wants money back");
    assertThat(desk.message(3).direction()).isEqualTo(Message.Direction.NOTE);
  }

  /** Scenario 9: hand-off, then the answer the bot had computed before. */
  @Test
  void handOff_thenALateAnswerOfTheBot_neverReachesTheCustomer() {
    Desk desk = Desk.chat("hello");
    desk.on(handOff(1, "asked"));
    Conversation handed = desk.state;

    desk.on(handOff(1, "asked"));
    assertThat(desk.state).isSameAs(handed);
    assertThat(desk.refusal()).isNull();

    desk.offered(BOB).accepted(BOB).replies(BOT, 1, "late");
    assertThat(desk.refusal()).isEqualTo(Refusal.Code.NOT_OWNER);
    assertThat(desk.state.outbox()).isEmpty();
    assertThat(desk.message(3).direction()).isEqualTo(Message.Direction.NOTE);

    desk.on(handOff(1, "asked"));
    assertThat(desk.refusal()).isEqualTo(Refusal.Code.NOT_OWNER);
  }

  @Test
  void silentBot_handsOverWithTheArrivalTime() {
    Desk desk = Desk.chat("hello").at(seconds(10));

    desk.fires(Timer.Kind.BOT_SILENT);

    assertThat(desk.state.stage()).isEqualTo(Stage.WAITING);
    assertThat(desk.state.waitingSince()).isEqualTo(T0);
    assertThat(desk.clock().startedAt()).isEqualTo(T0.plus(seconds(10)));
    assertThat(desk.effects(Effect.Audit.class).get(0).details())
        .isEqualTo(Map.of("reason", "bot-silent", "owner", "nobody", "epoch", "2"));
  }

  @Test
  void silence_countsFromTheOldestUnansweredMessage() {
    Desk desk = Desk.chat("hello").at(seconds(4)).customer("m2", "well?");

    assertThat(desk.state.armed().get(Timer.Kind.BOT_SILENT).due()).isEqualTo(T0.plus(seconds(10)));
  }

  /** Scenario 10: the gateway's own reason needs no epoch, and comes too late harmlessly. */
  @Test
  void lostBot_handsOverWhateverTheEpoch() {
    Desk desk = Desk.chat("hello");
    ConversationEvent lost = new HandOff("faq", 0, HandOff.BOT_LOST, null, Map.of(), null, null);

    desk.on(lost);
    assertThat(desk.state.stage()).isEqualTo(Stage.WAITING);
    Conversation handed = desk.state;

    desk.on(lost);
    assertThat(desk.state).isSameAs(handed);
    assertThat(desk.refusal()).isNull();
  }

  @Test
  void bot_mayResolve() {
    Desk desk = Desk.chat("hello");

    desk.on(new ConversationEvent.Resolve(BOT, 1, "answered"));

    assertThat(desk.state.stage()).isEqualTo(Stage.RESOLVED);
    assertThat(desk.books.spells).isZero();
  }

  @Test
  void note_byAColleague_reachesTheOwner() {
    Desk desk = Desk.assigned();

    desk.on(
        new ConversationEvent.Note(Author.agent(BOB), new MessageContent.Text("careful"), null));

    assertThat(desk.effects(Effect.InboxRow.class)).hasSize(1);
    assertThat(desk.state.preview()).isEqualTo("hello");
  }

  @Test
  void bytes_ofAFreshConversation_areFew() {
    assertThat(Desk.mail("hello").last.effects()).hasSizeLessThanOrEqualTo(10);
    assertThat(Duration.between(T0, Desk.mail("x").state.lastEventAt())).isZero();
  }
}
