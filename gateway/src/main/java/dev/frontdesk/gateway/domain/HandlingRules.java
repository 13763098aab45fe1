// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import dev.frontdesk.gateway.domain.Conversation.Pause;
import dev.frontdesk.gateway.domain.Conversation.Stage;
import dev.frontdesk.gateway.domain.Effect.InboxRow.Change;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the owner does with a conversation besides answering, and how it ends. */
final class HandlingRules {
  private HandlingRules() {}

  static Transition transfer(Draft d, ConversationEvent.Transfer event) {
    Transition refusal = notTheAgent(d, event.by());
    if (refusal != null) {
      return refusal;
    }
    ConversationEvent.AgentFence agent = event.agent();
    if (agent != null && d.owner != null && d.owner.is(agent.id())) {
      return d.done();
    }
    String queue = event.queue();
    if (queue != null && !d.terms.queues().contains(queue)) {
      return d.refused(
          Refusal.Code.UNKNOWN_TARGET,
          "queue '" + queue + "', expected one of " + d.terms.queues());
    }
    d.tell(Change.REMOVED, 0, "transferred");
    d.lastAgent = null;
    d.triage = d.triage.forAnybody();
    d.hands = d.hands.forgotten();
    if (agent != null) {
      AssignmentRules.give(d, agent, event.cost());
      d.audit("transferred", event.by(), Map.of("agent", agent.id().value()));
      d.announce("conversation.transferred", Map.of("agent", agent.id().value()));
      return d.done();
    }
    String to = Objects.requireNonNullElse(queue, d.triage.queue());
    Agent.Id sender = d.holder();
    d.triage = d.triage.inQueue(to);
    d.declined = Map.of();
    if (sender != null) {
      d.avoid(sender, d.now.plus(d.terms.declineBackoff()));
    }
    d.queue();
    d.audit("transferred", event.by(), Map.of("queue", to));
    d.announce("conversation.transferred", Map.of("queue", to));
    return d.done();
  }

  private static Triage withPromise(Triage t, String promise) {
    return new Triage(
        t.queue(),
        promise,
        t.priority(),
        t.skills(),
        t.language(),
        t.category(),
        t.complaint(),
        t.tags(),
        t.aim());
  }

  /** Back to the queue; not offered to the same agent again for a while. */
  static Transition release(Draft d, ConversationEvent.Release event) {
    Transition refusal = notTheAgent(d, event.by());
    if (refusal != null) {
      return refusal;
    }
    Agent.Id agent = d.holder();
    d.tell(Change.REMOVED, 0, "released");
    if (agent != null) {
      d.avoid(agent, d.now.plus(d.terms.declineBackoff()));
    }
    d.lastAgent = null;
    d.triage = d.triage.forAnybody();
    d.queue();
    d.audit("released", event.by(), Map.of());
    d.announce("conversation.released", Map.of("queue", d.triage.queue()));
    return d.done();
  }

  static Transition pause(Draft d, ConversationEvent.Pause event) {
    Transition refusal = notTheAgent(d, event.by());
    if (refusal != null) {
      return refusal;
    }
    if (event.on() == Pause.On.CUSTOMER && (d.unanswered || !d.humanAnswered)) {
      return d.refused(
          Refusal.Code.WRONG_STATE, "the customer wrote last: expected an answer before the pause");
    }
    Instant until = event.until();
    if (until != null && until.isBefore(d.now)) {
      until = d.now; // it was over before it took effect: nothing is due in the past
    }
    if (event.on() != Pause.On.SUPPLIER) {
      Clocks.supplied(d);
    }
    Clocks.followedUp(d);
    d.ownerAway = false;
    d.stage = Stage.PAUSED;
    d.pause = new Pause(event.on(), until == null ? null : Draft.whole(until));
    d.disarm(Timer.Kind.PAUSE);
    if (until != null) {
      d.arm(Timer.Kind.PAUSE, until);
    }
    if (event.on() == Pause.On.SUPPLIER) {
      Clocks.startSupplier(d);
    }
    Map<String, String> details =
        until == null
            ? Map.of("on", event.on().label())
            : Map.of("on", event.on().label(), "until", Draft.whole(until).toString());
    d.audit("paused", event.by(), details);
    d.tell(Change.UPDATED, 0, "paused");
    return d.done();
  }

  static Transition resume(Draft d, ConversationEvent.Resume event) {
    Transition refusal = notTheAgent(d, event.by());
    if (refusal != null) {
      return refusal;
    }
    d.ownerAway = false;
    Clocks.supplied(d);
    if (d.stage == Stage.PAUSED) {
      resumed(d, event.by());
      d.tell(Change.UPDATED, 0, "resumed");
    }
    return d.done();
  }

  private static void resumed(Draft d, Author by) {
    d.stage = Stage.ASSIGNED;
    d.pause = null;
    d.disarm(Timer.Kind.PAUSE);
    d.audit("resumed", by, Map.of());
  }

  /**
   * The pause's own time is over: it is back with whoever paused it, to come back to the customer.
   * Whoever is gone by then cannot: it waits in the queue, since the pause was to end.
   */
  static Transition pauseOver(Draft d) {
    Pause pause = d.pause;
    Owner owner = d.owner;
    if (d.stage != Stage.PAUSED || pause == null || owner == null) {
      return d.done();
    }
    Instant until = Objects.requireNonNullElse(pause.until(), d.now);
    Boolean away = d.surroundings.ownerAway();
    d.ownerAway = away == null ? d.ownerAway : away;
    resumed(d, Author.SYSTEM);
    Clocks.startFollowUp(d, until);
    if (!d.ownerAway) {
      d.tell(Change.UPDATED, 0, "follow-up");
      return d.done();
    }
    Agent.Id agent = new Agent.Id(owner.id());
    d.lastAgent = agent;
    AssignmentRules.requeue(d, agent);
    return d.done();
  }

