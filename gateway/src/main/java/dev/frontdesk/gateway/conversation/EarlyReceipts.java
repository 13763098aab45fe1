// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.domain.Effect;
import dev.frontdesk.gateway.domain.Message;
import dev.frontdesk.gateway.domain.Transition;
import dev.frontdesk.gateway.store.Key;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Receipts that came before the platform's answer to the send they are about: platforms call back
 * on another connection, and that call may win. They wait under the id which only the answer tells.
 */
final class EarlyReceipts {
  private EarlyReceipts() {}

  /** Where they would wait, if {@code sent} learns the platform's id of a message; else null. */
  static @Nullable Key place(Workspace workspace, Conversation conversation, Transition sent) {
    for (Effect effect : sent.effects()) {
      if (effect instanceof Effect.KeyRemembered remembered
          && remembered.key().startsWith(Effect.KeyRemembered.OUTBOUND)) {
        return workspace
            .keys()
            .parked(EffectWriter.digest(conversation.contact().channel(), remembered.key()));
      }
    }
    return null;
  }

  /** What the send and then each of {@code waiting} does, as one transition. */
  static Transition applied(
      Workspace workspace,
      ConversationCodec codec,
      Transition sent,
      List<String> waiting,
      Instant now) {
    Transition all = sent;
    for (String text : waiting) {
      Message message = lastChanged(all.effects());
      if (message == null) {
        return all;
      }
      Transition receipt =
          workspace
              .rules()
              .apply(all.next(), new ConversationEvent.Inbound(codec.event(text), message), now);
      if (receipt.refusal() == null) {
        List<Effect> effects = new ArrayList<>(all.effects());
        effects.addAll(receipt.effects());
        all = new Transition(receipt.next(), effects, sent.seqs(), sent.refusal());
      }
    }
    return all;
  }

  private static @Nullable Message lastChanged(List<Effect> effects) {
    Message last = null;
    for (Effect effect : effects) {
      if (effect instanceof Effect.MessageChanged changed) {
        last = changed.message();
      }
    }
    return last;
  }
}
