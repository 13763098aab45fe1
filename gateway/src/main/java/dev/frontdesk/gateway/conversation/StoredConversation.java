// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.ClockKind;
import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.Conversation.Pending;
import dev.frontdesk.gateway.domain.Conversation.Recent;
import dev.frontdesk.gateway.domain.Customer;
import dev.frontdesk.gateway.domain.Escalation;
import dev.frontdesk.gateway.domain.Hands;
import dev.frontdesk.gateway.domain.Owner;
import dev.frontdesk.gateway.domain.ResponseClock;
import dev.frontdesk.gateway.domain.SendWindow;
import dev.frontdesk.gateway.domain.Timer;
import dev.frontdesk.gateway.domain.Triage;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The state of a conversation as it is stored. {@code o} (opened, ms) stands first; every other
 * time is milliseconds after it.
 *
 * <pre>
 * i id · ch channel · x contact · th thread · co connector · n name · ti tier · s stage · ow owner
 * e epoch · t triage · k clock · of offer · pa pause · q last seq · v preview · m last message
 * l last event (absent: = m) · w waiting since · qs in its queue since · as assigned · rs resolved · ak acknowledged · la last agent
 * de declined · lo load · wi window · ar armed · g generation · cx context · ob outbox
 * cu customer (see StoredCustomer)
 * ha other hands ({@link StoredHands})
 * kn next response · kr resolution · ks supplier · kf follow-up (clocks like k) · es escalation
 * op operations · f flags (h human answered, u unanswered, a automatic, y owner away)
 * </pre>
 *
 * <p>Longer than most rooms because it names every field of the aggregate twice.
 */
final class StoredConversation {
  private long opened;
  private String id = "";
  private String channel = "";
  private String contact = "";
  private @Nullable String thread;
  private String connector = "";
  private @Nullable String name;
  private @Nullable String tier;
  private Conversation.Stage stage = Conversation.Stage.WAITING;
  private @Nullable Owner owner;
  private long epoch;
  private Triage triage = new Triage("", "", 5, Map.of(), null, null, null, List.of());
  private @Nullable ResponseClock clock;
  private final Map<ClockKind, ResponseClock> later = new EnumMap<>(ClockKind.class);
  private Conversation.@Nullable Offer offer;
  private Conversation.@Nullable Pause pause;
  private int lastSeq;
  private String preview = "";
  private long lastMessage;
  private @Nullable Long lastEvent;
  private @Nullable Instant waitingSince;
  private @Nullable Instant queuedSince;
  private @Nullable Instant assigned;
  private @Nullable Instant resolved;
  private @Nullable Instant acknowledged;
  private Agent.@Nullable Id lastAgent;
  private @Nullable String lastBot;
  private final Map<Agent.Id, Instant> declined = new HashMap<>();
  private Conversation.@Nullable Load load;
  private SendWindow window = SendWindow.UNLIMITED;
  private final Map<Timer.Kind, Conversation.Armed> armed = new EnumMap<>(Timer.Kind.class);
  private int generation;
  private Map<String, String> context = Map.of();
  private final List<Pending> outbox = new ArrayList<>(1);
  private final List<Recent> operations = new ArrayList<>(4);
  private String flags = "";
  private @Nullable Customer customer;
  private Hands hands = Hands.NONE;
  private @Nullable Escalation escalation;

  private StoredConversation() {}

  static void write(JsonGenerator json, Conversation c) throws IOException {
    new StateWriter(json, c).write();
  }

