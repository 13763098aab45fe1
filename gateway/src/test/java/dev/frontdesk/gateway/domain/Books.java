// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import dev.frontdesk.gateway.domain.Conversation.Stage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a store would hold of one conversation if it did nothing but apply effects: the naive model
 * that each state is compared with.
 */
public final class Books {
  private static final Set<Stage> HELD_OR_WAITING =
      Set.of(Stage.WAITING, Stage.OFFERED, Stage.ASSIGNED, Stage.PAUSED);
  private static final Set<Stage> HELD = Set.of(Stage.OFFERED, Stage.ASSIGNED, Stage.PAUSED);

  public final List<Message> messages = new ArrayList<>();
  public final Map<String, Integer> keys = new HashMap<>();
  public final Map<String, Instant> timers = new TreeMap<>();
  public final Map<Agent.Id, Integer> load = new HashMap<>();
  public final Map<Integer, String> deadLetters = new HashMap<>();
  public Effect.@Nullable Queued queued;
  public boolean pointer;
  public boolean outboxReady;
  public boolean erased;
  public int spells;
  public int verdicts;
  public int met;
  public int breached;
  public int voided;
  public @Nullable String bot;

  /** Whether a bot's answer keeps a promise here. */
  public boolean botsCount;

  private int promises;

  /** Levels that were told: which promise it has had, clock, its spell, and the level. */
  public final Set<String> escalated = new TreeSet<>();

  /** Messages to contacts of the configuration that wait to be sent. */
  public final Set<Notice> notices = new HashSet<>();

  /** Verdicts of the clocks besides the first response's. */
  public final Map<ClockKind, Integer> later = new HashMap<>();

  public int pauses;

  /** Applies one transition and checks everything that must hold after it. */
  public void follow(@Nullable Conversation before, Transition transition, Instant now) {
    Conversation next = transition.next();
    if (before != null && !before.triage().promise().equals(next.triage().promise())) {
      promises++;
    }
    for (Effect effect : transition.effects()) {
      verdictIsFair(before, effect, next);
      apply(effect);
      if (effect instanceof Effect.Audit line && line.what().equals("escalated")) {
        escalated(line, next);
      }
    }
    check(before, next);
    if (transition.refusal() != null && transition.refusal().code() != Refusal.Code.NOT_OWNER) {
      holds(transition.effects().isEmpty());
      same(next, before);
    }
    if (transition.effects().isEmpty() && before != null) {
      same(next.stage(), before.stage());
      same(next.owner(), before.owner());
      same(next.lastSeq(), before.lastSeq());
    }
    holds(!next.lastEventAt().isAfter(later(before, now)));
  }

  /** Once in a spell under a promise, and only while its clock runs that nobody acknowledged. */
  private void escalated(Effect.Audit line, Conversation next) {
    String label = line.details().getOrDefault("clock", ClockKind.FIRST_RESPONSE.label());
    for (ClockKind kind : ClockKind.values()) {
      if (kind.label().equals(label)) {
        ResponseClock clock = Objects.requireNonNull(next.clock(kind));
        holds(clock.isOpen() && clock.state() != ResponseClock.State.PAUSED);
        Escalation escalation = Objects.requireNonNull(next.escalation());
        same(Objects.requireNonNull(escalation.rungs().get(kind)).acknowledgedBy(), null);
        holds(
            escalated.add(
                String.join(
                    "|",
                    Integer.toString(promises),
                    label,
                    Integer.toString(clock.spell()),
                    line.details().get("level"))));
      }
    }
  }

  private static Instant later(@Nullable Conversation before, Instant now) {
    return before == null || before.lastEventAt().isBefore(now) ? now : before.lastEventAt();
  }

  private void verdictIsFair(@Nullable Conversation before, Effect effect, Conversation next) {
    if (effect instanceof Effect.VerdictGiven given) {
      ResponseClock clock = Objects.requireNonNull(next.clock());
      Instant at = next.lastEventAt();
      switch (given.verdict()) {
        case MET -> {
          holds(!counted(before, at).isAfter(clock.dueAt()));
          Message answer = messages.get(clock.answerSeq() - 1);
          same(answer.author().kind() == Author.Kind.AGENT, given.agent() != null);
          holds(botsCount || given.agent() != null);
        }
        case BREACHED -> holds(at.isAfter(clock.dueAt()));
        case VOID -> holds(!counted(before, at).isAfter(clock.dueAt()));
        default -> throw new AssertionError(given + " after " + before);
      }
    }
  }

