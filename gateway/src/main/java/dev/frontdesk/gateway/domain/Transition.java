// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an event does to a conversation: the next state and the rows to write with it, or a refusal.
 *
 * @param next the state to commit; equal to the former one when nothing changes
 * @param seqs the messages the event produced, in order
 * @param refusal set when the event does not apply. Effects may still be present (a note keeps the
 *     text of a stale reply) and are then committed
 */
public record Transition(
    Conversation next, List<Effect> effects, List<Integer> seqs, @Nullable Refusal refusal) {
  public Transition {
    effects = List.copyOf(effects);
    seqs = List.copyOf(seqs);
  }

  /** Nothing happens: a duplicate, a stale timer. */
  public static Transition unchanged(Conversation current) {
    return new Transition(current, List.of(), List.of(), null);
  }

  public static Transition refused(Conversation current, Refusal.Code code, String message) {
    return new Transition(current, List.of(), List.of(), new Refusal(code, message));
  }
}
