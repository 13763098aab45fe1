// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.Message;
import dev.frontdesk.gateway.domain.Refusal;
import java.util.List;

/** How a command on one conversation ended; every one of them is durable when it is told. */
public sealed interface Outcome {

  /** It was applied now. {@code messages}: those it produced. */
  record Applied(Conversation conversation, long version, List<Message> messages)
      implements Outcome {}

  /** The same operation was applied before: its answer again, as it was stored. */
  record Replayed(String answer) implements Outcome {}

  /** The operation's id was used before with another body. */
  record Reused() implements Outcome {}

  /** The rules refuse it. */
  record Refused(Refusal refusal, Conversation conversation, long version) implements Outcome {}

  /** There is no such conversation in this workspace. */
  record NotFound() implements Outcome {}
}
