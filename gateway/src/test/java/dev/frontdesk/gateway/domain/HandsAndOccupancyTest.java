// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import static dev.frontdesk.gateway.domain.DeskTerms.ALICE;
import static dev.frontdesk.gateway.domain.DeskTerms.BOB;
import static dev.frontdesk.gateway.domain.DeskTerms.MAIL;
import static dev.frontdesk.gateway.domain.DeskTerms.T0;
import static dev.frontdesk.gateway.domain.DeskTerms.says;
import static dev.frontdesk.gateway.domain.DeskTerms.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.gateway.domain.Conversation.Stage;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Several offers, return timer and wrap-up at a desk that overflows and knows inactivity. */
class HandsAndOccupancyTest {
  private static final OfferTerms OFFERS =
      new OfferTerms(2, seconds(4), 1, seconds(0), seconds(30), Map.of("support", Set.of(BOB)));

  private static Desk desk() {
    Terms occupied = DeskTerms.occupied(DeskTerms.terms());
    return Desk.of(DeskTerms.with(OFFERS, occupied), MAIL, says("m1", "hello", T0));
  }

  @Test
  void reservedForSupervisors_asksNoOtherSteps_andOverflowsWhenTheirTimeIsOver() {
    Desk desk = desk().offered(ALICE).accepted(ALICE);

    desk.at(seconds(4)).fires(Timer.Kind.RETURN);

    Effect.Queued reserved = desk.effects(Effect.Queued.class).get(0);
    assertThat(reserved.bucket().isReserved()).isTrue();
    assertThat(reserved.bucket().steps()).isEqualTo(Steps.parse("@supervisor:1,="));
    assertThat(desk.state.armed()).doesNotContainKey(Timer.Kind.OVERFLOW);

    desk.at(seconds(8)).fires(Timer.Kind.RETURN);

    Effect.Queued open = desk.effects(Effect.Queued.class).get(0);
    assertThat(open.bucket().isReserved()).isFalse();
    assertThat(open.bucket().queue()).as("7 s are over too").isEqualTo("billing");
    assertThat(open.arrival()).isEqualTo(T0);
  }

  @Test
  void returned_isKeptNoLongerForWhoLetItReturn() {
    Desk desk = desk().offered(ALICE).accepted(ALICE).answered();
    desk.on(new ConversationEvent.Resolve(Author.agent(ALICE), desk.state.epoch(), null));
    desk.after(seconds(1)).customer("m2", "again");
    assertThat(desk.effects(Effect.Queued.class).get(0).preferred()).isEqualTo(ALICE);
    desk.offered(ALICE).accepted(ALICE);

    desk.after(seconds(4)).fires(Timer.Kind.RETURN);

    assertThat(desk.effects(Effect.Queued.class).get(0).preferred()).isNull();
  }

  @Test
  void wrapUp_ofAnInactiveOne_costsWhatItDid_andIsGivenBackOnce() {
    Desk desk = desk().offered(ALICE).accepted(ALICE).answered();
    desk.after(seconds(3)).fires(Timer.Kind.INACTIVE);
    assertThat(desk.books.load).isEqualTo(Map.of(ALICE, 1));

    desk.on(new ConversationEvent.Resolve(Author.agent(ALICE), desk.state.epoch(), null));
    assertThat(desk.books.load).isEqualTo(Map.of(ALICE, 1));
    assertThat(desk.state.armed()).doesNotContainKey(Timer.Kind.INACTIVE);

    desk.after(seconds(30)).fires(Timer.Kind.WRAP_UP);
    assertThat(desk.effects(Effect.LoadReleased.class))
        .containsExactly(new Effect.LoadReleased(ALICE, 1));
    assertThat(desk.books.load).isEqualTo(Map.of(ALICE, 0));
  }

  @Test
  void wrapUp_ofAnActiveOne_doesNotBecomeInactive() {
    Desk desk = desk().offered(ALICE).accepted(ALICE).answered();
    assertThat(desk.state.armed()).containsKey(Timer.Kind.INACTIVE);

    desk.on(new ConversationEvent.Resolve(Author.agent(ALICE), desk.state.epoch(), null));

    assertThat(desk.state.armed()).doesNotContainKey(Timer.Kind.INACTIVE);
    assertThat(desk.books.load).isEqualTo(Map.of(ALICE, 2));
  }

  @Test
  void rivals_areNeverInactive_andTheWinnerIsLater() {
    Desk desk = desk().offered(BOB).offered(ALICE);
    assertThat(desk.books.load).isEqualTo(Map.of(ALICE, 2, BOB, 2));
    assertThat(desk.state.armed()).doesNotContainKey(Timer.Kind.INACTIVE);

    desk.accepted(ALICE).answered();
    desk.after(seconds(3)).fires(Timer.Kind.INACTIVE);

    assertThat(desk.state.stage()).isEqualTo(Stage.ASSIGNED);
    assertThat(desk.effects(Effect.LoadChanged.class))
        .containsExactly(new Effect.LoadChanged(ALICE, 2, 1));
    assertThat(desk.books.load).isEqualTo(Map.of(ALICE, 1, BOB, 0));
  }
}
