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
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A resolved conversation takes its agent's capacity until that is done with it, once. */
class WrapUpTest {

  private static Desk resolved(Duration wrapUp) {
    OfferTerms offers = new OfferTerms(1, null, 1, Duration.ZERO, wrapUp, Map.of());
    Desk desk =
        Desk.of(DeskTerms.with(offers, DeskTerms.terms()), MAIL, says("m1", "hello", T0))
            .offered(ALICE)
            .accepted(ALICE)
            .answered();
    desk.on(new ConversationEvent.Resolve(Author.agent(ALICE), desk.state.epoch(), "ok"));
    return desk;
  }

  @Test
  void resolve_keepsTheCharge_untilItsTimeIsOver() {
    Desk desk = resolved(seconds(30));
    assertThat(desk.state.stage()).isEqualTo(Stage.RESOLVED);
    assertThat(desk.books.load).isEqualTo(Map.of(ALICE, 2));

    desk.after(seconds(30)).fires(Timer.Kind.WRAP_UP);

    assertThat(desk.books.load).isEqualTo(Map.of(ALICE, 0));
    assertThat(desk.effects(Effect.LoadReleased.class)).hasSize(1);
    assertThat(desk.effects(Effect.Audit.class))
        .extracting(Effect.Audit::what)
        .containsExactly("wrapped-up");
    assertThat(desk.state.stage()).isEqualTo(Stage.RESOLVED);
  }

  @Test
  void agentWhoIsDoneEarlier_releasesItOnce() {
    Desk desk = resolved(seconds(30)).after(seconds(4));
    desk.on(new ConversationEvent.WrappedUp(BOB));
    assertThat(desk.books.load).isEqualTo(Map.of(ALICE, 2));

    desk.on(new ConversationEvent.WrappedUp(ALICE));
    assertThat(desk.effects(Effect.LoadReleased.class)).hasSize(1);
    desk.on(new ConversationEvent.WrappedUp(ALICE));

    assertThat(desk.last.effects()).isEmpty();
    assertThat(desk.books.load).isEqualTo(Map.of(ALICE, 0));
  }

  @Test
  void customerWhoComesBack_endsIt_andItIsOfferedAsAnyOther() {
    Desk desk = resolved(seconds(30)).after(seconds(4)).customer("m2", "one more thing");

    assertThat(desk.state.stage()).isEqualTo(Stage.WAITING);
    assertThat(desk.books.load).isEqualTo(Map.of(ALICE, 0));
    desk.offered(ALICE);
    assertThat(desk.books.load).isEqualTo(Map.of(ALICE, 2));
  }

  @Test
  void wrapUpLongerThanTheReopenWindow_outlivesTheClosing() {
    Desk desk = resolved(seconds(100));
    desk.after(seconds(60)).fires(Timer.Kind.REOPEN_WINDOW);
    assertThat(desk.state.stage()).isEqualTo(Stage.CLOSED);
    assertThat(desk.books.load).isEqualTo(Map.of(ALICE, 2));

    desk.after(seconds(40)).fires(Timer.Kind.WRAP_UP);

    assertThat(desk.books.load).isEqualTo(Map.of(ALICE, 0));
  }

  @Test
  void withoutWrapUp_andWithoutAnAgentWhoResolves_nothingStaysCharged() {
    assertThat(resolved(Duration.ZERO).books.load).isEqualTo(Map.of(ALICE, 0));
  }
}