  /** Until when the wait for an answer counted: not past the end of the window, nor in a pause. */
  private static Instant counted(@Nullable Conversation before, Instant at) {
    if (before == null) {
      return at;
    }
    ResponseClock clock = before.clock();
    if (clock != null && clock.state() == ResponseClock.State.PAUSED) {
      return before.lastEventAt().isBefore(clock.dueAt()) ? before.lastEventAt() : clock.dueAt();
    }
    Instant until = before.window().until();
    return until == null || until.isAfter(at) ? at : until;
  }

  private void apply(Effect effect) {
    if (effect instanceof Effect.MessageAppended e) {
      same(e.message().seq(), messages.size() + 1);
      messages.add(e.message());
    } else if (effect instanceof Effect.MessageChanged e) {
      changed(e.message());
    } else if (effect instanceof Effect.KeyRemembered e) {
      keys.put(e.key(), e.seq());
    } else if (effect instanceof Effect.TimerArmed e) {
      holds(timers.put(e.timer().member(), e.due()) == null);
    } else if (effect instanceof Effect.TimerCleared e) {
      holds(timers.remove(e.timer().member()) != null);
    } else if (effect instanceof Effect.Queued e) {
      holds(queued == null);
      queued = e;
    } else if (effect instanceof Effect.Unqueued e) {
      Effect.Queued was = Objects.requireNonNull(queued);
      same(new Effect.Unqueued(was.bucket(), was.late()), e);
      queued = null;
    } else if (effect instanceof Effect.LoadCharged e) {
      load.merge(e.agent().id(), e.cost(), Integer::sum);
    } else if (effect instanceof Effect.LoadReleased e) {
      load.merge(e.agent(), -e.cost(), Integer::sum);
    } else if (effect instanceof Effect.LoadChanged e) {
      same(load.get(e.agent()), e.from());
      load.put(e.agent(), e.to());
    } else {
      applyRest(effect);
    }
  }

  private void changed(Message message) {
    Message was = messages.get(message.seq() - 1);
    same(message.direction(), was.direction());
    if (was.deleted()) {
      holds(message.deleted());
    }
    messages.set(message.seq() - 1, message);
  }

  private void applyRest(Effect effect) {
    if (effect instanceof Effect.PointerSet) {
      holds(!pointer);
      pointer = true;
    } else if (effect instanceof Effect.PointerCleared) {
      holds(pointer);
      pointer = false;
    } else if (effect instanceof Effect.OutboxReady) {
      outboxReady = true;
    } else if (effect instanceof Effect.OutboxEmpty) {
      outboxReady = false;
    } else if (effect instanceof Effect.DeadLetter e) {
      deadLetters.put(e.seq(), e.reason());
    } else if (effect instanceof Effect.DeadLetterTaken e) {
      deadLetters.remove(e.seq());
    } else if (effect instanceof Effect.BotFrame e) {
      holds(bot == null || bot.equals(e.bot()));
      bot = e.bot();
    } else if (effect instanceof Effect.BotReleased e) {
      same(bot, e.bot());
      bot = null;
    } else if (effect instanceof Effect.SpellStarted) {
      spells++;
    } else if (effect instanceof Effect.VerdictGiven e) {
      verdict(e.verdict());
    } else if (effect instanceof Effect.ClockVerdict e) {
      later.merge(e.clock(), 1, Integer::sum);
    } else if (effect instanceof Effect.Audit e) {
      pauses += e.what().equals("clock-paused") ? 1 : 0;
      pauses -= e.what().equals("clock-resumed") ? 1 : 0;
    } else if (effect instanceof Effect.NoticeDue e) {
      holds(notices.add(e.notice()));
      same(Notice.of(e.notice().timer()), e.notice());
    } else if (effect instanceof Effect.Erased) {
      holds(!erased);
      erased = true;
    }
  }

  private void verdict(ResponseClock.State state) {
    verdicts++;
    holds(verdicts <= spells);
    switch (state) {
      case MET -> met++;
      case BREACHED -> breached++;
      case VOID -> voided++;
      default -> throw new AssertionError(state + " is no verdict");
    }
  }

  private void check(@Nullable Conversation before, Conversation next) {
    owners(before, next);
    rows(next);
    clock(next);
    stages(next);
    lateness(next);
  }

