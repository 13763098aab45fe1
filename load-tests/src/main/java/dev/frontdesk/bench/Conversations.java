// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.bench;

import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.domain.Transition;
import dev.frontdesk.load.IntakeTraffic;
import dev.frontdesk.load.LoadConfig;
import dev.frontdesk.load.OfflineIntake;
import java.time.Instant;
import java.util.Random;

/** What benchmarks of one conversation begin with. */
final class Conversations {

  static final Instant AT = Instant.parse("2026-11-22T03:04:05Z");
  static final String CONTACT = "n4711";
  static final ContactKey KEY = new ContactKey(LoadConfig.CHANNEL, CONTACT, null);
  static final Conversation.Id ID = new Conversation.Id("A".repeat(Conversation.Id.LENGTH));

  private Conversations() {}

  static InboundEvent.Received message(int number) {
    return OfflineIntake.message(
        CONTACT, "m" + number, IntakeTraffic.text(number, new Random(number)), AT);
  }

  static Transition opened(Workspace workspace) {
    return workspace.rules().open(ID, KEY, message(1), AT);
  }

  static Transition received(Workspace workspace, Conversation conversation, int number) {
    return workspace
        .rules()
        .apply(
            conversation,
            new ConversationEvent.Inbound(message(number), null),
            AT.plusMillis(number));
  }

  /** An open conversation that waits with so many messages of its customer. */
  static Conversation open(Workspace workspace, int messages) {
    Conversation conversation = opened(workspace).next();
    for (int number = 2; number <= messages; number++) {
      conversation = received(workspace, conversation, number).next();
    }
    return conversation;
  }
}
