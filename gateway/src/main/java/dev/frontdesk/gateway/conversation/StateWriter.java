// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.ClockKind;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ResponseClock;
import dev.frontdesk.gateway.domain.SendWindow;
import dev.frontdesk.gateway.domain.Timer;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes one conversation; {@link StoredConversation} reads it and names the fields. */
final class StateWriter {
  private static final Timer.Kind[] TIMERS = Timer.Kind.values();

  private final JsonGenerator json;
  private final Conversation c;
  private final long opened;

  StateWriter(JsonGenerator json, Conversation conversation) {
    this.json = json;
    this.c = conversation;
    this.opened = conversation.openedAt().toEpochMilli();
  }

  void write() throws IOException {
    json.writeStartObject();
    json.writeNumberField("o", opened);
    identity();
    handling();
    clock("k", c.clock());
    if (!c.laterClocks().isEmpty()) {
      clock("kn", c.laterClocks().get(ClockKind.NEXT_RESPONSE));
      clock("kr", c.laterClocks().get(ClockKind.RESOLUTION));
      clock("ks", c.laterClocks().get(ClockKind.SUPPLIER));
      clock("kf", c.laterClocks().get(ClockKind.FOLLOW_UP));
    }
    agents();
    times();
    work();
    if (c.escalation() != null) {
      StoredEscalation.write(json, "es", c.escalation());
    }
    json.writeEndObject();
  }

  private void identity() throws IOException {
    json.writeStringField("i", c.id().value());
    json.writeStringField("ch", c.contact().channel());
    json.writeStringField("x", c.contact().externalId());
    Fields.text(json, "th", c.contact().thread());
    json.writeStringField("co", c.connector());
    Fields.text(json, "n", c.contactName());
    Fields.text(json, "ti", c.tier());
    if (c.customer() != null) {
      json.writeFieldName("cu");
      StoredCustomer.write(json, c.customer());
    }
  }

  private void handling() throws IOException {
    if (c.stage() != Conversation.Stage.WAITING) {
      json.writeStringField("s", first(c.stage().name()));
    }
    if (c.owner() != null) {
      json.writeStringField("ow", c.owner().kind().label().charAt(0) + c.owner().id());
    }
    Fields.number(json, "e", c.epoch(), 0);
    StoredTriage.write(json, "t", c.triage());
    if (c.pause() != null) {
      json.writeArrayFieldStart("pa");
      json.writeString(first(c.pause().on().name()));
      if (c.pause().until() != null) {
        json.writeNumber(after(c.pause().until()));
      }
      json.writeEndArray();
    }
  }

  private void clock(String name, @Nullable ResponseClock clock) throws IOException {
    if (clock == null) {
      return;
    }
    json.writeObjectFieldStart(name);
    Fields.number(json, "n", clock.spell(), 1);
    if (clock.state() != ResponseClock.State.RUNNING) {
      json.writeStringField("s", first(clock.state().name()));
    }
    Fields.number(json, "a", after(clock.startedAt()), 0);
    Fields.number(json, "w", after(clock.warnAt()), 0);
    Fields.number(json, "d", after(clock.dueAt()), 0);
    Fields.flag(json, "f", clock.warned());
    time("e", clock.endedAt());
    Fields.number(json, "o", clock.overrunMs(), 0);
    Fields.number(json, "q", clock.answerSeq(), 0);
    ResponseClock.Course course = clock.course();
    time("b", course.from());
    Fields.number(json, "p", course.pausedMs(), 0);
    Fields.number(json, "r", course.remainingMs(), -1);
    Fields.flag(json, "c", course.binding());
    json.writeEndObject();
  }

