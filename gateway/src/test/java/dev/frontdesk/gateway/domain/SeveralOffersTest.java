// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import static dev.frontdesk.gateway.domain.DeskTerms.ALICE;
import static dev.frontdesk.gateway.domain.DeskTerms.BOB;
import static dev.frontdesk.gateway.domain.DeskTerms.MAIL;
import static dev.frontdesk.gateway.domain.DeskTerms.T0;
import static dev.frontdesk.gateway.domain.DeskTerms.fence;
import static dev.frontdesk.gateway.domain.DeskTerms.says;
import static dev.frontdesk.gateway.domain.DeskTerms.seconds;
import static dev.frontdesk.gateway.domain.DeskTerms.why;
import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.gateway.domain.Conversation.Stage;
import dev.frontdesk.gateway.domain.Effect.InboxRow;
import dev.frontdesk.gateway.domain.Effect.InboxRow.Change;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One conversation offered to several agents at once; every step is checked by {@link Books}. */
class SeveralOffersTest {
  private static final Agent.Id CAROL = new Agent.Id("carol");
  private static final Agent.Id DAN = new Agent.Id("dan");

  private static Desk desk() {
    OfferTerms three = new OfferTerms(3, null, 1, Duration.ZERO, Duration.ZERO, Map.of());
    return Desk.of(DeskTerms.with(three, DeskTerms.terms()), MAIL, says("m1", "hello", T0));
  }

  private static Desk offeredToThree() {
    return desk().offered(ALICE).offered(BOB).offered(CAROL);
  }

  @Test
  void offers_areAsManyAsConfigured_eachChargedOnce() {
    Desk desk = offeredToThree();

    assertThat(desk.books.load).isEqualTo(Map.of(ALICE, 2, BOB, 2, CAROL, 2));
    assertThat(desk.effects(InboxRow.class))
        .containsExactly(new InboxRow(CAROL, Change.OFFERED, 0, null));
    assertThat(desk.effects(Effect.Unqueued.class)).isEmpty();
    desk.offered(DAN);
    assertThat(desk.refusal()).isEqualTo(Refusal.Code.WRONG_STATE);
    desk.offered(BOB);
    assertThat(desk.refusal()).isEqualTo(Refusal.Code.WRONG_STATE);
  }

  @Test
  void scenario12_firstAcceptWins_othersAreRescindedAtOnce_lateOnesAreTaken() {
    Desk desk = offeredToThree().accepted(BOB);

    assertThat(desk.state.owner()).isEqualTo(Owner.agent(BOB));
    assertThat(desk.state.epoch()).isEqualTo(1);
    assertThat(desk.books.load).isEqualTo(Map.of(ALICE, 0, BOB, 2, CAROL, 0));
    assertThat(desk.effects(InboxRow.class))
        .containsExactly(
            new InboxRow(ALICE, Change.REMOVED, 0, "taken"),
            new InboxRow(CAROL, Change.REMOVED, 0, "taken"),
            new InboxRow(BOB, Change.ASSIGNED, 0, null));
    for (Agent.Id late : List.of(ALICE, CAROL)) {
      desk.accepted(late);
      assertThat(desk.refusal()).isEqualTo(Refusal.Code.TAKEN);
      assertThat(desk.last.refusal().message()).contains("bob");
    }
    Conversation won = desk.state;
    desk.accepted(BOB);
    assertThat(desk.state).isSameAs(won);
  }

  @Test
  void everyone_hearsTheCustomer_whileItIsOfferedToThem() {
    Desk desk = offeredToThree().customer("m2", "are you there?");

    assertThat(desk.effects(InboxRow.class))
        .extracting(InboxRow::agent)
        .containsExactly(ALICE, BOB, CAROL);
  }

