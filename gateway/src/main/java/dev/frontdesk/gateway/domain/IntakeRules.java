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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a customer's message does: opens a conversation, joins it, or brings it back. */
final class IntakeRules {
  private static final int MAX_CONTEXT = 8;

  /** In the audit: which rule set which key. */

  /** In the context of a channel that knows it: the language its user chose. */
  private static final String LOCALE = "locale";

  private static final Duration BOT_TIMEOUT = Duration.ofSeconds(10);

  private IntakeRules() {}

  /**
   * The first message: to the channel's bot, or into the queue with the clock running.
   *
   * @param because what set the triage, as {@link Triage.Explained} tells it
   */
  static Transition open(Draft d, InboundEvent.Received message, Map<String, String> because) {
    d.because = because;
    Terms.Channel channel = d.terms.channels().get(d.contact.channel());
    String bot = message.automatic() ? null : bot(d, channel);
    String asked = d.triage.queue();
    OverflowRules.atOpening(d);
    d.announce("conversation.opened", Map.of("queue", d.triage.queue()));
    opened(d, asked.equals(d.triage.queue()) ? Map.of() : Map.of("full", asked));
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

  /**
   * The first message after a conversation that was full. The customer waits as long as before: a
   * promise that was running goes on with its deadline, and whoever answered last is preferred.
   */
  static Transition follow(
      Draft d, Conversation former, InboundEvent.Received message, @Nullable Customer customer) {
    d.contactName = former.contactName();
    d.tier = former.tier();
    d.customer = customer;
    d.context = former.context();
    d.window = former.window();
    d.lastAgent = former.lastAgent();
    d.humanAnswered = former.humanAnswered();
    if (former.unanswered()) {
      d.waitingSince = former.waitingSince();
      d.inQueueSince(former.queuedSince());
    }
    d.announce("conversation.opened", Map.of("queue", d.triage.queue()));
    ResponseClock clock = former.clock();
    Terms.Channel channel = d.terms.channels().get(d.contact.channel());
    String bot = clock == null && !former.humanAnswered() ? bot(d, channel) : null;
    opened(d, Map.of("follows", former.id().value()));
    int seq = append(d, message);
    if (bot != null) {
      d.stage = Stage.BOT;
      d.own(Owner.bot(bot));
    } else {
      d.queue();
    }
    resume(d, ClockKind.FIRST_RESPONSE, clock, former);
    former.laterClocks().forEach((kind, later) -> resume(d, kind, later, former));
    if (!message.automatic()) {
      expectAnswer(d, seq);
    }
    return d.done();
  }

  /** The bot that gets it first, or null: there is none, or the one there is rests. */
  private static @Nullable String bot(Draft d, Terms.@Nullable Channel channel) {
    String bot = channel == null ? null : channel.bot();
    if (bot == null || !d.surroundings.botRests()) {
      return bot;
    }
    d.emit(new Effect.BotSkipped(bot));
    d.skipped = bot;
    return null;
  }

  private static void opened(Draft d, Map<String, String> more) {
    Map<String, String> details = new HashMap<>(more);
    details.put("promise", d.triage.promise());
    if (d.skipped != null) {
      details.put("skipped", "bot:" + d.skipped);
      details.put("reason", "bot-rests");
    }
    d.audit("opened", Author.SYSTEM, details);
  }

  /** What was cut off by the bound goes on: due when it was, and breached for ever if it was. */
  private static void resume(
      Draft d, ClockKind kind, @Nullable ResponseClock clock, Conversation former) {
    boolean stillDue = goesOn(kind, former.unanswered());
    if (clock == null || !stillDue || !Objects.equals(clock.endedAt(), former.resolvedAt())) {
      return;
    }
    if (clock.state() == ResponseClock.State.VOID) {
      Clocks.again(d, kind, clock, Map.of());
    } else if (clock.state() == ResponseClock.State.BREACHED) {
      Clocks.carry(d, kind, clock);
    }
  }

  /** The supplier's clock and a follow-up do not: they are about who had it. */
  private static boolean goesOn(ClockKind kind, boolean unanswered) {
    boolean answer = kind == ClockKind.FIRST_RESPONSE || kind == ClockKind.NEXT_RESPONSE;
    return kind == ClockKind.RESOLUTION || (answer && unanswered);
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
    } else {
      AssignmentRules.requeueIfAway(d);
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
    d.asked = true;
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
      raise(d, m.content(), told(m.context()));
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

  /** Triages once more, only upwards; the history tells what changed by which rule. */
  static void raise(Draft d, MessageContent content, @Nullable String language) {
    Triage.Explained fresh =
        d.terms
            .triage()
            .explain(
                subject(
                    d.terms,
                    d.contact,
                    d.contactName,
                    Customer.tier(d.customer, d.tier),
                    attributes(d.customer),
                    content,
                    language,
                    d.now),
                null);
    Triage before = d.triage;
    d.triage = Raising.raise(before, fresh.triage(), d.terms);
    if (!before.equals(d.triage)) {
      Map<String, String> because = new HashMap<>(d.because);
      because.putAll(fresh.because());
      d.because = because;
    }
  }

  /**
   * Other rules are in force: what the customer wrote while it waits is looked at once more, and
   * the triage may only rise by it.
   */
  static Transition triagedAgain(Draft d, List<MessageContent> contents) {
    boolean waits = d.stage == Stage.WAITING || d.stage == Stage.OFFERED;
    if (!waits || d.humanAnswered) {
      return d.unchanged();
    }
    Triage before = d.triage;
    contents.forEach(content -> raise(d, content, told(d.context)));
    if (before.equals(d.triage)) {
      return d.unchanged();
    }
    d.audit("triaged-again", Author.SYSTEM, Map.of());
    d.tell(Change.UPDATED, 0, "triaged-again");
    return d.done();
  }

  /** What triage looks at in a first message. */
  static Triage.Subject subject(
      Terms terms,
      ContactKey contact,
      InboundEvent.Received message,
      @Nullable Customer customer,
      Instant now) {
    return subject(
        terms,
        contact,
        message.contact().name(),
        Customer.tier(customer, message.contact().tier()),
        attributes(customer),
        message.content(),
        told(message.context()),
        now);
  }

  private static Triage.Subject subject(
      Terms terms,
      ContactKey contact,
      @Nullable String name,
      @Nullable String tier,
      Map<String, String> attributes,
      MessageContent content,
      @Nullable String language,
      Instant now) {
    Terms.Channel channel = terms.channels().get(contact.channel());
    return new Triage.Subject(
        contact.channel(),
        channel == null ? "" : channel.connector(),
        channel == null ? "" : channel.family(),
        contact.externalId(),
        name,
        tier,
        attributes,
        content.kind(),
        content.text(),
        language == null ? Languages.of(content.text()) : language,
        now);
  }

  private static Map<String, String> attributes(@Nullable Customer customer) {
    return customer == null ? Map.of() : customer.attributes();
  }

  /** The primary subtag of what the platform told, or null. */
  static @Nullable String told(Map<String, String> context) {
    String locale = context.get(LOCALE);
    if (locale == null || !locale.matches("[A-Za-z]{2,3}([-_].*)?")) {
      return null;
    }
    return locale.split("[-_]", 2)[0].toLowerCase(Locale.ROOT);
  }

  /** The customer as an author: by the public id, so that no phone number spreads. */
  static Author customer(Draft d) {
    String id = new ContactKey(d.contact.channel(), d.contact.externalId(), null).digest();
    return new Author(Author.Kind.CUSTOMER, id, d.contactName);
  }

  static void grant(Draft d, @Nullable SendGrant grant) {
    if (grant != null) {
      SendWindow granted = SendWindow.granted(grant, d.now);
      SendWindow whole =
          granted.until() == null
              ? granted
              : new SendWindow(granted.until().truncatedTo(ChronoUnit.MILLIS), granted.remaining());
      d.window = d.window.or(whole, d.now);
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
