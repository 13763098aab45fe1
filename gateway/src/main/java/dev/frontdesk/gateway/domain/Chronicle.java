// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import dev.frontdesk.gateway.domain.ResponseClock.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The part of a conversation's history that follows from the difference of two states: what triage
 * gave it and by which rule, who owns it since which epoch, how its clocks ran. Completes the line
 * that a rule wrote about the event, and adds one only where there is none; so no change of these
 * goes unexplained, whatever rule made it. Pure; lives for one event.
 */
final class Chronicle {

  /** Not worth its bytes in every conversation. */
  private static final String USUAL_PRIORITY = "5";

  private final @Nullable Conversation before;
  private final Conversation next;
  private final Map<String, String> because;
  private final List<Effect> effects;

  private Chronicle(
      @Nullable Conversation before,
      Conversation next,
      Map<String, String> because,
      List<Effect> effects) {
    this.before = before;
    this.next = next;
    this.because = because;
    this.effects = effects;
  }

  /** {@code because}: triage key to the rule that set it, as far as rules did in this event. */
  static void write(
      @Nullable Conversation before,
      Conversation next,
      Map<String, String> because,
      List<Effect> effects) {
    Chronicle chronicle = new Chronicle(before, next, because, effects);
    chronicle.complete("triaged", chronicle.triage());
    chronicle.complete("owner", chronicle.owner());
    for (ClockKind kind : ClockKind.values()) {
      chronicle.clock(kind, before == null ? null : before.clock(kind), next.clock(kind));
    }
  }

  /** What triage gives now and did not before; {@code rules} says by which rule each. */
  private Map<String, String> triage() {
    if (before != null && before.triage().equals(next.triage())) {
      return Map.of();
    }
    Map<String, String> is = shown(next.triage());
    if (before == null) {
      is.remove("priority", USUAL_PRIORITY);
    } else {
      is.entrySet().removeAll(shown(before.triage()).entrySet());
    }
    List<String> rules = new ArrayList<>();
    new TreeMap<>(because)
        .forEach(
            (key, rule) -> {
              if (is.containsKey(key)) {
                rules.add(key + ":" + rule);
              }
            });
    if (!rules.isEmpty()) {
      is.put("rules", String.join(" ", rules));
    }
    return is;
  }

  private static Map<String, String> shown(Triage triage) {
    Map<String, String> shown = new HashMap<>();
    shown.put("queue", triage.queue());
    shown.put("promise", triage.promise());
    shown.put("priority", Integer.toString(triage.priority()));
    if (!triage.skills().isEmpty()) {
      List<String> skills = new ArrayList<>();
      new TreeMap<>(triage.skills()).forEach((skill, level) -> skills.add(skill + ":" + level));
      shown.put("skills", String.join(" ", skills));
    }
    if (triage.language() != null) {
      shown.put("language", triage.language());
    }
    if (triage.category() != null) {
      shown.put("category", triage.category());
    }
    if (triage.complaint() != null) {
      shown.put("complaint", triage.complaint());
    }
    if (!triage.aim().steps().isEmpty()) {
      shown.put("steps", triage.aim().steps().id());
    }
    if (triage.aim().agent() != null) {
      shown.put("agent", triage.aim().agent().value());
    }
    if (!triage.tags().isEmpty()) {
      shown.put("tags", String.join(" ", triage.tags()));
    }
    return shown;
  }

  private Map<String, String> owner() {
    Owner was = before == null ? null : before.owner();
    Owner is = next.owner();
    if (Objects.equals(was, is)) {
      return Map.of();
    }
    return Map.of("owner", name(is), "epoch", Long.toString(next.epoch()));
  }

  private static String name(@Nullable Owner owner) {
    return owner == null ? "nobody" : owner.kind().label() + ":" + owner.id();
  }

