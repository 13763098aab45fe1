// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import static dev.frontdesk.gateway.domain.DeskTerms.fence;
import static dev.frontdesk.gateway.domain.DeskTerms.says;
import static dev.frontdesk.gateway.domain.DeskTerms.seconds;
import static dev.frontdesk.gateway.domain.DeskTerms.why;

import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.connector.SendResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One conversation driven step by step in a test; every step is checked by {@link Books}. */
final class Desk {
  ConversationRules rules;
  final Books books = new Books();
  Instant now;
  Conversation state;
  Transition last;

  private Desk(ContactKey contact, InboundEvent.Received first) {
    this(DeskTerms.rules(), contact, first, DeskTerms.T0);
  }

  private Desk(
      ConversationRules rules, ContactKey contact, InboundEvent.Received first, Instant now) {
    this.rules = rules;
    this.books.botsCount =
        rules.terms().promise("normal").clocks().fulfilledBy() != ClockPolicy.Fulfilment.HUMAN;
    this.now = now;
    last = rules.open(DeskTerms.ID, contact, first, now);
    books.follow(null, last, now);
    state = last.next();
  }

  /** Waiting in the queue. */
  static Desk mail(String text) {
    return new Desk(DeskTerms.MAIL, says("m1", text, DeskTerms.T0));
  }

  /** With the bot. */
  static Desk chat(String text) {
    return new Desk(DeskTerms.CHAT, says("m1", text, DeskTerms.T0));
  }

  static Desk of(ContactKey contact, InboundEvent.Received first) {
    return new Desk(contact, first);
  }

  /** Under other terms. */
  static Desk of(Terms terms, ContactKey contact, InboundEvent.Received first) {
    return new Desk(new ConversationRules(terms), contact, first, DeskTerms.T0);
  }

  /** Under other terms, opened at another time. */
  static Desk under(Terms terms, ContactKey contact, String text, Instant at) {
    return new Desk(new ConversationRules(terms), contact, says("m1", text, at), at);
  }

  /** Assigned to alice. */
  static Desk assigned() {
    return mail("hello").offered(DeskTerms.ALICE).accepted(DeskTerms.ALICE);
  }

  Desk at(Duration sinceOpening) {
    now = DeskTerms.T0.plus(sinceOpening);
    return this;
  }

  Desk after(Duration pause) {
    now = now.plus(pause);
    return this;
  }

  Transition on(ConversationEvent event) {
    last = rules.apply(state, event, now);
    books.follow(state, last, now);
    state = last.next();
    return last;
  }

  Transition receives(InboundEvent event, @Nullable Message target) {
    return on(new ConversationEvent.Inbound(event, target));
  }

  Desk customer(String key, String text) {
    receives(says(key, text, now), null);
    return this;
  }

  /** Offered as it waits now. */
  Desk offered(Agent.Id agent) {
    return offered(agent, QueuePlace.bucket(state));
  }

  /** Offered as it waited when that was decided. */
  Desk offered(Agent.Id agent, Bucket from) {
    on(
        new ConversationEvent.Offer(
            "offer-" + agent, fence(agent), 2, now.plus(seconds(20)), why(), from));
    return this;
  }

  Desk accepted(Agent.Id agent) {
    on(new ConversationEvent.Accept(agent, "offer-" + agent));
    return this;
  }

  Transition replies(Author author, long epoch, String text) {
    return on(
        new ConversationEvent.Reply(author, epoch, List.of(new MessageContent.Text(text)), null));
  }

  Desk answered() {
    replies(Author.agent(DeskTerms.ALICE), state.epoch(), "we are on it");
    return this;
  }

  Desk resolved() {
    on(new ConversationEvent.Resolve(Author.SYSTEM, state.epoch(), "done"));
    return this;
  }

  Transition fires(Timer.Kind kind) {
    Conversation.Armed armed = Objects.requireNonNull(state.armed().get(kind), "not armed");
    return on(new ConversationEvent.Fired(new Timer(kind, state.id().value(), armed.generation())));
  }

  Transition sends(String node, boolean repeatable) {
    return on(new ConversationEvent.Sending(head(), node, repeatable));
  }

  Transition sent(SendResult result, @Nullable Duration retryIn) {
    return on(new ConversationEvent.Sent(head(), state.outbox().get(0).attempt(), result, retryIn));
  }

  Message head() {
    return message(state.outbox().get(0).seq());
  }

  Message message(int seq) {
    return books.messages.get(seq - 1);
  }

  ResponseClock clock() {
    return Objects.requireNonNull(state.clock());
  }

  ResponseClock clock(ClockKind kind) {
    return kind == ClockKind.FIRST_RESPONSE
        ? clock()
        : Objects.requireNonNull(state.laterClocks().get(kind), kind + " never ran");
  }

  <E extends Effect> List<E> effects(Class<E> type) {
    return last.effects().stream().filter(type::isInstance).map(type::cast).toList();
  }

  Refusal.@Nullable Code refusal() {
    return last.refusal() == null ? null : last.refusal().code();
  }
}
