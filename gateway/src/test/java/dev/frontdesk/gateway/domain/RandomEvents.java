// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.DeliveryStatus;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.connector.SendGrant;
import dev.frontdesk.connector.SendResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Makes anything that may happen to a conversation of {@link DeskTerms}: sensible, stale, repeated,
 * late and plain wrong events, at times near the deadlines. Same seed, same events.
 */
public final class RandomEvents {
  private static final int MEMORY = 24;

  private final RandomGenerator random;
  private final List<ConversationEvent> earlier = new ArrayList<>();
  private int counter;

  public RandomEvents(RandomGenerator random) {
    this.random = random;
  }

  /** The first message of a contact. */
  public InboundEvent.Received opening(Instant at) {
    return received(at);
  }

  /** The next time: mostly soon, sometimes exactly around a deadline, seldom back. */
  public Instant next(Instant now, Conversation c) {
    int dice = random.nextInt(200);
    if (dice < 4) {
      return now.minusMillis(random.nextInt(2_000));
    }
    if (dice < 12 && !c.armed().isEmpty()) {
      List<Conversation.Armed> armed = new ArrayList<>(c.armed().values());
      armed.sort(java.util.Comparator.comparing(Conversation.Armed::generation));
      Instant due = armed.get(random.nextInt(armed.size())).due();
      Instant near = due.plusMillis(random.nextInt(4) - 2L);
      return near.isBefore(now) ? now : near;
    }
    return dice < 13
        ? now.plusSeconds(random.nextInt(150))
        : now.plus(
            random.nextInt(random.nextInt(16) == 0 ? 4_000_000 : 200_000),
            java.time.temporal.ChronoUnit.MICROS);
  }

  /** The next event; {@code messages} are those stored so far. */
  public ConversationEvent next(Conversation c, List<Message> messages, Instant now) {
    if (!earlier.isEmpty() && random.nextInt(12) == 0) {
      return earlier.get(random.nextInt(earlier.size()));
    }
    ConversationEvent event = fresh(c, messages, now);
    earlier.add(event);
    if (earlier.size() > MEMORY) {
      earlier.remove(random.nextInt(MEMORY));
    }
    return event;
  }

  private ConversationEvent fresh(Conversation c, List<Message> messages, Instant now) {
    int dice = random.nextInt(100);
    if (dice < 12) {
      return new ConversationEvent.Inbound(received(now), null);
    }
    if (dice < 22) {
      return change(messages, now);
    }
    if (dice < 34) {
      return due(c, now);
    }
    if (dice < 60) {
      return assignment(c, now);
    }
    if (dice < 74) {
      return reply(c);
    }
    return dice < 88 ? delivery(c, messages) : handling(c, now);
  }

  private InboundEvent.Received received(Instant now) {
    String[] texts = {"hello", "urgent!", "a refund please", "urgent refund", "你好，退款", ""};
    return new InboundEvent.Received(
        "k" + ++counter,
        new ContactRef("u1", random.nextInt(5) == 0 ? "Uma " + counter : null, null),
        null,
        now.minusMillis(random.nextInt(5_000)),
        0,
        new MessageContent.Text(texts[random.nextInt(texts.length)]),
        null,
        random.nextInt(6) == 0,
        random.nextInt(4) == 0
            ? new SendGrant(Duration.ofSeconds(30), random.nextBoolean() ? 3 : null)
            : null,
        random.nextInt(4) == 0
            ? Map.of("subject", "s" + counter, "n" + random.nextInt(12), "v")
            : Map.of());
  }

  private ConversationEvent change(List<Message> messages, Instant now) {
    Message target = random.nextInt(6) == 0 ? null : any(messages);
    ContactRef who = ContactRef.of("u1");
    String key = "k" + ++counter;
    Instant at = now.minusMillis(random.nextInt(10_000));
    InboundEvent event =
        switch (random.nextInt(4)) {
          case 0 ->
              new InboundEvent.Edited(
                  key, who, null, at, "t", new MessageContent.Text("edited " + counter));
          case 1 -> new InboundEvent.Deleted(key, who, null, at, "t");
          case 2 ->
              new InboundEvent.Receipt(
                  key,
                  who,
                  null,
                  at,
                  "t",
                  one(DeliveryStatus.values()),
                  random.nextBoolean() ? "why" : null);
          default ->
              new InboundEvent.Signalled(
                  key, who, null, at, new MessageContent.Event("scan", Map.of()), null);
        };
    boolean orphan =
        target == null
            && (event instanceof InboundEvent.Edited || event instanceof InboundEvent.Deleted);
    return orphan && random.nextBoolean()
        ? random.nextInt(8) == 0
            ? new ConversationEvent.Unsaid("normal", 1, "mail")
            : new ConversationEvent.Orphaned(event)
        : new ConversationEvent.Inbound(event, target);
  }

