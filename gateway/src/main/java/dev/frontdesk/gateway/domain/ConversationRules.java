// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.gateway.domain.Conversation.Armed;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The only place a conversation changes. Pure: same arguments, same result; never throws for a
 * member of the closed input.
 *
 * <ol>
 *   <li>The aggregate's time is {@code max(now, current.lastEventAt())}, in whole milliseconds.
 *   <li>A deadline that has passed gets its verdict from whatever event comes first.
 *   <li>A refusal leaves everything as it was; only {@code NOT_OWNER} may keep a text as a note.
 *   <li>An operation that was applied gives its messages again and changes nothing.
 * </ol>
 */
public final class ConversationRules {

  private final Terms terms;

  public ConversationRules(Terms terms) {
    this.terms = terms;
  }

  /** The rules in force. */
  public Terms terms() {
    return terms;
  }

  /** A customer message that finds no conversation opens one. */
  public Transition open(
      Conversation.Id id, ContactKey contact, InboundEvent.Received message, Instant now) {
    return open(id, contact, message, Surroundings.UNKNOWN, now);
  }

  /** The same with what was found out before. */
  public Transition open(
      Conversation.Id id,
      ContactKey contact,
      InboundEvent.Received message,
      Surroundings around,
      Instant now) {
    Triage.Explained triage =
        terms.triage().explain(subject(contact, message, around.customer(), now), around.advice());
    Draft d = new Draft(terms, id, contact, triage.triage(), now);
    d.surroundings = around;
    d.customer = around.customer();
    return IntakeRules.open(d, message, triage.because());
  }

  /** What triage looks at in a message that opens a conversation. */
  public Triage.Subject subject(
      ContactKey contact, InboundEvent.Received message, @Nullable Customer customer, Instant now) {
    return IntakeRules.subject(terms, contact, message, customer, now);
  }

  /**
   * A customer message that finds a conversation full opens the one that follows it. {@code
   * former}: as {@link ConversationEvent.Overflow} left it.
   */
  public Transition follow(
      Conversation.Id id, Conversation former, InboundEvent.Received message, Instant now) {
    return follow(
        id,
        former,
        message,
        new Surroundings(null, null, null, former.customer(), null, null),
        now);
  }

  /** The same with what was found out before. */
  public Transition follow(
      Conversation.Id id,
      Conversation former,
      InboundEvent.Received message,
      Surroundings around,
      Instant now) {
    Draft d = new Draft(terms, id, former.contact(), former.triage(), now);
    d.surroundings = around;
    return IntakeRules.follow(d, former, message, around.customer());
  }

  /** A message of the gateway's own to a contact without an open conversation begins one. */
  public Transition notify(
      Conversation.Id id, ContactKey contact, ConversationEvent.Notify event, Instant now) {
    return NoticeRules.open(new Draft(terms, id, contact, NoticeRules.usual(terms), now), event);
  }

  /** What {@code event} does to {@code current}. */
  public Transition apply(Conversation current, ConversationEvent event, Instant now) {
    return apply(current, event, Surroundings.UNKNOWN, now);
  }

  /** The same with what was found out before. */
  public Transition apply(
      Conversation current, ConversationEvent event, Surroundings around, Instant now) {
    Draft d = new Draft(terms, current, now);
    d.surroundings = around;
    if (event instanceof ConversationEvent.Fired fired) {
      return fired(d, current.armed().get(fired.timer().kind()), fired.timer());
    }
    if (isStrange(d, event)) {
      return d.refused(Refusal.Code.NOT_FOUND, "there is no such conversation");
    }
    if (event instanceof ConversationEvent.Reply reply) {
      return ReplyRules.reply(d, reply);
    }
    Clocks.catchUp(d);
    if (event instanceof ConversationEvent.Inbound inbound) {
      return inbound(d, inbound.event(), inbound.target());
    }
    Transition assignment = assignment(d, event);
    return assignment != null ? assignment : handling(d, event);
  }

  /** A bot's event for a conversation it never had, or that another bot had since. */
  private static boolean isStrange(Draft d, ConversationEvent event) {
    if (event instanceof ConversationEvent.HandOff handOff) {
      return !d.isKnownTo(handOff.bot());
    }
    Author author = null;
    if (event instanceof ConversationEvent.Reply reply) {
      author = reply.author();
    } else if (event instanceof ConversationEvent.Resolve resolve) {
      author = resolve.by();
    }
    return author != null && author.kind() == Author.Kind.BOT && !d.isKnownTo(author.id());
  }

  private static Transition inbound(Draft d, InboundEvent event, @Nullable Message target) {
    if (event instanceof InboundEvent.Received received) {
      return IntakeRules.received(d, received);
    }
    if (event instanceof InboundEvent.Edited edited) {
      return ChangeRules.edited(d, edited, target);
    }
    if (event instanceof InboundEvent.Deleted deleted) {
      return ChangeRules.deleted(d, deleted, target);
    }
    return event instanceof InboundEvent.Receipt receipt
        ? ChangeRules.receipt(d, receipt, target)
        : ChangeRules.signalled(d, (InboundEvent.Signalled) event);
  }