  /** It waits in the late lane exactly when its time is over, and something sees to that. */
  private void lateness(Conversation next) {
    Instant armed =
        next.armed().containsKey(Timer.Kind.LATE) ? next.armed().get(Timer.Kind.LATE).due() : null;
    if (queued == null) {
      same(armed, null);
      return;
    }
    ResponseClock clock = next.clock();
    if (clock == null || !clock.isOpen()) {
      clock = next.laterClocks().get(ClockKind.NEXT_RESPONSE);
    }
    boolean running = clock != null && clock.state() == ResponseClock.State.RUNNING;
    same(queued.late(), !running && queued.due().isBefore(next.lastEventAt()));
    same(armed, running || queued.late() ? null : queued.due().plusMillis(1));
  }

  private void owners(@Nullable Conversation before, Conversation next) {
    Owner owner = next.owner();
    switch (next.stage()) {
      case BOT -> same(Objects.requireNonNull(owner).kind(), Owner.Kind.BOT);
      case ASSIGNED, PAUSED -> same(Objects.requireNonNull(owner).kind(), Owner.Kind.AGENT);
      default -> holds(owner == null);
    }
    same(bot, next.stage() == Stage.BOT ? owner.id() : null);
    if (before != null) {
      boolean changed = !Objects.equals(before.owner(), owner);
      same(next.epoch() > before.epoch(), changed);
      holds(next.epoch() >= before.epoch());
      holds(next.generation() >= before.generation());
      holds(!next.lastEventAt().isBefore(before.lastEventAt()));
      same(next.openedAt(), before.openedAt());
    }
  }

  private void rows(Conversation next) {
    same(next.lastSeq(), messages.size());
    same(queued != null, next.stage() == Stage.WAITING);
    same(pointer, next.stage() != Stage.CLOSED);
    same(outboxReady, !next.outbox().isEmpty());
    Map<String, Instant> armed = new TreeMap<>();
    next.armed()
        .forEach(
            (kind, a) ->
                armed.put(new Timer(kind, next.id().value(), a.generation()).member(), a.due()));
    same(timers, armed);
    Map<Agent.Id, Integer> charged = new HashMap<>(load);
    charged.values().removeIf(sum -> sum == 0);
    Map<Agent.Id, Integer> held = new HashMap<>();
    for (Conversation.Load one : next.loads()) {
      holds(held.put(one.agent(), one.cost()) == null);
    }
    same(charged, held);
    boolean wrapping = next.armed().containsKey(Timer.Kind.WRAP_UP);
    same(next.load() != null, HELD.contains(next.stage()) || wrapping);
    holds(!wrapping || !next.stage().isOpen());
    for (Conversation.Pending pending : next.outbox()) {
      same(messages.get(pending.seq() - 1).direction(), Message.Direction.OUTBOUND);
    }
    same(next.outbox().stream().skip(1).filter(p -> p.sendingNode() != null).count(), 0L);
    holds(next.operations().size() <= Conversation.REMEMBERED_OPERATIONS);
    holds(next.context().size() <= 8);
  }

  private void clock(Conversation next) {
    ResponseClock clock = next.clock();
    boolean running = clock != null && clock.state() == ResponseClock.State.RUNNING;
    boolean still = clock != null && clock.state() == ResponseClock.State.PAUSED;
    same(spells - verdicts, running || still ? 1 : 0);
    same(still, (running || still) && isCutOff(next, clock));
    holds(!still || clock.course().remainingMs() >= 0);
    same(clock == null ? 0 : clock.spell(), spells);
    same(next.armed().containsKey(Timer.Kind.BREACH), running);
    if (running) {
      holds(HELD_OR_WAITING.contains(next.stage()) || (botsCount && next.stage() == Stage.BOT));
      same(next.armed().get(Timer.Kind.BREACH).due(), clock.missedAt());
    }
    same(met + breached + voided, verdicts);
    next.laterClocks().forEach((kind, later) -> laterClock(next, kind, later));
  }