  static Transition resolve(Draft d, ConversationEvent.Resolve event) {
    if (d.stage == Stage.RESOLVED) {
      return d.done();
    }
    Transition refusal = notOwner(d, event.by());
    if (refusal != null) {
      return refusal;
    }
    if (event.by().kind() != Author.Kind.SYSTEM && event.epoch() != d.epoch) {
      return d.refused(
          Refusal.Code.NOT_OWNER, "epoch " + event.epoch() + ", in force is epoch " + d.epoch);
    }
    Clocks.end(d);
    d.tell(Change.REMOVED, 0, "resolved");
    if (event.by().kind() == Author.Kind.AGENT) {
      d.lastAgent = new Agent.Id(event.by().id());
    } else if (event.by().kind() == Author.Kind.BOT) {
      d.emit(new Effect.BotAnswered(event.by().id()));
    }
    WrapUpRules.setDown(d, event.by());
    d.hands = Hands.NONE;
    d.stage = Stage.RESOLVED;
    d.resolvedAt = d.now;
    d.unanswered = false;
    d.waitingSince = null;
    d.declined = Map.of();
    d.arm(Timer.Kind.REOPEN_WINDOW, d.now.plus(d.terms.reopenWindow()));
    String code = event.code();
    Map<String, String> details = code == null ? Map.of() : Map.of("code", code);
    d.audit("resolved", event.by(), details);
    d.announce("conversation.resolved", details);
    return d.done();
  }

  static Transition changePromise(Draft d, ConversationEvent.ChangePromise event) {
    if (!d.stage.isOpen()) {
      return over(d);
    }
    if (!d.terms.promises().containsKey(event.promise())) {
      return d.refused(
          Refusal.Code.UNKNOWN_TARGET,
          "promise '" + event.promise() + "', expected one of " + d.terms.promises().keySet());
    }
    if (event.promise().equals(d.triage.promise())) {
      return d.done();
    }
    d.audit("promise", event.by(), Map.of("from", d.triage.promise(), "to", event.promise()));
    d.triage = withPromise(d.triage, event.promise());
    d.tell(Change.UPDATED, 0, "promise");
    return d.done();
  }

  /** The reopen window is over: the contact's next message opens another conversation. */
  static Transition close(Draft d) {
    if (d.stage == Stage.RESOLVED) {
      d.stage = Stage.CLOSED;
      d.arm(Timer.Kind.RETENTION, d.now.plus(d.terms.retention()));
      d.announce("conversation.closed", Map.of());
    }
    return d.done();
  }

  /**
   * As many messages as one may have: closed whatever its state, by the message that did not fit.
   * What the next one needs stays readable: who answered last, and what the customer waits for.
   */
  static Transition overflow(Draft d) {
    if (d.stage == Stage.CLOSED || d.lastSeq < d.terms.maxMessages()) {
      return d.unchanged();
    }
    Clocks.cut(d);
    d.tell(Change.REMOVED, 0, "closed");
    if (d.owner != null && d.owner.kind() == Owner.Kind.AGENT) {
      d.lastAgent = new Agent.Id(d.owner.id());
    }
    d.setDown();
    d.hands = Hands.NONE;
    d.disarm(Timer.Kind.REOPEN_WINDOW);
    d.stage = Stage.CLOSED;
    d.resolvedAt = d.now;
    d.declined = Map.of();
    d.arm(Timer.Kind.RETENTION, d.now.plus(d.terms.retention()));
    d.audit("closed", Author.SYSTEM, Map.of("reason", "full"));
    d.announce("conversation.closed", Map.of("reason", "full"));
    return d.done();
  }

  static Transition erase(Draft d) {
    if (d.stage == Stage.CLOSED) {
      d.discharge();
      if (!d.outbox.isEmpty()) {
        d.outbox.clear();
        d.emit(new Effect.OutboxEmpty());
      }
      d.emit(new Effect.Erased());
    }
    return d.done();
  }

  private static @Nullable Transition notOwner(Draft d, Author by) {
    if (!d.stage.isOpen()) {
      return over(d);
    }
    if (d.isOwnedBy(by) || by.kind() == Author.Kind.SYSTEM) {
      return null;
    }
    return d.refused(
        Refusal.Code.NOT_OWNER,
        "the owner is " + (d.owner == null ? "nobody" : d.owner.id()) + ", not " + by.id());
  }

  /** What only an agent who has it may do, or the gateway in an agent's place. */
  private static @Nullable Transition notTheAgent(Draft d, Author by) {
    Transition refusal = notOwner(d, by);
    boolean held = d.stage == Stage.ASSIGNED || d.stage == Stage.PAUSED;
    return refusal != null || held
        ? refusal
        : d.refused(
            Refusal.Code.WRONG_STATE, "the conversation is " + d.stage.label() + ", not assigned");
  }

  private static Transition over(Draft d) {
    return d.refused(
        d.stage == Stage.CLOSED ? Refusal.Code.CLOSED : Refusal.Code.WRONG_STATE,
        "the conversation is " + d.stage.label());
  }
}
