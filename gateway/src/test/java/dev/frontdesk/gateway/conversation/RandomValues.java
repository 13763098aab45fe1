// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.DeliveryStatus;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.connector.SendGrant;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Author;
import dev.frontdesk.gateway.domain.ClockKind;
import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.Customer;
import dev.frontdesk.gateway.domain.Effect;
import dev.frontdesk.gateway.domain.Escalation;
import dev.frontdesk.gateway.domain.Hands;
import dev.frontdesk.gateway.domain.Ladder;
import dev.frontdesk.gateway.domain.Message;
import dev.frontdesk.gateway.domain.Owner;
import dev.frontdesk.gateway.domain.ResponseClock;
import dev.frontdesk.gateway.domain.SendWindow;
import dev.frontdesk.gateway.domain.Steps;
import dev.frontdesk.gateway.domain.Timer;
import dev.frontdesk.gateway.domain.Triage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Arbitrary values of everything that is stored, sensible or not. Same seed, same values. */
final class RandomValues {
  private static final String[] WORDS = {
    "",
    "a",
    "hello \"there\"",
    "退款 \uD83D\uDE00",
    "line\nbreak\t\\",
    "{}[],:",
    "\u0000\u001f",
    "normal"
  };

  private final RandomGenerator random;

  RandomValues(RandomGenerator random) {
    this.random = random;
  }

  private String word() {
    return WORDS[random.nextInt(WORDS.length)] + random.nextInt(100);
  }

  private <T> @Nullable T maybe(Supplier<T> value) {
    return random.nextBoolean() ? value.get() : null;
  }

