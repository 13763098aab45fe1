// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import dev.frontdesk.gateway.domain.Conversation.Stage;
import dev.frontdesk.gateway.domain.Effect.InboxRow.Change;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * The return timer: who accepted and says nothing to a customer who waits loses the conversation to
 * somebody else.
 *
 * <pre>
 * ASSIGNED, customer waits ──returnAfter──▶ WAITING for others ──accept──▶ ASSIGNED, again …
 *                                              │ the last of returnHops
 *                                              ▼
 *                         WAITING for supervisors ──returnAfter──▶ WAITING for everyone
 * </pre>
 *
 * What supervisors decline or let expire stays reserved for the others of them, for the rest of
 * that time. It is reserved only where one of them serves the queue who was not silent before;
 * while none of those is there routing passes the reservation over.
 *
 * <p>Runs once per assignment, whatever assigned it, until {@code returnHops} are used up: an
 * assignment that ends cancels it, the next one arms it anew. A transfer by whoever has it begins
 * the hops anew. A pause does not stop it: without a word nobody but its owner could end that. Any
 * public message of the owner ends it for that assignment and forgets the hops. While the platform
 * lets nobody answer nobody is silent: it begins anew when the customer writes.
 */
final class ReturnRules {
  private ReturnRules() {}

  /** Armed exactly while it has to run. Called at the end of every event, so no way leads past. */
  static void settle(Draft d) {
    if (d.ownerChanged()) {
      d.hands = d.hands.passedOn();
    }
    OfferTerms terms = d.terms.offers();
    Duration term = terms.returnAfter();
    boolean armed = d.isArmed(Timer.Kind.RETURN);
    boolean reserved = d.stage == Stage.WAITING || d.stage == Stage.OFFERED;
    boolean held = d.stage == Stage.ASSIGNED || d.stage == Stage.PAUSED;
    boolean runs =
        held
            && d.unanswered
            && !d.hands.spoken()
            && !ReachRules.isCutOff(d)
            && d.hands.returned().size() < terms.returnHops();
    if (term != null && runs && (!armed || d.ownerChanged())) {
      d.arm(Timer.Kind.RETURN, d.now.plus(term));
    } else if (armed && !reserved && (term == null || !runs)) {
      d.disarm(Timer.Kind.RETURN);
    }
  }

  /** The owner's time is over, or that of the supervisors. */
  static Transition fired(Draft d) {
    Agent.Id agent = d.holder();
    boolean held = d.stage == Stage.ASSIGNED || d.stage == Stage.PAUSED;
    if (held && agent != null) {
      if (!ReachRules.isCutOff(d)) {
        takeBack(d, agent);
      }
    } else if (d.stage == Stage.WAITING || d.stage == Stage.OFFERED) {
      d.audit("unreserved", Author.SYSTEM, Map.of("queue", d.triage.queue()));
    }
    return d.done();
  }

  private static void takeBack(Draft d, Agent.Id agent) {
    OfferTerms terms = d.terms.offers();
    Duration term = terms.returnAfter();
    if (term == null) {
      return;
    }
    d.tell(Change.REMOVED, 0, "requeued");
    d.hands = d.hands.returnedBy(agent);
    keepForOthers(d, agent);
    d.queue();
    Duration backoff = d.terms.declineBackoff();
    Instant until = d.now.plus(backoff.compareTo(term) > 0 ? backoff : term);
    d.hands.returned().forEach(silent -> d.avoid(silent, until));
    int hop = d.hands.returned().size();
    boolean last =
        hop >= terms.returnHops() && terms.isSupervised(d.triage.queue(), d.hands.returned());
    if (last) {
      d.arm(Timer.Kind.RETURN, d.now.plus(term));
    }
    d.audit(
        "returned",
        Author.SYSTEM,
        Map.of(
            "agent",
            agent.value(),
            "hop",
            Integer.toString(hop),
            "for",
            last ? "supervisors" : "others"));
    d.announce("conversation.requeued", Map.of("agent", agent.value(), "reason", "no-answer"));
  }

  /** Nothing is kept for the one who let it return. */
  private static void keepForOthers(Draft d, Agent.Id agent) {
    if (agent.equals(d.lastAgent)) {
      d.lastAgent = null;
    }
    if (agent.equals(d.triage.aim().agent())) {
      d.triage = d.triage.forAnybody();
    }
  }

  /** The owner is writing: one grace per assignment, never more than that. */
  static Transition typing(Draft d, ConversationEvent.Typing event) {
    if (d.owner == null || !d.owner.is(event.agent())) {
      return d.refused(
          Refusal.Code.NOT_OWNER,
          "the owner is " + (d.owner == null ? "nobody" : d.owner.id()) + ", not " + event.agent());
    }
    Instant due = d.armedAt(Timer.Kind.RETURN);
    Instant until = d.now.plus(d.terms.offers().returnGrace());
    if (due == null || d.hands.lingered() || !until.isAfter(due)) {
      return d.unchanged();
    }
    d.hands = d.hands.lingering();
    d.arm(Timer.Kind.RETURN, until);
    d.audit("lingers", Author.agent(event.agent()), Map.of("until", Draft.whole(until).toString()));
    return d.done();
  }
}