  private static @Nullable Transition assignment(Draft d, ConversationEvent event) {
    if (event instanceof ConversationEvent.Offer offer) {
      return AssignmentRules.offer(d, offer);
    }
    if (event instanceof ConversationEvent.Accept accept) {
      return AssignmentRules.accept(d, accept);
    }
    if (event instanceof ConversationEvent.Decline decline) {
      return AssignmentRules.decline(d, decline);
    }
    if (event instanceof ConversationEvent.Assign assign) {
      return AssignmentRules.assign(d, assign);
    }
    if (event instanceof ConversationEvent.Typing typing) {
      return ReturnRules.typing(d, typing);
    }
    if (event instanceof ConversationEvent.WrappedUp done) {
      return WrapUpRules.done(d, done.agent());
    }
    if (event instanceof ConversationEvent.AgentVanished vanished) {
      return AssignmentRules.vanished(d, vanished);
    }
    if (event instanceof ConversationEvent.AgentReturned returned) {
      return AssignmentRules.returned(d, returned.agent());
    }
    return event instanceof ConversationEvent.HandOff handOff ? BotRules.handOff(d, handOff) : null;
  }

  private static Transition handling(Draft d, ConversationEvent event) {
    if (event instanceof ConversationEvent.Note note) {
      return ReplyRules.note(d, note);
    }
    if (event instanceof ConversationEvent.Transfer transfer) {
      return HandlingRules.transfer(d, transfer);
    }
    if (event instanceof ConversationEvent.Release release) {
      return HandlingRules.release(d, release);
    }
    if (event instanceof ConversationEvent.Pause pause) {
      return HandlingRules.pause(d, pause);
    }
    if (event instanceof ConversationEvent.Resume resume) {
      return HandlingRules.resume(d, resume);
    }
    if (event instanceof ConversationEvent.Resolve resolve) {
      return HandlingRules.resolve(d, resolve);
    }
    if (event instanceof ConversationEvent.TermsChanged) {
      return ClockChanges.termsChanged(d);
    }
    if (event instanceof ConversationEvent.TriageAgain again) {
      return IntakeRules.triagedAgain(d, again.contents());
    }
    if (event instanceof ConversationEvent.CustomerChanged changed) {
      return CustomerRules.changed(d, changed);
    }
    if (event instanceof ConversationEvent.Close) {
      return CustomerRules.close(d);
    }
    if (event instanceof ConversationEvent.Erase) {
      return CustomerRules.erase(d);
    }
    if (event instanceof ConversationEvent.Overflow) {
      return HandlingRules.overflow(d);
    }
    if (event instanceof ConversationEvent.Acknowledge acknowledge) {
      return EscalationRules.acknowledge(d, acknowledge.by());
    }
    if (event instanceof ConversationEvent.Unsaid unsaid) {
      return EscalationRules.unsaid(d, unsaid);
    }
    if (event instanceof ConversationEvent.Orphaned orphaned) {
      return ChangeRules.orphaned(d, orphaned.event());
    }
    if (event instanceof ConversationEvent.Notify notify) {
      return NoticeRules.add(d, notify);
    }
    return event instanceof ConversationEvent.ChangePromise change
        ? HandlingRules.changePromise(d, change)
        : delivery(d, event);
  }

  private static Transition delivery(Draft d, ConversationEvent event) {
    if (event instanceof ConversationEvent.Sending sending) {
      return DeliveryRules.sending(d, sending);
    }
    if (event instanceof ConversationEvent.Withheld withheld) {
      return DeliveryRules.withheld(d, withheld);
    }
    return event instanceof ConversationEvent.Sent sent
        ? DeliveryRules.sent(d, sent)
        : DeliveryRules.resend(d, (ConversationEvent.Resend) event);
  }

  private static Transition warn(Draft d, ClockKind kind) {
    Clocks.warn(d, kind);
    return d.done();
  }

  /** Only the timer that is armed now has an effect; one that came too early is armed again. */
  private static Transition fired(Draft d, @Nullable Armed armed, Timer timer) {
    if (armed == null || armed.generation() != timer.generation()) {
      return d.unchanged();
    }
    Timer.Kind kind = timer.kind();
    if (d.now.isBefore(armed.due())) {
      d.arm(kind, armed.due());
      return d.done();
    }
    d.disarm(kind);
    Clocks.catchUp(d);
    return switch (kind) {
      case WARNING -> warn(d, ClockKind.FIRST_RESPONSE);
      case NEXT_WARNING -> warn(d, ClockKind.NEXT_RESPONSE);
      case RESOLUTION_WARNING -> warn(d, ClockKind.RESOLUTION);
      case SUPPLIER_WARNING -> warn(d, ClockKind.SUPPLIER);
      case FOLLOW_UP_WARNING -> warn(d, ClockKind.FOLLOW_UP);
      case ESCALATION -> EscalationRules.fired(d);
      case OFFER -> AssignmentRules.expired(d);
      case PAUSE -> HandlingRules.pauseOver(d);
      case REOPEN_WINDOW -> HandlingRules.close(d);
      case BOT_SILENT -> BotRules.silent(d);
      case RETENTION -> HandlingRules.erase(d);
      case INACTIVE -> Activity.over(d);
      case RETURN -> ReturnRules.fired(d);
      case WRAP_UP -> WrapUpRules.over(d);
      case BREACH,
          NEXT_BREACH,
          RESOLUTION_BREACH,
          SUPPLIER_BREACH,
          FOLLOW_UP_BREACH,
          OVERFLOW,
          LATE,
          WINDOW,
          PRESENCE,
          VANISHED,
          BOT_LOST,
          ERASURE,
          NOTICE,
          ORPHAN ->
          d.done();
    };
  }
}