  private @Nullable Message any(List<Message> messages) {
    return messages.isEmpty() ? null : messages.get(random.nextInt(messages.size()));
  }

  private ConversationEvent due(Conversation c, Instant now) {
    Timer.Kind[] kinds = Timer.Kind.values();
    Timer.Kind kind = kinds[random.nextInt(kinds.length)];
    for (Timer.Kind candidate : kinds) {
      Conversation.Armed armed = c.armed().get(candidate);
      if (armed != null && !now.isBefore(armed.due()) && random.nextInt(4) > 0) {
        kind = candidate;
        break;
      }
    }
    Conversation.Armed armed = c.armed().get(kind);
    int generation =
        armed == null || random.nextInt(6) == 0
            ? random.nextInt(c.generation() + 2)
            : armed.generation();
    return new ConversationEvent.Fired(new Timer(kind, c.id().value(), generation));
  }

  private <E> E one(E[] values) {
    return values[random.nextInt(values.length)];
  }

  private Agent.Id agent() {
    String[] names = {"alice", "bob", "carol"};
    return new Agent.Id(names[random.nextInt(names.length)]);
  }

  private Agent.Id holderOrAny(Conversation c) {
    if (random.nextInt(5) == 0) {
      return agent();
    }
    if (c.offer() != null) {
      return one(offers(c)).agent();
    }
    return c.owner() == null ? agent() : new Agent.Id(c.owner().id());
  }

  private static Conversation.Offer[] offers(Conversation c) {
    return java.util.stream.Stream.concat(
            java.util.stream.Stream.of(c.offer()),
            c.hands().rivals().stream().map(Hands.Rival::offer))
        .toArray(Conversation.Offer[]::new);
  }

  private ConversationEvent assignment(Conversation c, Instant now) {
    Agent.Id agent = agent();
    Agent.Id holder = holderOrAny(c);
    String offer =
        c.offerTo(holder) != null && random.nextInt(6) > 0
            ? c.offerTo(holder).id()
            : "o" + random.nextInt(10);
    return switch (random.nextInt(12)) {
      case 10 -> new ConversationEvent.Typing(holder);
      case 11 -> new ConversationEvent.WrappedUp(holder);
      case 0, 1, 2 ->
          new ConversationEvent.Offer(
              "o" + ++counter,
              DeskTerms.fence(agent),
              2,
              now.plusSeconds(3),
              DeskTerms.why(),
              QueuePlace.bucket(c));
      case 3, 4, 5 -> new ConversationEvent.Accept(holder, offer);
      case 6 ->
          new ConversationEvent.Decline(
              holder, offer, "busy", random.nextBoolean() ? now.plusSeconds(9) : null);
      case 7 ->
          new ConversationEvent.Assign(
              DeskTerms.fence(agent),
              1,
              Author.agent(agent),
              DeskTerms.why(),
              random.nextBoolean());
      case 8 ->
          random.nextInt(4) == 0
              ? new ConversationEvent.AgentReturned(holder)
              : new ConversationEvent.AgentVanished(holder, random.nextBoolean());
      default ->
          new ConversationEvent.HandOff(
              random.nextInt(6) == 0 ? "other" : "faq",
              random.nextInt(4) == 0 ? c.epoch() - 1 : c.epoch(),
              random.nextInt(3) == 0 ? ConversationEvent.HandOff.BOT_LOST : "asked",
              random.nextInt(3) == 0 ? "billing" : "nowhere",
              Map.of("refunds", 1, "flying", 3),
              random.nextInt(3) == 0 ? "urgent" : null,
              "summary");
    };
  }

  private Author author(Conversation c) {
    if (c.owner() != null && random.nextInt(5) > 0) {
      return c.owner().kind() == Owner.Kind.BOT
          ? Author.bot(c.owner().id())
          : Author.agent(new Agent.Id(c.owner().id()));
    }
    return random.nextInt(4) == 0 ? Author.bot("faq") : Author.agent(agent());
  }

