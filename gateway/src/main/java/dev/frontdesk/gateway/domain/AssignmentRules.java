// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import dev.frontdesk.gateway.domain.Conversation.Stage;
import dev.frontdesk.gateway.domain.ConversationEvent.Explanation;
import dev.frontdesk.gateway.domain.Effect.InboxRow.Change;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a conversation comes to an agent: offer, answer to it, direct assignment. An offer does not
 * change the owner; accepting it does.
 */
final class AssignmentRules {
  private static final int SHOWN_CANDIDATES = 8;
  private static final Comparator<Conversation.Offer> BY_END =
      Comparator.comparing(Conversation.Offer::expiresAt);

  private AssignmentRules() {}

  static Transition offer(Draft d, ConversationEvent.Offer event) {
    Agent.Id agent = event.agent().id();
    boolean further = d.stage == Stage.OFFERED && d.offers().size() < d.terms.offers().offerTo();
    if ((d.stage != Stage.WAITING && !further) || d.offerTo(agent) != null) {
      return d.refused(
          Refusal.Code.WRONG_STATE, "the conversation is " + d.stage.label() + ", not waiting");
    }
    if (!event.from().equals(QueuePlace.bucket(d))) {
      return moved(d, event.from());
    }
    Instant until = d.declined.get(agent);
    if (until != null && until.isAfter(d.now)) {
      return d.refused(Refusal.Code.WRONG_STATE, agent + " declined it until " + until);
    }
    Instant expiresAt = event.expiresAt().truncatedTo(ChronoUnit.MILLIS);
    Conversation.Offer offer = new Conversation.Offer(event.offerId(), agent, expiresAt);
    if (further) {
      d.charge(event.agent(), new Hands.Rival(offer, event.cost()));
    } else {
      d.stage = Stage.OFFERED;
      d.offer = offer;
      d.charge(event.agent(), event.cost());
    }
    armEarliest(d);
    d.tell(agent, Change.OFFERED, 0, null);
    d.audit("offered", Author.SYSTEM, decision(agent, event.why()));
    return d.done();
  }

  /** It was decided for another bucket: whether the agent may have it from here nobody knows. */
  private static Transition moved(Draft d, Bucket from) {
    return d.refused(
        Refusal.Code.WRONG_STATE,
        "it waits in " + QueuePlace.bucket(d).id() + ", not in " + from.id());
  }

  /** One timer for all offers: it falls due when the first of them ends. */
  private static void armEarliest(Draft d) {
    Instant earliest = Collections.min(d.offers(), BY_END).expiresAt();
    if (!earliest.equals(d.armedAt(Timer.Kind.OFFER))) {
      d.arm(Timer.Kind.OFFER, earliest);
    }
  }

  private static Map<String, String> decision(Agent.Id agent, Explanation why) {
    Map<String, String> details = new HashMap<>();
    details.put("agent", agent.value());
    details.put("rule", why.rule());
    details.put("slackMs", Long.toString(why.slackMs()));
    if (why.step() != null) {
      details.put("step", why.step());
    }
    List<String> candidates = why.candidates();
    if (candidates.size() > 1) {
      int shown = Math.min(SHOWN_CANDIDATES, candidates.size());
      details.put("candidates", String.join(" ", candidates.subList(0, shown)));
    }
    return details;
  }

  static Transition accept(Draft d, ConversationEvent.Accept event) {
    Agent.Id agent = event.agent();
    Conversation.Offer offer = d.offerTo(agent);
    if (d.owner != null && d.owner.is(agent)) {
      return d.done();
    }
    if (offer == null || !offer.id().equals(event.offerId())) {
      return notYours(d, event.offerId());
    }
    if (d.now.isAfter(offer.expiresAt())) {
      return d.refused(Refusal.Code.EXPIRED, "the offer ended at " + offer.expiresAt());
    }
    rescind(d, agent);
    d.winner(agent);
    d.assign(agent);
    d.tell(Change.ASSIGNED, 0, null);
    d.audit("accepted", Author.agent(agent), Map.of());
    d.announce("conversation.assigned", Map.of("agent", agent.value()));
    return d.done();
  }

  /** Whoever else it was offered to need not look at it any more. */
  private static void rescind(Draft d, Agent.Id winner) {
    for (Conversation.Offer offer : d.offers()) {
      if (!offer.agent().equals(winner)) {
        d.tell(offer.agent(), Change.REMOVED, 0, "taken");
      }
    }
  }

  /** Somebody has it, or has this very offer: taken. Else the offer is over. */
  private static Transition notYours(Draft d, String offerId) {
    boolean held = d.owner != null && d.owner.kind() == Owner.Kind.AGENT;
    for (Conversation.Offer offer : d.offers()) {
      if (offer.id().equals(offerId)) {
        return d.refused(Refusal.Code.TAKEN, "it is offered to " + offer.agent());
      }
    }
    return held
        ? d.refused(Refusal.Code.TAKEN, "it belongs to " + d.holder())
        : d.refused(Refusal.Code.EXPIRED, "the offer is over");
  }