  private void laterClock(Conversation next, ClockKind kind, ResponseClock clock) {
    boolean undecided =
        clock.state() == ResponseClock.State.RUNNING || clock.state() == ResponseClock.State.PAUSED;
    same(later.getOrDefault(kind, 0), clock.spell() - (undecided ? 1 : 0));
    boolean running = clock.state() == ResponseClock.State.RUNNING;
    same(next.armed().containsKey(kind.breach()), running);
    if (running) {
      same(next.armed().get(kind.breach()).due(), clock.missedAt());
      holds(next.stage().isOpen());
    }
    boolean waits =
        (next.pause() != null
                && next.pause().on() == Conversation.Pause.On.CUSTOMER
                && kind.pauses())
            || (kind.isAnswered() && isCutOff(next, clock));
    same(clock.state() == ResponseClock.State.PAUSED, waits && undecided);
    boolean supplied = next.pause() != null && next.pause().on() == Conversation.Pause.On.SUPPLIER;
    holds(kind != ClockKind.SUPPLIER || !clock.isOpen() || supplied);
    same(clock.course().remainingMs() >= 0, clock.state() == ResponseClock.State.PAUSED);
  }

  /** Nobody can answer, and the deadline was not missed before that: a reply gives no verdict. */
  private static boolean isCutOff(Conversation next, ResponseClock clock) {
    Instant now = next.lastEventAt();
    Instant until = next.window().until();
    Instant end = until == null || until.isAfter(now) ? now : until;
    boolean missed = clock.state() == ResponseClock.State.RUNNING && clock.isMissed(end);
    return next.stage().isOpen() && !next.window().isOpen(now) && !missed;
  }

  private static void stages(Conversation next) {
    holds(!next.armed().containsKey(Timer.Kind.WINDOW) || next.stage().isOpen());
    Stage stage = next.stage();
    same(next.offer() != null, stage == Stage.OFFERED);
    if (next.armed().containsKey(Timer.Kind.OVERFLOW)) {
      same(stage, Stage.WAITING);
    }
    if (next.load() != null && next.load().cost() < next.load().active()) {
      boolean wrapping = next.armed().containsKey(Timer.Kind.WRAP_UP);
      holds(!next.unanswered() && (stage == Stage.ASSIGNED || stage == Stage.PAUSED || wrapping));
      holds(!next.armed().containsKey(Timer.Kind.INACTIVE));
    }
    same(next.pause() != null, stage == Stage.PAUSED);
    same(next.armed().containsKey(Timer.Kind.OFFER), stage == Stage.OFFERED);
    holds(next.hands().rivals().isEmpty() || stage == Stage.OFFERED);
    if (next.offer() != null) {
      Instant earliest = next.offer().expiresAt();
      for (Hands.Rival rival : next.hands().rivals()) {
        Instant end = rival.offer().expiresAt();
        earliest = end.isBefore(earliest) ? end : earliest;
        same(next.offerTo(rival.offer().agent()), rival.offer());
      }
      same(next.armed().get(Timer.Kind.OFFER).due(), earliest);
    }
    if (next.armed().containsKey(Timer.Kind.RETURN)) {
      boolean held = stage == Stage.ASSIGNED || stage == Stage.PAUSED;
      boolean silent = held && next.unanswered() && !next.hands().spoken();
      holds(silent || stage == Stage.WAITING || stage == Stage.OFFERED);
    }
    same(next.armed().containsKey(Timer.Kind.REOPEN_WINDOW), stage == Stage.RESOLVED);
    same(next.resolvedAt() != null, stage == Stage.RESOLVED || stage == Stage.CLOSED);
    if (stage == Stage.WAITING || stage == Stage.OFFERED) {
      holds(next.waitingSince() != null);
    }
    if (next.armed().containsKey(Timer.Kind.PAUSE)) {
      same(stage, Stage.PAUSED);
    }
    holds(stage.isOpen() || next.escalation() == null);
    holds(next.escalation() != null || !next.armed().containsKey(Timer.Kind.ESCALATION));
    if (next.armed().containsKey(Timer.Kind.BOT_SILENT)) {
      same(stage, Stage.BOT);
    }
    same(Board.row(next).isPresent(), stage == Stage.WAITING || stage == Stage.OFFERED);
  }

  /** Far cheaper than a fluent assertion: a walk asks this millions of times. */
  private static void holds(boolean condition) {
    if (!condition) {
      throw new AssertionError("the invariant of this line does not hold");
    }
  }

  private static void same(@Nullable Object actual, @Nullable Object expected) {
    if (!Objects.equals(actual, expected)) {
      throw new AssertionError("found " + actual + ", expected " + expected);
    }
  }
}