  @Test
  void decline_endsOneOffer_theLastOneQueuesItWithItsAge() {
    Desk desk = offeredToThree().after(seconds(1));
    Instant due = desk.clock().dueAt();

    desk.on(new ConversationEvent.Decline(ALICE, "offer-alice", "busy", null));
    assertThat(desk.state.stage()).isEqualTo(Stage.OFFERED);
    assertThat(desk.books.load).isEqualTo(Map.of(ALICE, 0, BOB, 2, CAROL, 2));
    desk.on(new ConversationEvent.Decline(CAROL, "offer-carol", "busy", null));
    desk.on(new ConversationEvent.Decline(BOB, "offer-bob", "busy", T0.plus(seconds(90))));

    assertThat(desk.state.stage()).isEqualTo(Stage.WAITING);
    assertThat(desk.state.waitingSince()).isEqualTo(T0);
    assertThat(desk.clock().dueAt()).isEqualTo(due);
    assertThat(desk.effects(Effect.Queued.class).get(0).declined())
        .isEqualTo(
            Map.of(
                ALICE, desk.now.plus(seconds(5)),
                CAROL, desk.now.plus(seconds(5)),
                BOB, T0.plus(seconds(90))));
  }

  @Test
  void declinedOne_isNotOfferedAgainInThePlaceThatBecameFree() {
    Desk desk = offeredToThree();
    desk.on(new ConversationEvent.Decline(ALICE, "offer-alice", null, null));

    desk.offered(ALICE);
    assertThat(desk.refusal()).isEqualTo(Refusal.Code.WRONG_STATE);
    desk.offered(DAN);
    assertThat(desk.refusal()).isNull();
  }

  @Test
  void offersOfDifferentLength_expireOneByOne() {
    Desk desk = desk().offered(ALICE).after(seconds(3)).offered(BOB);

    desk.at(seconds(20)).fires(Timer.Kind.OFFER);
    assertThat(desk.effects(InboxRow.class))
        .filteredOn(row -> row.change() == Change.REMOVED)
        .containsExactly(new InboxRow(ALICE, Change.REMOVED, 0, "expired"));
    assertThat(desk.state.stage()).isEqualTo(Stage.OFFERED);
    desk.accepted(ALICE);
    assertThat(desk.refusal()).isEqualTo(Refusal.Code.EXPIRED);

    desk.at(seconds(23)).fires(Timer.Kind.OFFER);
    assertThat(desk.state.stage()).isEqualTo(Stage.WAITING);
    assertThat(desk.state.waitingSince()).isEqualTo(T0);
  }

  @Test
  void vanishedAgent_losesItsOffer_theOthersKeepTheirs() {
    Desk desk = offeredToThree();

    desk.on(new ConversationEvent.AgentVanished(ALICE, false));

    assertThat(desk.effects(InboxRow.class))
        .containsExactly(new InboxRow(ALICE, Change.REMOVED, 0, "revoked"));
    assertThat(desk.books.load).isEqualTo(Map.of(ALICE, 0, BOB, 2, CAROL, 2));
    desk.accepted(CAROL);
    assertThat(desk.state.owner()).isEqualTo(Owner.agent(CAROL));
  }

  @Test
  void take_byOneOfThem_needsNoSecondCharge() {
    Desk desk = offeredToThree();

    desk.on(new ConversationEvent.Assign(fence(BOB), 2, Author.agent(BOB), why(), false));

    assertThat(desk.state.owner()).isEqualTo(Owner.agent(BOB));
    assertThat(desk.effects(Effect.LoadCharged.class)).isEmpty();
    assertThat(desk.books.load).isEqualTo(Map.of(ALICE, 0, BOB, 2, CAROL, 0));
  }

  /** Connect streams #272, #391, Flex #290: whoever looks must see which of the two it was. */
  @Test
  void chatwoot25_missedAndRejected_areDistinguishable_inInboxAndHistory() {
    Desk desk = desk().offered(ALICE).offered(BOB);

    desk.on(new ConversationEvent.Decline(ALICE, "offer-alice", "lunch", null));
    List<InboxRow> rejected = desk.effects(InboxRow.class);
    List<Effect.Audit> rejection = desk.effects(Effect.Audit.class);
    desk.after(seconds(20)).fires(Timer.Kind.OFFER);

    assertThat(rejected).extracting(InboxRow::reason).containsExactly("declined");
    assertThat(rejection).extracting(Effect.Audit::what).containsExactly("declined");
    assertThat(rejection.get(0).details()).containsEntry("reason", "lunch");
    assertThat(desk.effects(InboxRow.class))
        .filteredOn(row -> row.change() == Change.REMOVED)
        .extracting(InboxRow::reason)
        .containsExactly("expired");
    assertThat(desk.effects(Effect.Audit.class))
        .filteredOn(line -> line.what().equals("expired"))
        .extracting(line -> line.by().id())
        .containsExactly("bob");
  }
}
