// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.connector.SendGrant;
import dev.frontdesk.gateway.domain.Conversation.Stage;
import dev.frontdesk.gateway.domain.Effect.InboxRow.Change;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a customer's message does: opens a conversation, joins it, or brings it back. */
final class IntakeRules {
  private static final int MAX_CONTEXT = 8;
  private static final Duration BOT_TIMEOUT = Duration.ofSeconds(10);

  private IntakeRules() {}

  /** The first message: to the channel's bot, or into the queue with the clock running. */
  static Transition open(Draft d, InboundEvent.Received message) {
    Terms.Channel channel = d.terms.channels().get(d.contact.channel());
    String bot = channel == null || message.automatic() ? null : channel.bot();
    d.announce("conversation.opened", Map.of("queue", d.triage.queue()));
    d.audit("opened", Author.SYSTEM, Map.of("promise", d.triage.promise()));
    int seq = append(d, message);
    if (bot != null) {
      d.stage = Stage.BOT;
      d.own(Owner.bot(bot));
    } else {
      d.queue();
    }
    if (!message.automatic()) {
      expectAnswer(d, seq);
    }
    return d.done();
  }

  /** A message for a conversation that exists. */
  static Transition received(Draft d, InboundEvent.Received message) {
    if (d.stage == Stage.CLOSED) {
      return d.refused(Refusal.Code.CLOSED, "the conversation is closed, expected an open one");
    }
    if (d.lastSeq >= d.terms.maxMessages()) {
      return d.refused(
          Refusal.Code.FULL, "the conversation has " + d.lastSeq + " messages, its bound");
    }
    int seq = append(d, message);
    if (message.automatic()) {
      tellPeople(d, seq);
      return d.done();
    }
    if (d.stage == Stage.RESOLVED) {
      reopen(d);
    } else if (d.ownerAway) {
      d.tell(Change.REMOVED, 0, "requeued");
      d.queue();
    }
    expectAnswer(d, seq);
    return d.done();
  }

  private static void reopen(Draft d) {
    d.disarm(Timer.Kind.REOPEN_WINDOW);
    d.resolvedAt = null;
    d.queue();
    d.audit("reopened", Author.SYSTEM, Map.of());
    d.announce("conversation.reopened", Map.of("queue", d.triage.queue()));
  }

  /** The customer waits for us: bot or people, whoever has it. */
  private static void expectAnswer(Draft d, int seq) {
    if (!d.unanswered && d.stage != Stage.WAITING && d.stage != Stage.OFFERED) {
      d.waitingSince = d.now;
    }
    d.unanswered = true;
    d.automatic = false;
    if (d.waitingSince == null) {
      d.waitingSince = d.now;
    }
    String bot = d.bot();
    if (bot != null) {
      d.emit(new Effect.BotFrame(bot, seq));
      if (!d.isArmed(Timer.Kind.BOT_SILENT)) {
        d.arm(Timer.Kind.BOT_SILENT, d.now.plus(botTimeout(d)));
      }
      Clocks.startForBot(d);
      return;
    }
    resume(d);
    tellPeople(d, seq);
    Clocks.startIfDue(d, true);
  }

  /** Waiting on the customer is over. */
  static void resume(Draft d) {
    if (d.stage == Stage.PAUSED
        && Objects.requireNonNull(d.pause).on() == Conversation.Pause.On.CUSTOMER) {
      d.stage = Stage.ASSIGNED;
      d.pause = null;
      d.disarm(Timer.Kind.PAUSE);
      d.audit("resumed", customer(d), Map.of());
    }
  }

  private static Duration botTimeout(Draft d) {
    Terms.Channel channel = d.terms.channels().get(d.contact.channel());
    return channel == null ? BOT_TIMEOUT : channel.botReplyTimeout();
  }

  static void tellPeople(Draft d, int seq) {
    d.tell(Change.MESSAGE, seq, null);
  }

  private static int append(Draft d, InboundEvent.Received m) {
    if (m.contact().name() != null) {
      d.contactName = m.contact().name();
    }
    if (m.contact().tier() != null) {
      d.tier = m.contact().tier();
    }
    if (!d.humanAnswered && d.lastSeq > 0) {
      d.triage = Raising.raise(d.triage, classify(d, m), d.terms);
    }
    d.context = merged(d.context, m.context());
    grant(d, m.grant());
    int seq =
        d.append(
            new Message(
                d.lastSeq + 1,
                Message.Direction.INBOUND,
                customer(d),
                m.content(),
                m.key(),
                m.replyTo(),
                m.sentAt().truncatedTo(ChronoUnit.MILLIS),
                d.now,
                m.platformOrder(),
                null,
                null,
                null,
                false));
    d.show(m.content());
    d.emit(new Effect.KeyRemembered(m.key(), seq));
    d.announce("message.received", Map.of("seq", Integer.toString(seq)));
    return seq;
  }

  private static Triage classify(Draft d, InboundEvent.Received m) {
    return d.terms
        .triage()
        .classify(subject(d.terms, d.contact, d.contactName, d.tier, m.content(), d.now));
  }

  /** What triage looks at. */
  static Triage.Subject subject(
      Terms terms,
      ContactKey contact,
      @Nullable String name,
      @Nullable String tier,
      MessageContent content,
      Instant now) {
    Terms.Channel channel = terms.channels().get(contact.channel());
    return new Triage.Subject(
        contact.channel(),
        channel == null ? "" : channel.connector(),
        channel == null ? "" : channel.family(),
        contact.externalId(),
        name,
        tier,
        Map.of(),
        content.kind(),
        content.text(),
        Script.languageOf(content.text()),
        now);
  }

  /** The customer as an author: by the public id, so that no phone number spreads. */
  static Author customer(Draft d) {
    String id = new ContactKey(d.contact.channel(), d.contact.externalId(), null).digest();
    return new Author(Author.Kind.CUSTOMER, id, d.contactName);
  }

  static void grant(Draft d, @Nullable SendGrant grant) {
    if (grant != null) {
      SendWindow granted = SendWindow.granted(grant, d.now);
      d.window =
          granted.until() == null
              ? granted
              : new SendWindow(granted.until().truncatedTo(ChronoUnit.MILLIS), granted.remaining());
    }
  }

  private static Map<String, String> merged(Map<String, String> old, Map<String, String> fresh) {
    if (fresh.isEmpty()) {
      return old;
    }
    Map<String, String> all = new HashMap<>(fresh);
    old.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .filter(e -> all.size() < MAX_CONTEXT || all.containsKey(e.getKey()))
        .forEach(e -> all.putIfAbsent(e.getKey(), e.getValue()));
    return all;
  }
}