  static Transition decline(Draft d, ConversationEvent.Decline event) {
    Agent.Id agent = event.agent();
    Conversation.Offer offer = d.offerTo(agent);
    if (offer == null || !offer.id().equals(event.offerId())) {
      return d.declined.containsKey(agent) ? d.done() : notYours(d, event.offerId());
    }
    Instant retryAt = event.retryAt();
    end(d, agent, "declined");
    d.avoid(agent, retryAt == null ? d.now.plus(d.terms.declineBackoff()) : retryAt);
    String reason = event.reason();
    d.audit("declined", Author.agent(agent), reason == null ? Map.of() : Map.of("reason", reason));
    return d.done();
  }

  /** The time of an offer is over. It is not offered to that agent again for a while. */
  static Transition expired(Draft d) {
    for (Conversation.Offer offer : d.offers()) {
      if (!d.now.isBefore(offer.expiresAt())) {
        end(d, offer.agent(), "expired");
        d.avoid(offer.agent(), d.now.plus(d.terms.declineBackoff()));
        d.audit("expired", Author.agent(offer.agent()), Map.of());
      }
    }
    return d.done();
  }

  /** One offer ends unaccepted; with the last one it waits again, with its age. */
  private static void end(Draft d, Agent.Id agent, String reason) {
    d.tell(agent, Change.REMOVED, 0, reason);
    d.withdraw(agent);
    if (d.offer == null) {
      d.queue();
    } else {
      armEarliest(d);
    }
  }

  static Transition assign(Draft d, ConversationEvent.Assign event) {
    Agent.Id agent = event.agent().id();
    if (d.owner != null && d.owner.is(agent)) {
      return event.from() == null
          ? d.done()
          : d.refused(Refusal.Code.TAKEN, "it belongs to " + agent.value() + " already");
    }
    Transition refusal = d.stage.isOpen() ? taken(d, event) : over(d);
    Bucket from = event.from();
    if (refusal == null && from != null && !from.equals(QueuePlace.bucket(d))) {
      refusal = moved(d, from);
    }
    if (refusal != null) {
      return refusal;
    }
    if (d.offer != null) {
      rescind(d, agent);
    } else if (!agent.equals(d.holder())) {
      d.tell(Change.REMOVED, 0, "transferred");
    }
    give(d, event.agent(), event.cost());
    d.audit("assigned", event.by(), decision(agent, event.why()));
    return d.done();
  }

  private static @Nullable Transition taken(Draft d, ConversationEvent.Assign event) {
    boolean free =
        d.stage == Stage.WAITING || d.offerTo(event.agent().id()) != null || event.steal();
    return free ? null : d.refused(Refusal.Code.TAKEN, "it belongs to " + holderName(d));
  }

  private static String holderName(Draft d) {
    Agent.Id agent = d.holder();
    return agent == null ? "a bot" : agent.value();
  }

  private static Transition over(Draft d) {
    return d.refused(
        d.stage == Stage.CLOSED ? Refusal.Code.CLOSED : Refusal.Code.WRONG_STATE,
        "the conversation is " + d.stage.label());
  }

  /** Without an offer in between. People are due to answer from now, if they were not before. */
  static void give(Draft d, ConversationEvent.AgentFence agent, int cost) {
    d.charge(agent, cost);
    d.assign(agent.id());
    d.tell(Change.ASSIGNED, 0, null);
    d.announce("conversation.assigned", Map.of("agent", agent.id().value()));
    if (!d.automatic) {
      Clocks.startIfDue(d, false);
    }
  }

  /** The agent is gone: offers at once, after the grace what waits on us. */
  static Transition vanished(Draft d, ConversationEvent.AgentVanished event) {
    if (!event.agent().equals(d.holder()) && d.offerTo(event.agent()) == null) {
      return d.unchanged();
    }
    if (d.offer != null) {
      end(d, event.agent(), "revoked");
      d.audit("revoked", Author.agent(event.agent()), Map.of());
    } else if (event.graceOver() && (d.unanswered || isFollowUp(d))) {
      requeue(d, event.agent());
    } else if (event.graceOver()) {
      d.ownerAway = true;
    }
    return d.done();
  }

  /** The agent is back, and nothing has moved what it owns in the meantime. */
  static Transition returned(Draft d, Agent.Id agent) {
    if (!d.ownerAway || !agent.equals(d.holder())) {
      return d.unchanged();
    }
    d.ownerAway = false;
    return d.done();
  }

  /** It waits on us, and its owner has long been gone: somebody else gets it. */
  static void requeueIfAway(Draft d) {
    Agent.Id agent = d.holder();
    if (d.ownerAway && agent != null) {
      requeue(d, agent);
    }
  }

  private static boolean isFollowUp(Draft d) {
    return Clocks.isOpen(d.clock(ClockKind.FOLLOW_UP));
  }

  /** Its agent is gone: it waits, as old as it is. */
  static void requeue(Draft d, Agent.Id agent) {
    ResponseClock followUp = d.clock(ClockKind.FOLLOW_UP);
    if (d.waitingSince == null && followUp != null && followUp.isOpen()) {
      d.waitingSince = followUp.from();
    }
    d.tell(Change.REMOVED, 0, "requeued");
    d.queue();
    d.audit("requeued", Author.agent(agent), Map.of());
    d.announce("conversation.requeued", Map.of("agent", agent.value()));
  }
}