  private void clock(ClockKind kind, @Nullable ResponseClock was, @Nullable ResponseClock is) {
    if (is == null || is.equals(was)) {
      return;
    }
    ResponseClock earlier = was != null && was.spell() == is.spell() ? was : null;
    if (earlier == null) {
      started(kind, is);
    } else if (!earlier.dueAt().equals(is.dueAt()) && !isTold(kind)) {
      addOf(
          kind,
          "clock-moved",
          Map.of("from", earlier.dueAt().toString(), "dueAt", is.dueAt().toString()));
    }
    boolean warned = earlier != null && earlier.warned();
    if (is.warned() && !warned && is.state() == State.RUNNING) {
      addOf(kind, "at-risk", Map.of("dueAt", is.dueAt().toString(), "slackMs", slack(is.dueAt())));
    }
    if (is.state() == State.BREACHED && (earlier == null || earlier.state() != State.BREACHED)) {
      completeBreach(kind, is.dueAt());
    }
    if (is.endedAt() != null && (earlier == null || earlier.isOpen())) {
      ended(kind, is);
    }
  }

  /** The first response is what is meant by a line about a clock where nothing else is said. */
  private void addOf(ClockKind kind, String what, Map<String, String> details) {
    Map<String, String> all = new HashMap<>(details);
    if (kind != ClockKind.FIRST_RESPONSE) {
      all.put("clock", kind.label());
    }
    add(what, all);
  }

  private static boolean isAbout(Effect.Audit line, ClockKind kind) {
    String named = line.details().get("clock");
    return (named == null ? ClockKind.FIRST_RESPONSE.label() : named).equals(kind.label());
  }

  private void started(ClockKind kind, ResponseClock clock) {
    Map<String, String> started = new HashMap<>();
    started.put("dueAt", clock.dueAt().toString());
    if (before == null && kind == ClockKind.FIRST_RESPONSE) {
      complete("opened", started);
    } else {
      started.put("warnAt", clock.warnAt().toString());
      started.put("promise", next.triage().promise());
      started.put("spell", Integer.toString(clock.spell()));
      addOf(kind, "clock-started", started);
    }
  }

  private void ended(ClockKind kind, ResponseClock clock) {
    Map<String, String> details = new HashMap<>();
    details.put("dueAt", clock.dueAt().toString());
    if (clock.answerSeq() > 0) {
      details.put("seq", Integer.toString(clock.answerSeq()));
      details.put(
          "responseMs",
          Long.toString(Duration.between(clock.startedAt(), next.lastEventAt()).toMillis()));
      details.put("slackMs", slack(clock.dueAt()));
    }
    addOf(
        kind,
        clock.state() == State.BREACHED
            ? clock.answerSeq() > 0 ? "answered-late" : "ended-late"
            : clock.state().label(),
        details);
  }

  private String slack(Instant due) {
    return Long.toString(Duration.between(next.lastEventAt(), due).toMillis());
  }

  /** A line about a clock that says itself where it moved to. */
  private boolean isTold(ClockKind kind) {
    return effects.stream()
        .anyMatch(
            e ->
                e instanceof Effect.Audit line
                    && line.details().containsKey("clock")
                    && isAbout(line, kind));
  }

  private void add(String what, Map<String, String> details) {
    effects.add(new Effect.Audit(next.lastEventAt(), what, Author.SYSTEM, details));
  }

  /** Puts details into the event's line, or into a line of its own called {@code otherwise}. */
  private void complete(String otherwise, Map<String, String> details) {
    if (details.isEmpty()) {
      return;
    }
    for (int i = effects.size() - 1; i >= 0; i--) {
      if (effects.get(i) instanceof Effect.Audit line && !line.what().equals("breached")) {
        effects.set(i, with(line, details));
        return;
      }
    }
    add(otherwise, details);
  }

  private void completeBreach(ClockKind kind, Instant due) {
    for (int i = effects.size() - 1; i >= 0; i--) {
      if (effects.get(i) instanceof Effect.Audit line
          && line.what().equals("breached")
          && isAbout(line, kind)) {
        effects.set(i, with(line, Map.of("dueAt", due.toString())));
        return;
      }
    }
  }

  /** What the rule itself said stays as it said it. */
  private static Effect.Audit with(Effect.Audit line, Map<String, String> more) {
    Map<String, String> all = new HashMap<>(more);
    all.putAll(line.details());
    return new Effect.Audit(line.at(), line.what(), line.by(), all);
  }
}