  private <T> List<T> some(Supplier<T> value) {
    List<T> values = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      values.add(value.get());
    }
    return values;
  }

  private Map<String, String> words() {
    Map<String, String> words = new HashMap<>();
    some(this::word).forEach(word -> words.put(word, word()));
    return words;
  }

  private Instant time() {
    return Instant.ofEpochMilli(1_790_000_000_000L + random.nextInt());
  }

  private <E> E one(E[] values) {
    return values[random.nextInt(values.length)];
  }

  Conversation conversation() {
    Map<Agent.Id, Instant> declined = new HashMap<>();
    some(this::agent).forEach(agent -> declined.put(agent, time()));
    Map<Timer.Kind, Conversation.Armed> armed = new HashMap<>();
    some(() -> one(Timer.Kind.values()))
        .forEach(kind -> armed.put(kind, new Conversation.Armed(random.nextInt(99), time())));
    Instant last = time();
    return new Conversation(
        new Conversation.Id(word()),
        new ContactKey(word(), word(), maybe(this::word)),
        word(),
        maybe(this::word),
        maybe(this::word),
        one(Conversation.Stage.values()),
        maybe(() -> random.nextBoolean() ? Owner.bot(word()) : Owner.agent(agent())),
        random.nextLong(1_000),
        triage(),
        maybe(this::clock),
        laterClocks(),
        maybe(() -> new Conversation.Offer(word(), agent(), time())),
        maybe(() -> new Conversation.Pause(one(Conversation.Pause.On.values()), maybe(this::time))),
        random.nextInt(9_999),
        word(),
        time(),
        last,
        random.nextBoolean() ? last : time(),
        maybe(this::time),
        maybe(this::time),
        maybe(this::time),
        maybe(this::time),
        maybe(this::time),
        maybe(this::agent),
        maybe(this::word),
        declined,
        maybe(() -> new Conversation.Load(agent(), random.nextInt(9), random.nextInt(9))),
        new SendWindow(maybe(this::time), maybe(() -> random.nextInt(9))),
        armed,
        random.nextInt(99),
        words(),
        some(
            () ->
                new Conversation.Pending(
                    random.nextInt(99), random.nextInt(9), maybe(this::word), maybe(this::time))),
        some(
            () ->
                new Conversation.Recent(
                    word(),
                    random.nextInt(99) - 50,
                    random.nextInt(4),
                    random.nextBoolean() ? "" : word())),
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextBoolean(),
        maybe(() -> new Customer(maybe(this::word), maybe(this::word), maybe(this::word), words())),
        random.nextBoolean() ? Hands.NONE : hands(),
        maybe(this::escalation));
  }

  private Hands hands() {
    return new Hands(
        some(
            () ->
                new Hands.Rival(
                    new Conversation.Offer(word(), agent(), time()), random.nextInt(9))),
        some(this::agent),
        random.nextBoolean(),
        random.nextBoolean());
  }

  private Escalation escalation() {
    Map<ClockKind, Escalation.Rungs> rungs = new EnumMap<>(ClockKind.class);
    for (ClockKind kind : ClockKind.values()) {
      if (random.nextBoolean()) {
        int done = random.nextInt(1 << Ladder.MOST);
        rungs.put(
            kind,
            new Escalation.Rungs(
                1 + random.nextInt(9),
                done,
                done & random.nextInt(1 << Ladder.MOST),
                maybe(this::word)));
      }
    }
    return new Escalation(random.nextInt(), rungs);
  }

  private Agent.Id agent() {
    return new Agent.Id(word());
  }

  private Triage triage() {
    Map<String, Integer> skills = new HashMap<>();
    some(this::word).forEach(skill -> skills.put(skill, random.nextInt(10)));
    return new Triage(
        word(),
        word(),
        1 + random.nextInt(9),
        skills,
        maybe(this::word),
        maybe(this::word),
        maybe(this::word),
        some(this::word),
        new Triage.Aim(steps(), maybe(this::agent)));
  }

  private Steps steps() {
    List<Steps.Step> steps = new ArrayList<>();
    some(() -> 1 + random.nextInt(9))
        .forEach(
            level ->
                steps.add(
                    new Steps.Step(
                        random.nextBoolean() ? Map.of() : Map.of("refunds", level, "vip", 2),
                        Duration.ofMillis(1 + random.nextInt(90_000)))));
    if (random.nextBoolean()) {
      steps.add(new Steps.Step(Map.of("vip", 1), null));
    }
    return new Steps(steps);
  }

  private ResponseClock clock() {
    return new ResponseClock(
        1 + random.nextInt(3),
        one(ResponseClock.State.values()),
        time(),
        time(),
        time(),
        random.nextBoolean(),
        maybe(this::time),
        random.nextInt(3),
        random.nextInt(9),
        random.nextBoolean()
            ? ResponseClock.Course.PLAIN
            : new ResponseClock.Course(
                maybe(this::time), random.nextInt(3), random.nextInt(3) - 1, random.nextBoolean()));
  }

  private Map<ClockKind, ResponseClock> laterClocks() {
    Map<ClockKind, ResponseClock> later = new EnumMap<>(ClockKind.class);
    for (ClockKind kind : List.of(ClockKind.NEXT_RESPONSE, ClockKind.RESOLUTION)) {
      if (random.nextInt(3) == 0) {
        later.put(kind, clock());
      }
    }
    return later;
  }

  Message message() {
    return new Message(
        random.nextInt(999),
        one(Message.Direction.values()),
        author(),
        content(),
        maybe(this::word),
        maybe(this::word),
        time(),
        time(),
        random.nextInt(3),
        maybe(() -> one(DeliveryStatus.values())),
        maybe(this::word),
        maybe(this::time),
        random.nextBoolean());
  }

  private Author author() {
    return random.nextInt(5) == 0
        ? Author.SYSTEM
        : new Author(one(Author.Kind.values()), word(), maybe(this::word));
  }

  MessageContent content() {
    return switch (random.nextInt(8)) {
      case 0 -> new MessageContent.Text(word());
      case 1 ->
          new MessageContent.Media(
              one(MessageContent.Media.Type.values()),
              maybe(this::word),
              maybe(this::word),
              maybe(this::word),
              maybe(random::nextLong),
              maybe(this::word),
              maybe(this::word));
      case 2 ->
          new MessageContent.Location(
              random.nextDouble() * 180 - 90, random.nextGaussian(), maybe(this::word));
      case 3 ->
          new MessageContent.Choice(
              word(), some(() -> new MessageContent.Choice.Option(word(), word())));
      case 4 -> new MessageContent.Chosen(word(), maybe(this::word));
      case 5 ->
          new MessageContent.Call(
              word(), word(), maybe(() -> random.nextInt(99)), maybe(this::word));
      case 6 -> new MessageContent.Event(word(), words());
      default -> new MessageContent.Unsupported(word());
    };
  }

  Effect.Audit audit() {
    return new Effect.Audit(time(), word(), author(), words());
  }

  private ContactRef contact() {
    return new ContactRef("u" + word(), maybe(this::word), maybe(this::word));
  }

  private @Nullable SendGrant grant() {
    return maybe(
        () -> new SendGrant(Duration.ofMillis(random.nextInt(99)), maybe(() -> random.nextInt(9))));
  }

  InboundEvent event() {
    String key = word();
    String thread = maybe(this::word);
    return switch (random.nextInt(5)) {
      case 0 ->
          new InboundEvent.Received(
              key,
              contact(),
              thread,
              time(),
              random.nextInt(3),
              content(),
              maybe(this::word),
              random.nextBoolean(),
              grant(),
              words());
      case 1 -> new InboundEvent.Edited(key, contact(), thread, time(), word(), content());
      case 2 -> new InboundEvent.Deleted(key, contact(), thread, time(), word());
      case 3 ->
          new InboundEvent.Receipt(
              key,
              contact(),
              thread,
              time(),
              word(),
              one(DeliveryStatus.values()),
              maybe(this::word));
      default ->
          new InboundEvent.Signalled(
              key, contact(), thread, time(), new MessageContent.Event(word(), words()), grant());
    };
  }
}
