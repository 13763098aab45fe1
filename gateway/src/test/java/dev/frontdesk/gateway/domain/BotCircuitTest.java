// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.connector.InboundEvent;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The circuit of a bot: pure. */
class BotCircuitTest {

  private static final Instant T0 = Instant.parse("2026-11-22T10:00:00Z");
  private static final Duration REST = Duration.ofSeconds(30);

  @Test
  void failures_belowTheBound_changeNothing() {
    BotCircuit circuit = BotCircuit.failed(4, T0, REST);

    assertThat(circuit.isOpen(5)).isFalse();
    assertThat(circuit.admits(5, T0)).isTrue();
    assertThat(BotCircuit.CLOSED.admits(1, T0)).isTrue();
  }

  @Test
  void failures_atTheBound_restUntilExactlyTheEndOfTheRest() {
    BotCircuit circuit = BotCircuit.failed(5, T0, REST);

    assertThat(circuit.admits(5, T0)).isFalse();
    assertThat(circuit.admits(5, T0.plus(REST).minusMillis(1))).isFalse();
    assertThat(circuit.admits(5, T0.plus(REST))).isTrue();
  }

  @Test
  void tryingIt_restsForTheOthers_andKnowsOfTheSameFailures() {
    Instant later = T0.plus(REST);
    BotCircuit circuit = BotCircuit.failed(5, T0, REST);

    BotCircuit tried = circuit.tried(later, REST);

    assertThat(tried.admits(5, later.plusMillis(1))).isFalse();
    assertThat(tried.admits(5, later.plus(REST))).isTrue();
    assertThat(tried.isOf(circuit)).isTrue();
    assertThat(tried.isOf(BotCircuit.failed(6, later, REST))).isFalse();
  }

  @Test
  void conversation_passesABotByThatRests_andSaysSo() {
    ConversationRules rules = DeskTerms.rules();
    InboundEvent.Received hello = DeskTerms.says("m1", "hello", T0);

    Transition asked = rules.open(DeskTerms.ID, DeskTerms.CHAT, hello, Surroundings.UNKNOWN, T0);
    Transition passed =
        rules.open(DeskTerms.ID, DeskTerms.CHAT, hello, Surroundings.UNKNOWN.withoutBot(), T0);

    assertThat(asked.next().stage()).isEqualTo(Conversation.Stage.BOT);
    assertThat(passed.next().stage()).isEqualTo(Conversation.Stage.WAITING);
    assertThat(passed.next().clock()).isNotNull();
    assertThat(passed.effects())
        .filteredOn(Effect.Audit.class::isInstance)
        .first()
        .satisfies(
            line ->
                assertThat(((Effect.Audit) line).details())
                    .containsEntry("skipped", "bot:faq")
                    .containsEntry("reason", "bot-rests"));
  }
}
