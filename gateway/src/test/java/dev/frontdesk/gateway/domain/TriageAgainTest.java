// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import static dev.frontdesk.gateway.domain.DeskTerms.T0;
import static dev.frontdesk.gateway.domain.DeskTerms.URGENT;
import static dev.frontdesk.gateway.domain.DeskTerms.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TriageAgainTest {

  private static ConversationEvent again(String... texts) {
    return new ConversationEvent.TriageAgain(
        List.of(texts).stream().<MessageContent>map(MessageContent.Text::new).toList());
  }

  @Test
  void waiting_isRaisedOnce() {
    Desk desk = Desk.mail("hello").after(seconds(1));

    desk.on(again("hello", "urgent refund"));

    assertThat(desk.state.triage().promise()).isEqualTo("urgent");
    assertThat(desk.state.triage().queue()).isEqualTo("billing");
    assertThat(desk.clock().dueAt()).isEqualTo(T0.plus(seconds(1)).plus(URGENT));
    assertThat(desk.effects(Effect.Queued.class)).hasSize(1);

    desk.after(seconds(1)).on(again("hello", "urgent refund"));
    assertThat(desk.last.effects()).isEmpty();
  }

  @Test
  void waiting_isNeverLowered() {
    Desk desk = Desk.mail("urgent refund");

    desk.on(again("hello"));

    assertThat(desk.last.effects()).isEmpty();
    assertThat(desk.state.triage().promise()).isEqualTo("urgent");
  }

  @Test
  void answeredOrAssigned_isLeftAlone() {
    Desk assigned = Desk.assigned();
    assigned.on(again("urgent"));
    assertThat(assigned.last.effects()).isEmpty();

    Desk resolved = Desk.assigned().answered().resolved();
    resolved.on(again("urgent"));
    assertThat(resolved.last.effects()).isEmpty();
  }

  @Test
  void language_isThePlatformsWhereItTellsOne() {
    InboundEvent.Received message =
        new InboundEvent.Received(
            "m1",
            new dev.frontdesk.connector.ContactRef("u1", null, null),
            null,
            T0,
            0,
            new MessageContent.Text("where is my order"),
            null,
            false,
            null,
            Map.of("locale", "fr-CA"));

    assertThat(Desk.of(DeskTerms.MAIL, message).state.triage().language()).isEqualTo("fr");
    assertThat(Desk.mail("where is my order").state.triage().language()).isEqualTo("en");
  }
}
