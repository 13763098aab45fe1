// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One conversation with one contact: the aggregate. Immutable; changes only through {@link
 * ConversationRules#apply}.
 *
 * <pre>
 * BOT ──handoff──▶ WAITING ──offer──▶ OFFERED ──accept──▶ ASSIGNED ⇄ PAUSED
 *  │                  ▲                  │ decline, expiry     │
 *  │                  └──────────────────┴──── requeue, transfer, release
 *  └──resolve──▶ RESOLVED ──window over──▶ CLOSED
 *                   └── customer writes ──▶ WAITING (prefers the last agent)
 * OFFERED may be to several agents; ASSIGNED without a word goes back ({@link ReturnRules})
 * </pre>
 *
 * @param epoch ownership epoch; rises with each change of owner
 * @param lastSeq number of messages; the seq of the newest
 * @param lastEventAt the aggregate's own time: never goes back
 * @param waitingSince since when the customer waits for an answer; kept over requeues so that age
 *     counts, null once answered. Never null while WAITING or OFFERED
 * @param queuedSince since when it is in its queue, if it came there from another; else null
 * @param offer the first open offer; set while OFFERED
 * @param pause set while PAUSED
 * @param clock the newest first-response spell, or null before the first
 * @param laterClocks the newest spell of every other clock that ever ran
 * @param acknowledgedAt when the customer got an automatic first answer last, or null
 * @param lastAgent who answered last; preferred after reopening
 * @param lastBot the bot that had it last and does not any more, or null
 * @param declined agents not to offer this to again, and until when
 * @param load what is charged to its owner, for {@code offer}, or for wrapping up; or null
 * @param armed the timers in Redis, by kind
 * @param context what sending needs ({@code InboundEvent.Received#context})
 * @param outbox outbound messages not yet settled, in order; the first may be in flight
 * @param operations the last 16 operations, oldest first
 * @param humanAnswered a person answered, and that answer was not lost on its way
 * @param unanswered true if the customer's last message has no human answer yet: it waits on us
 * @param automatic the customer's side was only machines so far: no clock runs, no bot is asked
 * @param ownerAway the owner's lease is long over and nobody heard of it since; the customer's next
 *     message moves it to another
 * @param customer what is known about the person behind the contact besides what the platform says,
 *     or null
 * @param hands further offers, and who had it without answering
 * @param escalation how far it has come on its promise's ladder, null while no clock of that runs
 */
public record Conversation(
    Id id,
    ContactKey contact,
    String connector,
    @Nullable String contactName,
    @Nullable String tier,
    Stage stage,
    @Nullable Owner owner,
    long epoch,
    Triage triage,
    @Nullable ResponseClock clock,
    Map<ClockKind, ResponseClock> laterClocks,
    @Nullable Offer offer,
    @Nullable Pause pause,
    int lastSeq,
    String preview,
    Instant openedAt,
    Instant lastMessageAt,
    Instant lastEventAt,
    @Nullable Instant waitingSince,
    @Nullable Instant queuedSince,
    @Nullable Instant assignedAt,
    @Nullable Instant resolvedAt,
    @Nullable Instant acknowledgedAt,
    Agent.@Nullable Id lastAgent,
    @Nullable String lastBot,
    Map<Agent.Id, Instant> declined,
    @Nullable Load load,
    SendWindow window,
    Map<Timer.Kind, Armed> armed,
    int generation,
    Map<String, String> context,
    List<Pending> outbox,
    List<Recent> operations,
    boolean humanAnswered,
    boolean unanswered,
    boolean automatic,
    boolean ownerAway,
    @Nullable Customer customer,
    Hands hands,
    @Nullable Escalation escalation) {

  public Conversation {
    laterClocks = Map.copyOf(laterClocks);
    declined = Map.copyOf(declined);
    armed = Map.copyOf(armed);
    context = Map.copyOf(context);
    outbox = List.copyOf(outbox);
    operations = List.copyOf(operations);
  }

  /**
   * The customer's tier: what an operator said; else what the lookup did; else what the platform's
   * last event did.
   */
  public @Nullable String customerTier() {
    return Customer.tier(customer, tier);
  }

  /** The open offer to this agent, or null. */
  public @Nullable Offer offerTo(Agent.Id agent) {
    if (offer != null && offer.agent().equals(agent)) {
      return offer;
    }
    for (Hands.Rival rival : hands.rivals()) {
      if (rival.offer().agent().equals(agent)) {
        return rival.offer();
      }
    }
    return null;
  }

  /** Everything charged for this conversation, to each agent once. */
  public List<Load> loads() {
    if (hands.rivals().isEmpty()) {
      return load == null ? List.of() : List.of(load);
    }
    List<Load> all = new ArrayList<>(hands.rivals().size() + 1);
    if (load != null) {
      all.add(load);
    }
    hands.rivals().forEach(rival -> all.add(new Load(rival.offer().agent(), rival.cost())));
    return all;
  }

  /** The newest spell of that clock, or null before the first. */
  public @Nullable ResponseClock clock(ClockKind kind) {
    return kind == ClockKind.FIRST_RESPONSE ? clock : laterClocks.get(kind);
  }

  /** How many operations an aggregate remembers. */
  public static final int REMEMBERED_OPERATIONS = 16;

  /**
   * 22 characters of base64url: the first 8 of the contact's identity (so that every event of a
   * contact meets in the same lane, and all conversations of a person on a channel can be found),
   * then 84 random bits.
   */
  public record Id(String value) {
    public static final int LENGTH = 22;

    /** The lane this conversation's events go through. */
    public String lane() {
      return value.substring(0, Math.min(8, value.length()));
    }

    @Override
    public String toString() {
      return value;
    }
  }

  public enum Stage {
    BOT,
    WAITING,
    OFFERED,
    ASSIGNED,
    PAUSED,
    RESOLVED,
    CLOSED;

    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Whether a customer message still belongs to it without reopening. */
    public boolean isOpen() {
      return this != RESOLVED && this != CLOSED;
    }
  }

  /** An expiring proposal to one agent. */
  public record Offer(String id, Agent.Id agent, Instant expiresAt) {}

  /** Why nobody is expected to answer now. */
  public record Pause(On on, @Nullable Instant until) {
    public enum On {
      CUSTOMER,
      SUPPLIER,
      INTERNAL;

      public String label() {
        return name().toLowerCase(Locale.ROOT);
      }
    }
  }

  /**
   * What is charged to an agent's capacity; release removes exactly this.
   *
   * @param cost charged now
   * @param active charged while the conversation is active; more than {@code cost} while it is not
   */
  public record Load(Agent.Id agent, int cost, int active) {
    /** What an active conversation costs. */
    public Load(Agent.Id agent, int cost) {
      this(agent, cost, cost);
    }

    /** Whether it costs less because it waits for the customer. */
    boolean isReduced() {
      return cost < active;
    }

    /** The same at another cost. */
    Load at(int other) {
      return new Load(agent, other, active);
    }
  }

  /** A timer that stands in Redis. */
  public record Armed(int generation, Instant due) {}

  /**
   * An outbound message on its way.
   *
   * @param attempt 0 before the first; the attempt in flight while {@code sendingNode} is set
   * @param sendingNode the node that sends it now, or null
   * @param readyAt since when it may be sent; null while it waits behind another one
   */
  public record Pending(
      int seq, int attempt, @Nullable String sendingNode, @Nullable Instant readyAt) {}

  /**
   * An operation that was applied.
   *
   * @param seq the first message it produced, 0: none, negative: refused, the text kept as notes
   * @param count how many messages it produced, with consecutive seqs
   * @param mark the beginning of the request's digest: the same id with another one is another
   *     operation; empty when it was remembered without
   */
  public record Recent(String id, int seq, int count, String mark) {

    /** Characters of a mark: 48 bits tell the few requests apart that share an id. */
    private static final int MARK = 8;

    static String markOf(Operation operation) {
      return operation.digest().substring(0, Math.min(MARK, operation.digest().length()));
    }

    boolean is(Operation operation) {
      return id.equals(operation.id()) && (mark.isEmpty() || mark.equals(markOf(operation)));
    }
  }
}