  private void agents() throws IOException {
    if (c.offer() != null) {
      json.writeArrayFieldStart("of");
      json.writeString(c.offer().id());
      json.writeString(c.offer().agent().value());
      json.writeNumber(after(c.offer().expiresAt()));
      json.writeEndArray();
    }
    StoredHands.write(json, "ha", c.hands(), opened);
    if (c.lastAgent() != null) {
      json.writeStringField("la", c.lastAgent().value());
    }
    if (c.lastBot() != null) {
      json.writeStringField("lb", c.lastBot());
    }
    if (!c.declined().isEmpty()) {
      json.writeObjectFieldStart("de");
      for (Map.Entry<Agent.Id, Instant> entry : c.declined().entrySet()) {
        json.writeNumberField(entry.getKey().value(), after(entry.getValue()));
      }
      json.writeEndObject();
    }
    if (c.load() != null) {
      json.writeArrayFieldStart("lo");
      json.writeString(c.load().agent().value());
      json.writeNumber(c.load().cost());
      if (c.load().active() != c.load().cost()) {
        json.writeNumber(c.load().active());
      }
      json.writeEndArray();
    }
  }

  private void times() throws IOException {
    Fields.number(json, "q", c.lastSeq(), 0);
    json.writeStringField("v", c.preview());
    Fields.number(json, "m", after(c.lastMessageAt()), 0);
    Fields.number(json, "l", after(c.lastEventAt()), after(c.lastMessageAt()));
    time("w", c.waitingSince());
    time("qs", c.queuedSince());
    time("as", c.assignedAt());
    time("rs", c.resolvedAt());
    time("ak", c.acknowledgedAt());
    String flags =
        (c.humanAnswered() ? "h" : "")
            + (c.unanswered() ? "u" : "")
            + (c.automatic() ? "a" : "")
            + (c.ownerAway() ? "y" : "");
    Fields.text(json, "f", flags.isEmpty() ? null : flags);
  }

  private void work() throws IOException {
    window(c.window());
    if (!c.armed().isEmpty()) {
      json.writeObjectFieldStart("ar");
      for (Timer.Kind kind : TIMERS) {
        armed(kind, c.armed().get(kind));
      }
      json.writeEndObject();
    }
    Fields.number(json, "g", c.generation(), 0);
    Fields.texts(json, "cx", c.context());
    if (!c.outbox().isEmpty()) {
      json.writeArrayFieldStart("ob");
      for (Conversation.Pending pending : c.outbox()) {
        pending(pending);
      }
      json.writeEndArray();
    }
    if (!c.operations().isEmpty()) {
      json.writeArrayFieldStart("op");
      for (Conversation.Recent recent : c.operations()) {
        recent(recent);
      }
      json.writeEndArray();
    }
  }

  private void window(SendWindow window) throws IOException {
    if (window.equals(SendWindow.UNLIMITED)) {
      return;
    }
    json.writeArrayFieldStart("wi");
    if (window.until() == null) {
      json.writeNull();
    } else {
      json.writeNumber(after(window.until()));
    }
    if (window.remaining() == null) {
      json.writeNull();
    } else {
      json.writeNumber(window.remaining());
    }
    json.writeEndArray();
  }

  private void armed(Timer.Kind kind, Conversation.@Nullable Armed armed) throws IOException {
    if (armed != null) {
      json.writeArrayFieldStart(String.valueOf(kind.code()));
      json.writeNumber(armed.generation());
      json.writeNumber(after(armed.due()));
      json.writeEndArray();
    }
  }

  private void pending(Conversation.Pending pending) throws IOException {
    json.writeStartArray();
    json.writeNumber(pending.seq());
    json.writeNumber(pending.attempt());
    if (pending.sendingNode() != null || pending.readyAt() != null) {
      json.writeString(Objects.requireNonNullElse(pending.sendingNode(), ""));
    }
    if (pending.readyAt() != null) {
      json.writeNumber(after(pending.readyAt()));
    }
    json.writeEndArray();
  }

  private void recent(Conversation.Recent recent) throws IOException {
    json.writeStartArray();
    json.writeString(recent.id());
    json.writeNumber(recent.seq());
    json.writeNumber(recent.count());
    if (!recent.mark().isEmpty()) {
      json.writeString(recent.mark());
    }
    json.writeEndArray();
  }

  private void time(String name, @Nullable Instant at) throws IOException {
    if (at != null) {
      json.writeNumberField(name, after(at));
    }
  }

  private long after(Instant at) {
    return at.toEpochMilli() - opened;
  }

  private static String first(String name) {
    return name.substring(0, 1);
  }
}
