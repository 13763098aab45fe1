// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import static dev.frontdesk.gateway.domain.DeskTerms.ALICE;
import static dev.frontdesk.gateway.domain.DeskTerms.MAIL;
import static dev.frontdesk.gateway.domain.DeskTerms.T0;
import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.connector.SendGrant;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a platform lets us send, by its time: the part of scenario 22 that takes 48 hours. */
class SendWindowTest {

  private static final Duration WINDOW = Duration.ofDays(2);

  private static InboundEvent.Received granting(String key, Instant at) {
    return new InboundEvent.Received(
        key,
        ContactRef.of("u1"),
        null,
        at,
        0,
        new MessageContent.Text("hello"),
        null,
        false,
        new SendGrant(WINDOW, 5),
        Map.of());
  }

  private static Desk assigned() {
    return Desk.of(MAIL, granting("m1", T0)).offered(ALICE).accepted(ALICE);
  }

  @Test
  void scenario22_windowClosesInTheDraft_nothingIsStoredOrSent_untilTheCustomerWrites() {
    Desk desk = assigned().at(WINDOW.minusMinutes(1)).answered();
    assertThat(desk.refusal()).isNull();
    assertThat(desk.state.window()).isEqualTo(new SendWindow(T0.plus(WINDOW), 4));
    int stored = desk.books.messages.size();

    desk.at(WINDOW).answered();

    assertThat(desk.refusal()).isEqualTo(Refusal.Code.SEND_WINDOW);
    assertThat(desk.last.refusal().message()).contains("none until the customer writes again");
    assertThat(desk.books.messages).hasSize(stored);
    assertThat(desk.state.outbox()).hasSize(1);
    desk.receives(granting("m2", desk.now), null);
    desk.answered();
    assertThat(desk.refusal()).isNull();
    assertThat(desk.state.window()).isEqualTo(new SendWindow(desk.now.plus(WINDOW), 4));
  }

  @Test
  void scenario22_lastMillisecondOfTheWindow_isOpen() {
    Desk desk = assigned().at(WINDOW.minusMillis(1));

    desk.answered();

    assertThat(desk.refusal()).isNull();
  }

  private static InboundEvent.Signalled click(Instant at) {
    return new InboundEvent.Signalled(
        "click-" + at,
        ContactRef.of("u1"),
        null,
        at,
        new MessageContent.Event("CLICK", Map.of()),
        new SendGrant(Duration.ofMinutes(1), 3));
  }

  /** A message gives two days and five messages, a click in the menu a minute and three. */
  @Test
  void scenario22_lesserGrant_takesNothingOfAGreaterOne() {
    Desk desk = assigned().at(Duration.ofHours(1));

    desk.receives(click(desk.now), null);

    assertThat(desk.state.window()).isEqualTo(new SendWindow(T0.plus(WINDOW), 5));
    desk.after(Duration.ofMinutes(5)).answered();
    assertThat(desk.refusal()).isNull();
  }

  @Test
  void scenario22_lesserGrant_opensWhatIsUsedUpOrOver() {
    Desk used = assigned().at(Duration.ofHours(1));
    for (int n = 0; n < 5; n++) {
      used.answered();
    }
    used.receives(click(used.now), null);
    Desk over = assigned().at(WINDOW);
    over.receives(click(over.now), null);

    for (Desk desk : List.of(used, over)) {
      assertThat(desk.state.window()).isEqualTo(new SendWindow(desk.now.plusSeconds(60), 3));
    }
  }
}