  static Conversation read(JsonParser json) throws IOException {
    StoredConversation stored = new StoredConversation();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      if (!stored.identity(field, json) && !stored.handling(field, json)) {
        json.skipChildren();
      }
    }
    return stored.conversation();
  }

  private boolean identity(String field, JsonParser json) throws IOException {
    switch (field) {
      case "o" -> opened = json.getLongValue();
      case "i" -> id = json.getText();
      case "ch" -> channel = json.getText();
      case "x" -> contact = json.getText();
      case "th" -> thread = json.getText();
      case "co" -> connector = json.getText();
      case "n" -> name = json.getText();
      case "ti" -> tier = json.getText();
      case "e" -> epoch = json.getLongValue();
      case "q" -> lastSeq = json.getIntValue();
      case "v" -> preview = json.getText();
      case "m" -> lastMessage = json.getLongValue();
      case "l" -> lastEvent = json.getLongValue();
      case "w" -> waitingSince = time(json.getLongValue());
      case "qs" -> queuedSince = time(json.getLongValue());
      case "as" -> assigned = time(json.getLongValue());
      case "rs" -> resolved = time(json.getLongValue());
      case "ak" -> acknowledged = time(json.getLongValue());
      case "g" -> generation = json.getIntValue();
      case "f" -> flags = json.getText();
      case "la" -> lastAgent = new Agent.Id(json.getText());
      case "lb" -> lastBot = json.getText();
      case "cx" -> context = Fields.texts(json);
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean handling(String field, JsonParser json) throws IOException {
    switch (field) {
      case "s" -> stage = stage(json.getText());
      case "ow" -> owner = owner(json.getText());
      case "t" -> triage = StoredTriage.read(json);
      case "k" -> clock = clock(json);
      case "kn" -> later.put(ClockKind.NEXT_RESPONSE, clock(json));
      case "kr" -> later.put(ClockKind.RESOLUTION, clock(json));
      case "ks" -> later.put(ClockKind.SUPPLIER, clock(json));
      case "kf" -> later.put(ClockKind.FOLLOW_UP, clock(json));
      case "es" -> escalation = StoredEscalation.read(json);
      case "of" -> offer = offer(json);
      case "pa" -> pause = pause(json);
      case "de" -> {
        for (Map.Entry<String, String> e : Fields.texts(json).entrySet()) {
          declined.put(new Agent.Id(e.getKey()), time(Long.parseLong(e.getValue())));
        }
      }
      case "lo" -> {
        List<String> parts = Fields.strings(json);
        int cost = Integer.parseInt(parts.get(1));
        int active = parts.size() > 2 ? Integer.parseInt(parts.get(2)) : cost;
        load = new Conversation.Load(new Agent.Id(parts.get(0)), cost, active);
      }
      case "wi" -> window = window(json);
      case "ar" -> armed(json);
      case "ob" -> outbox(json);
      case "op" -> operations(json);
      case "cu" -> customer = StoredCustomer.read(json);
      case "ha" -> hands = StoredHands.read(json, opened);
      default -> {
        return false;
      }
    }
    return true;
  }

  private Instant time(long afterOpening) {
    return Instant.ofEpochMilli(opened + afterOpening);
  }

  private static Conversation.Stage stage(String code) throws IOException {
    for (Conversation.Stage stage : Conversation.Stage.values()) {
      if (stage.name().startsWith(code)) {
        return stage;
      }
    }
    throw Fields.unknown("stage", code);
  }

  private static Owner owner(String code) {
    String who = code.substring(1);
    return code.charAt(0) == 'b' ? Owner.bot(who) : Owner.agent(new Agent.Id(who));
  }

  private ResponseClock clock(JsonParser json) throws IOException {
    int spell = 1;
    ResponseClock.State state = ResponseClock.State.RUNNING;
    long started = 0;
    long warn = 0;
    long due = 0;
    boolean warned = false;
    Instant ended = null;
    long overrun = 0;
    int answer = 0;
    Instant from = null;
    long paused = 0;
    long remaining = -1;
    boolean binding = false;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "n" -> spell = json.getIntValue();
        case "s" -> state = state(json.getText());
        case "a" -> started = json.getLongValue();
        case "w" -> warn = json.getLongValue();
        case "d" -> due = json.getLongValue();
        case "f" -> warned = true;
        case "e" -> ended = time(json.getLongValue());
        case "o" -> overrun = json.getLongValue();
        case "q" -> answer = json.getIntValue();
        case "b" -> from = time(json.getLongValue());
        case "p" -> paused = json.getLongValue();
        case "r" -> remaining = json.getLongValue();
        case "c" -> binding = true;
        default -> json.skipChildren();
      }
    }
    boolean plain = from == null && paused == 0 && remaining < 0 && !binding;
    return new ResponseClock(
        spell,
        state,
        time(started),
        time(warn),
        time(due),
        warned,
        ended,
        overrun,
        answer,
        plain
            ? ResponseClock.Course.PLAIN
            : new ResponseClock.Course(from, paused, remaining, binding));
  }

  private static ResponseClock.State state(String code) throws IOException {
    for (ResponseClock.State state : ResponseClock.State.values()) {
      if (state.name().startsWith(code)) {
        return state;
      }
    }
    throw Fields.unknown("clock state", code);
  }

  private Conversation.Offer offer(JsonParser json) throws IOException {
    List<String> parts = Fields.strings(json);
    return new Conversation.Offer(
        parts.get(0), new Agent.Id(parts.get(1)), time(Long.parseLong(parts.get(2))));
  }

  private Conversation.Pause pause(JsonParser json) throws IOException {
    List<String> parts = Fields.strings(json);
    for (Conversation.Pause.On on : Conversation.Pause.On.values()) {
      if (on.name().startsWith(parts.get(0))) {
        return new Conversation.Pause(
            on, parts.size() > 1 ? time(Long.parseLong(parts.get(1))) : null);
      }
    }
    throw Fields.unknown("pause", parts.get(0));
  }

  private SendWindow window(JsonParser json) throws IOException {
    List<@Nullable Long> parts = Fields.numbers(json);
    Long until = parts.get(0);
    Long remaining = parts.get(1);
    return new SendWindow(
        until == null ? null : time(until), remaining == null ? null : remaining.intValue());
  }

  private void armed(JsonParser json) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      Timer.Kind kind = Timer.Kind.of(json.currentName().charAt(0));
      json.nextToken();
      List<@Nullable Long> parts = Fields.numbers(json);
      armed.put(
          kind,
          new Conversation.Armed(
              Objects.requireNonNull(parts.get(0)).intValue(),
              time(Objects.requireNonNull(parts.get(1)))));
    }
  }

  private void outbox(JsonParser json) throws IOException {
    while (json.nextToken() != JsonToken.END_ARRAY) {
      List<String> parts = Fields.strings(json);
      outbox.add(
          new Pending(
              Integer.parseInt(parts.get(0)),
              Integer.parseInt(parts.get(1)),
              parts.size() > 2 && !parts.get(2).isEmpty() ? parts.get(2) : null,
              parts.size() > 3 ? time(Long.parseLong(parts.get(3))) : null));
    }
  }

  private void operations(JsonParser json) throws IOException {
    while (json.nextToken() != JsonToken.END_ARRAY) {
      List<String> parts = Fields.strings(json);
      operations.add(
          new Recent(
              parts.get(0),
              Integer.parseInt(parts.get(1)),
              Integer.parseInt(parts.get(2)),
              parts.size() > 3 ? parts.get(3) : ""));
    }
  }

  @SuppressWarnings("NullAway") // it does not see Agent.@Nullable Id of a record's component
  private Conversation conversation() {
    return new Conversation(
        new Conversation.Id(id),
        new ContactKey(channel, contact, thread),
        connector,
        name,
        tier,
        stage,
        owner,
        epoch,
        triage,
        clock,
        later,
        offer,
        pause,
        lastSeq,
        preview,
        Instant.ofEpochMilli(opened),
        time(lastMessage),
        time(lastEvent == null ? lastMessage : lastEvent),
        waitingSince,
        queuedSince,
        assigned,
        resolved,
        acknowledged,
        lastAgent,
        lastBot,
        declined,
        load,
        window,
        armed,
        generation,
        context,
        outbox,
        operations,
        flags.indexOf('h') >= 0,
        flags.indexOf('u') >= 0,
        flags.indexOf('a') >= 0,
        flags.indexOf('y') >= 0,
        customer,
        hands,
        escalation);
  }
}
