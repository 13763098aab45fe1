// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import dev.frontdesk.connector.DeliveryStatus;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.gateway.domain.Conversation.Stage;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The automatic first answer: by the gateway itself, in the commit of the message it answers.
 *
 * <ol>
 *   <li>Only where the channel has it configured, never to a machine, once within its window.
 *   <li>It is nobody's answer: no clock, age or ownership knows of it.
 *   <li>It never takes the last message that the platform allows: that is kept for a person.
 * </ol>
 */
final class AcknowledgementRules {
  private AcknowledgementRules() {}

  /** Answers the customer's message that was just taken, if an answer of this kind is due. */
  static void acknowledge(Draft d) {
    Terms.Channel channel = d.terms.channels().get(d.contact.channel());
    Acknowledgement configured = channel == null ? null : channel.acknowledgement();
    if (configured == null || !isDue(d, configured) || !fits(d)) {
      return;
    }
    ClockPolicy policy = Clocks.policy(d);
    String text =
        configured.text(
            d.triage.language(), policy.hours().isOpen(d.now), d.now, due(d), d.surroundings);
    if (text == null) {
      return;
    }
    int seq =
        d.append(
            Message.Direction.OUTBOUND,
            Author.SYSTEM,
            new MessageContent.Text(text),
            DeliveryStatus.PENDING);
    d.window = d.window.afterSending();
    d.acknowledgedAt = d.now;
    DeliveryRules.send(d, seq);
  }

  private static boolean isDue(Draft d, Acknowledgement configured) {
    Instant last = d.acknowledgedAt;
    boolean again = last == null || !d.now.isBefore(last.plus(configured.window()));
    boolean waits = d.stage == Stage.WAITING || (d.stage == Stage.BOT && configured.bots());
    return again && waits && !d.automatic && !d.humanAnswered;
  }

  private static boolean fits(Draft d) {
    return d.lastSeq < d.terms.maxMessages() && d.window.leaves(ReplyRules.KEPT_FOR_PEOPLE, d.now);
  }

  private static @Nullable Instant due(Draft d) {
    ResponseClock clock = d.clock;
    return clock != null && clock.state() == ResponseClock.State.RUNNING ? clock.dueAt() : null;
  }
}
