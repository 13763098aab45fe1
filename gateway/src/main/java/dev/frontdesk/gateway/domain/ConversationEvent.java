// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.connector.SendResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Everything that can happen to a conversation; the closed input of {@link ConversationRules}. */
public sealed interface ConversationEvent {

  /** Something a platform reported. {@code target}: the message it refers to, when it was found. */
  record Inbound(InboundEvent event, @Nullable Message target) implements ConversationEvent {}

  /**
   * The router proposes the conversation to an agent.
   *
   * @param from the bucket it waited in when that was decided; refused once it is another
   */
  record Offer(
      String offerId, AgentFence agent, int cost, Instant expiresAt, Explanation why, Bucket from)
      implements ConversationEvent {}

  /**
   * The agent takes the next one from the queue, or a supervisor gives it: no offer in between.
   *
   * @param from the bucket it was taken from, refused once it is another; null: given, wherever it
   *     waits
   */
  record Assign(
      AgentFence agent, int cost, Author by, Explanation why, boolean steal, @Nullable Bucket from)
      implements ConversationEvent {
    /** Given by somebody, wherever it waits. */
    public Assign(AgentFence agent, int cost, Author by, Explanation why, boolean steal) {
      this(agent, cost, by, why, steal, null);
    }
  }

  /** The agent is writing to the customer. */
  record Typing(Agent.Id agent) implements ConversationEvent {}

  /** The agent is done with what it resolved and takes the next ones. */
  record WrappedUp(Agent.Id agent) implements ConversationEvent {}

  record Accept(Agent.Id agent, String offerId) implements ConversationEvent {}

  record Decline(Agent.Id agent, String offerId, @Nullable String reason, @Nullable Instant retryAt)
      implements ConversationEvent {}

  /** A human or bot answers. Several contents become several messages. */
  record Reply(
      Author author, long epoch, List<MessageContent> contents, @Nullable Operation operation)
      implements ConversationEvent {
    public Reply {
      contents = List.copyOf(contents);
    }
  }

  record Note(Author author, MessageContent content, @Nullable Operation operation)
      implements ConversationEvent {}

  /** The owner gives it to another agent or queue; exactly one of the two is set. */
  record Transfer(Author by, @Nullable AgentFence agent, int cost, @Nullable String queue)
      implements ConversationEvent {}

  /**
   * A bot (or, in its place, the gateway) asks for people. With a reason of the gateway's own the
   * epoch is not looked at: it is enough that the bot owns the conversation.
   */
  record HandOff(
      String bot,
      long epoch,
      String reason,
      @Nullable String queue,
      Map<String, Integer> skills,
      @Nullable String promise,
      @Nullable String summary)
      implements ConversationEvent {
    /** The gateway hands over for a bot without a session. */
    public static final String BOT_LOST = "bot-lost";

    /** The gateway hands over for a bot that did not reply in time. */
    public static final String BOT_SILENT = "bot-silent";

    public HandOff {
      skills = Map.copyOf(skills);
    }
  }

  record Pause(Author by, Conversation.Pause.On on, @Nullable Instant until)
      implements ConversationEvent {}

  record Resume(Author by) implements ConversationEvent {}

  /** The owner gives it back to its queue. */
  record Release(Author by) implements ConversationEvent {}

  /** It has as many messages as one may have: it is closed, and another one follows it. */
  record Overflow() implements ConversationEvent {}

  record Resolve(Author by, long epoch, @Nullable String code) implements ConversationEvent {}

  /** A supervisor gives another promise; deadlines only ever get earlier by it. */
  record ChangePromise(Author by, String promise) implements ConversationEvent {}

  /** A person takes care of what was escalated: no further level. */
  record Acknowledge(Author by) implements ConversationEvent {}

  /** A message of the gateway's own to a contact of the configuration. */
  record Notify(Conversation.Id about, String text, Operation operation)
      implements ConversationEvent {}

  /** A level of its ladder had a message for a contact that could not be sent. */
  record Unsaid(String promise, int level, String channel) implements ConversationEvent {}

  /** An edit or a withdrawal whose message did not come in time. */
  record Orphaned(InboundEvent event) implements ConversationEvent {}

  /** Promises or calendars were changed by a reload: clocks that run are computed once more. */
  record TermsChanged() implements ConversationEvent {}

  /** Other triage rules are in force. {@code contents}: what the customer wrote, oldest first. */
  record TriageAgain(List<MessageContent> contents) implements ConversationEvent {
    public TriageAgain {
      contents = List.copyOf(contents);
    }
  }

  /**
   * Other things are told of the customer than before; null: nothing. {@code contents}: what the
   * customer wrote, oldest first.
   */
  record CustomerChanged(@Nullable Customer customer, List<MessageContent> contents)
      implements ConversationEvent {
    public CustomerChanged {
      contents = List.copyOf(contents);
    }
  }

  /** The customer is being erased: it is closed, whatever its state. */
  record Close() implements ConversationEvent {}

  /** Nothing is kept of it; it must be closed. */
  record Erase() implements ConversationEvent {}

  /** The agent's lease lapsed (open offers) or the grace is over (assigned conversations). */
  record AgentVanished(Agent.Id agent, boolean graceOver) implements ConversationEvent {}

  /** The agent is back at work: what it still owns need not go to others. */
  record AgentReturned(Agent.Id agent) implements ConversationEvent {}

  /** A timer fell due. */
  record Fired(Timer timer) implements ConversationEvent {}

  /**
   * The outbox is about to send the first byte. {@code repeatable}: the platform deduplicates, so a
   * send that another node left half-way may be repeated. It may be sent only if the outbox of the
   * next state begins with this message and this node.
   */
  record Sending(Message message, String node, boolean repeatable) implements ConversationEvent {}

  /** The outbox knows the outcome of an attempt. {@code retryIn}: pause before the next, if any. */
  record Sent(Message message, int attempt, SendResult result, @Nullable Duration retryIn)
      implements ConversationEvent {}

  /**
   * The first of the outbox is not sent, for it may have been sent before: the store is an older
   * copy that an operator took for ours.
   */
  record Withheld(Message message, String reason) implements ConversationEvent {}

  /** An operator has a message sent once more that failed or of which nothing is known. */
  record Resend(Author by, Message message) implements ConversationEvent {}

  /**
   * An agent as the decision saw it; the commit is refused when it is no longer true.
   *
   * @param generation of the agent's presence; rises when its lease lapses
   */
  record AgentFence(Agent.Id id, int generation, int capacity) {}

  /**
   * Why this agent, why now; kept in the audit.
   *
   * @param rule {@code keep-promises/on-time}, {@code keep-promises/late}, {@code take} …
   * @param candidates agents that could have been chosen
   * @param slackMs deadline minus now, negative when late
   * @param step what was asked of agents at that moment of its wait, or null
   */
  record Explanation(String rule, List<String> candidates, long slackMs, @Nullable String step) {
    /** A decision that no wait had a part in. */
    public Explanation(String rule, List<String> candidates, long slackMs) {
      this(rule, candidates, slackMs, null);
    }

    public Explanation {
      candidates = List.copyOf(candidates);
    }
  }
}
