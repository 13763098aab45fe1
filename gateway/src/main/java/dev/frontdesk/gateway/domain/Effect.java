// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A row that is written in the same commit as the state that caused it. */
public sealed interface Effect {

  /** A message at the end of the list. */
  record MessageAppended(Message message) implements Effect {}

  /** A message replaced at its seq. */
  record MessageChanged(Message message) implements Effect {}

  /** An event key is now known and leads to this message. */
  record KeyRemembered(String key, int seq) implements Effect {
    /** Put before the external id of a message of ours, so that receipts find it. */
    public static final String OUTBOUND = "out:";
  }

  /** An event whose target is not here yet waits for it. */
  record Parked(String target, dev.frontdesk.connector.InboundEvent event) implements Effect {}

  record TimerArmed(Timer timer, Instant due) implements Effect {}

  /** It goes; {@code due}: when it was to fire, which its score does not say once it is claimed. */
  record TimerCleared(Timer timer, Instant due) implements Effect {}

  /**
   * The conversation waits.
   *
   * @param arrival since when, for the hard bound of age
   * @param entered since when in this queue
   * @param chosen whether triage named the preferred agent
   * @param declined agents not to offer it to and until when
   */
  record Queued(
      Bucket bucket,
      boolean late,
      Instant due,
      int priority,
      Instant arrival,
      Instant entered,
      Agent.@Nullable Id preferred,
      boolean chosen,
      @Nullable String language,
      int cost,
      Map<Agent.Id, Instant> declined)
      implements Effect {
    public Queued {
      declined = Map.copyOf(declined);
    }
  }

  record Unqueued(Bucket bucket, boolean late) implements Effect {}

  /** Capacity is charged; refused unless the agent is there, of this generation and has room. */
  record LoadCharged(ConversationEvent.AgentFence agent, int cost) implements Effect {}

  record LoadReleased(Agent.Id agent, int cost) implements Effect {}

  /** A conversation that an agent holds costs something else from now on; never refused. */
  record LoadChanged(Agent.Id agent, int from, int to) implements Effect {}

  /** A change an agent's next poll shows. {@code seq}: the message it is about, or 0. */
  record InboxRow(Agent.Id agent, Change change, int seq, @Nullable String reason)
      implements Effect {
    public enum Change {
      OFFERED,
      ASSIGNED,
      MESSAGE,
      UPDATED,
      REMOVED
    }
  }

  /** A frame a bot must acknowledge: the message {@code seq} of this conversation. */
  record BotFrame(String bot, int seq) implements Effect {}

  /** Frames of this conversation are no longer the bot's; {@code seqs} are unacknowledged ones. */
  record BotReleased(String bot) implements Effect {}

  /** A bot let a conversation down: it was silent, or lost. */
  record BotFailed(String bot) implements Effect {}

  /** A bot replied, resolved or handed over; no row of this commit. */
  record BotAnswered(String bot) implements Effect {}

  /** A bot that rests was passed by; no row of this commit. */
  record BotSkipped(String bot) implements Effect {}

  /** There is something to send, not before {@code at}. */
  record OutboxReady(Instant at) implements Effect {}

  /** Nothing is left to send. */
  record OutboxEmpty() implements Effect {}

  /** A message that could not be delivered; an operator may retry it. */
  record DeadLetter(int seq, String reason) implements Effect {}

  /** The message is no longer a dead letter: it is sent again. */
  record DeadLetterTaken(int seq) implements Effect {}

  /** One line of the conversation's history. */
  record Audit(Instant at, String what, Author by, Map<String, String> details) implements Effect {
    public Audit {
      details = Map.copyOf(details);
    }
  }

  /** A level of a ladder has something to say to a contact. */
  record NoticeDue(Notice notice) implements Effect {}

  /** Something happened that wallboards and outgoing events show. */
  record Announced(String name, Map<String, String> details) implements Effect {
    /** In the details: an endpoint that gets it even if it did not ask for this kind. */
    public static final String ENDPOINT = "endpoint";

    /** A level of a ladder was told; the details have {@code promise} and {@code level}. */
    public static final String ESCALATED = "promise.escalated";

    public Announced {
      details = Map.copyOf(details);
    }
  }

  /** The one verdict of a spell. {@code responseMs}: start to answer, or -1 without an answer. */
  record VerdictGiven(
      ResponseClock.State verdict,
      String promise,
      String queue,
      String channel,
      @Nullable String agent,
      long responseMs)
      implements Effect {}

  /** A breached spell got its late answer: counted for waiting times, the verdict stays. */
  record LateAnswer(String promise, String queue, String channel, String agent, long responseMs)
      implements Effect {}

  /**
   * The one verdict of a spell of another clock than the first response's.
   *
   * @param overrunMs how much too late it was done, -1 while it is not, or was not late
   */
  record ClockVerdict(ClockKind clock, ResponseClock.State verdict, String promise, long overrunMs)
      implements Effect {}

  /** What was breached is done at last, so much too late; the verdict stays. */
  record ClockOverrun(ClockKind clock, String promise, long overrunMs) implements Effect {}

  /** A first-response spell began. */
  record SpellStarted(String promise, String queue, String channel) implements Effect {}

  /** This contact's events now come to this conversation. */
  record PointerSet() implements Effect {}

  record PointerCleared() implements Effect {}

  /** The conversation and its rows are removed. */
  record Erased() implements Effect {}

  /** Effects of one event, in order. */
  static List<Effect> none() {
    return List.of();
  }
}