  private @Nullable Operation operation() {
    return random.nextBoolean() ? null : new Operation("op" + random.nextInt(++counter), "d");
  }

  private ConversationEvent reply(Conversation c) {
    List<MessageContent> contents = new ArrayList<>();
    for (int i = random.nextInt(4) == 0 ? 0 : 1; i <= random.nextInt(3); i++) {
      contents.add(new MessageContent.Text("answer " + ++counter));
    }
    long epoch = random.nextInt(6) == 0 ? c.epoch() - 1 : c.epoch();
    return random.nextInt(6) == 0
        ? new ConversationEvent.Note(
            author(c), new MessageContent.Text("note " + counter), operation())
        : new ConversationEvent.Reply(author(c), epoch, contents, operation());
  }

  private ConversationEvent customer() {
    String[] tiers = {"gold", "silver"};
    Customer customer =
        random.nextInt(4) == 0
            ? null
            : new Customer(
                random.nextBoolean() ? "c" + random.nextInt(3) : null,
                null,
                random.nextBoolean() ? one(tiers) : null,
                random.nextBoolean() ? Map.of("region", "north") : Map.of());
    return new ConversationEvent.CustomerChanged(
        customer,
        random.nextBoolean() ? List.of() : List.of(new MessageContent.Text("a refund please")));
  }

  private ConversationEvent delivery(Conversation c, List<Message> messages) {
    Message any = any(messages);
    if (!c.outbox().isEmpty() && random.nextInt(6) > 0) {
      any = messages.get(c.outbox().get(0).seq() - 1);
    }
    Message message = any == null ? messages.get(0) : any;
    if (random.nextInt(10) == 0) {
      return new ConversationEvent.Resend(Author.SYSTEM, message);
    }
    if (random.nextInt(16) == 0) {
      return new ConversationEvent.Withheld(message, "older copy");
    }
    if (random.nextBoolean()) {
      return new ConversationEvent.Sending(message, "n" + random.nextInt(2), random.nextBoolean());
    }
    int attempt = c.outbox().isEmpty() ? 1 : c.outbox().get(0).attempt();
    SendResult[] results = {
      new SendResult.Accepted("x" + ++counter),
      new SendResult.Accepted(null),
      new SendResult.Retry("busy", null),
      new SendResult.Rejected(SendResult.Cause.WINDOW, "1", "window"),
      new SendResult.Rejected(SendResult.Cause.RECIPIENT, "2", "gone"),
      new SendResult.Unknown("cut")
    };
    return new ConversationEvent.Sent(
        message,
        random.nextInt(8) == 0 ? attempt + 1 : attempt,
        results[random.nextInt(results.length)],
        random.nextBoolean() ? Duration.ofMillis(300) : null);
  }

  private ConversationEvent handling(Conversation c, Instant now) {
    Author by = random.nextInt(12) == 0 ? Author.SYSTEM : author(c);
    return switch (random.nextInt(14)) {
      case 13 ->
          new ConversationEvent.Notify(
              DeskTerms.ID, "level 1", new Operation("notice" + random.nextInt(99), ""));
      case 12 -> new ConversationEvent.Acknowledge(Author.agent(DeskTerms.BOB));
      case 8 -> new ConversationEvent.TermsChanged();
      case 9, 10 -> customer();
      case 11 ->
          random.nextInt(6) > 0
              ? new ConversationEvent.TriageAgain(List.of(new MessageContent.Text("urgent")))
              : random.nextBoolean()
                  ? new ConversationEvent.Close()
                  : new ConversationEvent.Erase();
      case 0 ->
          new ConversationEvent.Transfer(
              by, null, 0, random.nextInt(5) == 0 ? "nowhere" : "billing");
      case 1 -> new ConversationEvent.Transfer(by, DeskTerms.fence(agent()), 3, null);
      case 2, 3 ->
          new ConversationEvent.Pause(
              by,
              one(Conversation.Pause.On.values()),
              random.nextBoolean() ? now.plusSeconds(4) : null);
      case 4 -> new ConversationEvent.Resume(by);
      case 5 -> new ConversationEvent.Release(by);
      case 6 -> new ConversationEvent.ChangePromise(by, random.nextBoolean() ? "urgent" : "low");
      default ->
          new ConversationEvent.Resolve(
              by, random.nextInt(6) == 0 ? c.epoch() - 1 : c.epoch(), "done");
    };
  }
}
