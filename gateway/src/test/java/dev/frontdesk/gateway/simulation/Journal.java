// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import dev.frontdesk.gateway.conversation.ConversationCodec;
import dev.frontdesk.gateway.domain.ClockKind;
import dev.frontdesk.gateway.domain.ClockPolicy;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.Escalation;
import dev.frontdesk.gateway.domain.Message;
import dev.frontdesk.gateway.domain.Notice;
import dev.frontdesk.gateway.domain.ResponseClock;
import dev.frontdesk.gateway.domain.Timer;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.Scored;
import dev.frontdesk.gateway.store.Write;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Every state a conversation ever had, seen where the commits arrive; what must hold between one
 * state and the next is checked here.
 */
final class Journal {

  private final World world;
  private final ConversationCodec codec;
  private final String prefix;

  /** The states as they are, without what retention erased. */
  final Map<String, Conversation> states = new LinkedHashMap<>();

  private final Map<String, Long> versions = new LinkedHashMap<>();

  /** Messages of conversations that retention erased. */
  private final Map<String, List<Message>> erased = new LinkedHashMap<>();

  /** Conversations of erased customers that had something to send. */
  final Set<String> cutShort = new HashSet<>();

  final Verdicts verdicts = new Verdicts();

  /** Messages that levels of ladders wrote for contacts, and how often. */
  final Map<Notice, Integer> notices = new LinkedHashMap<>();

  int escalated;
  int acknowledged;

  Journal(World world, ConversationCodec codec) {
    this.world = world;
    this.codec = codec;
    this.prefix = world.workspace.keys().conversationPrefix();
  }

  /** Spells and their verdicts, as the states tell. */
  static final class Verdicts {
    int started;
    int met;
    int breached;
    int voided;
    int laterStarted;
    int later;

    int given() {
      return met + breached + voided;
    }
  }

  /** Looks at what a commit is about to remove. */
  void before(Commit commit) {
    for (Write write : commit.writes()) {
      if (write instanceof Write.Delete delete && delete.key().name().startsWith(prefix)) {
        String id = delete.key().name().substring(prefix.length());
        erased.putIfAbsent(id, read(new Conversation.Id(id)));
      }
    }
  }

  /** Looks at what a commit did, if it did anything. */
  void after(Commit commit) {
    List<String> written = new ArrayList<>();
    try {
      for (Write write : commit.writes()) {
        if (write.key().name().startsWith(prefix)) {
          look(write.key());
        }
        if (write instanceof Write.SortedAdd row && row.member().startsWith("a:")) {
          written.add(row.member());
        }
      }
      noticed(written);
    } catch (AssertionError e) {
      world.fail(e);
    }
  }

  /** Those of them that the commit really wrote. */
  private void noticed(List<String> written) {
    if (!written.isEmpty()) {
      Now.of(world.store.sorted(world.workspace.keys().timers(), 0, -1)).stream()
          .map(Scored::member)
          .filter(written::contains)
          .forEach(member -> notices.merge(Notice.of(Timer.parse(member)), 1, Integer::sum));
    }
  }

  private void look(Key key) {
    String id = key.name().substring(prefix.length());
    Map<String, String> row = Now.of(world.store.hashAll(key));
    if (row.isEmpty()) {
      Conversation gone = states.remove(id);
      if (gone != null) {
        Check.same(gone.stage(), Conversation.Stage.CLOSED, "only closed ones are erased");
        world.trail.add(id, "erased");
      }
      return;
    }
    erased.remove(id);
    long version = Long.parseLong(row.get("v"));
    long before = versions.getOrDefault(id, 0L);
    if (version == before) {
      return;
    }
    Check.same(version, before + 1, "version of " + id);
    versions.put(id, version);
    Conversation next = codec.conversation(row.get("s"));
    Conversation last = states.put(id, next);
    follow(last, next);
    world.trail.add(
        id,
        next.stage()
            + (next.owner() == null ? "" : " of " + next.owner().id())
            + (next.offer() == null ? "" : " to " + next.offer().agent())
            + " e"
            + next.epoch()
            + " m"
            + next.lastSeq()
            + " "
            + next.outbox());
  }

  private void follow(@Nullable Conversation last, Conversation next) {
    if (last != null
        && !last.outbox().isEmpty()
        && next.outbox().isEmpty()
        && next.stage() == Conversation.Stage.CLOSED) {
      cutShort.add(next.id().value());
    }
    Instant now = world.time.now();
    Check.same(
        Now.of(world.store.list(world.workspace.keys().messages(next.id()), next.lastSeq() - 1, -1))
            .size(),
        1,
        "messages beyond lastSeq of " + next.id());
    Check.that(!next.lastEventAt().isAfter(now), "an event of the future", next);
    owner(last, next);
    boolean stood = last != null && !last.window().isOpen(now);
    clock(last == null ? null : last.clock(), next.clock(), now, stood);
    for (ClockKind kind : ClockKind.values()) {
      laterClock(
          last == null ? null : last.laterClocks().get(kind),
          next.laterClocks().get(kind),
          now,
          stood);
    }
    escalation(last, next);
    for (int i = 1; i < next.outbox().size(); i++) {
      Check.same(next.outbox().get(i).sendingNode(), null, "second in flight of " + next.id());
    }
  }

  private static void owner(@Nullable Conversation last, Conversation next) {
    switch (next.stage()) {
      case BOT, ASSIGNED, PAUSED -> Check.that(next.owner() != null, "nobody owns", next);
      default -> Check.that(next.owner() == null, "somebody owns", next);
    }
    if (last != null) {
      Check.that(next.epoch() >= last.epoch(), "epoch fell", next);
      boolean changed = !Objects.equals(last.owner(), next.owner());
      Check.that(!changed || next.epoch() > last.epoch(), "owner without an epoch", next);
      Check.that(next.lastSeq() >= last.lastSeq(), "messages went", next);
      Check.that(!next.lastEventAt().isBefore(last.lastEventAt()), "time went back", next);
      Check.that(
          last.stage() != Conversation.Stage.CLOSED || next.stage() == Conversation.Stage.CLOSED,
          "closed and opened again",
          next);
    }
  }

  /** {@code stood}: for a part of the time since the last event the platform let nobody answer. */
  private void clock(
      @Nullable ResponseClock last, @Nullable ResponseClock next, Instant now, boolean stood) {
    if (next == null) {
      Check.same(last, null, "a clock went");
      return;
    }
    boolean fresh = last == null || next.spell() != last.spell();
    boolean wasOpen = last != null && isUndecided(last);
    if (fresh) {
      Check.same(next.spell(), last == null ? 1 : last.spell() + 1, "spell");
      Check.that(!wasOpen, "two spells", last);
      verdicts.started++;
    } else {
      Check.that(stood || !next.dueAt().isAfter(last.dueAt()), "a deadline moved away", next);
    }
    if (isUndecided(next)) {
      Check.that(fresh || wasOpen, "verdict undone", next);
      return;
    }
    if (!fresh && !wasOpen) {
      Check.same(next.state(), last.state(), "second verdict");
      return;
    }
    verdict(next, now, stood);
  }

  /** One verdict per spell, never early, never undone; only a pause moves a deadline away. */
  private void laterClock(
      @Nullable ResponseClock last, @Nullable ResponseClock next, Instant now, boolean stood) {
    if (next == null) {
      Check.same(last, null, "a clock went");
      return;
    }
    boolean fresh = last == null || next.spell() != last.spell();
    boolean wasOpen = last != null && isUndecided(last);
    if (fresh) {
      Check.same(next.spell(), last == null ? 1 : last.spell() + 1, "spell");
      Check.that(!wasOpen, "two spells", next);
      verdicts.laterStarted++;
    } else {
      Check.that(wasOpen || next.state() == last.state(), "verdict undone", next);
      Check.that(
          stood
              || last.state() == ResponseClock.State.PAUSED
              || !next.dueAt().isAfter(last.dueAt()),
          "a deadline moved away",
          next);
    }
    if (!isUndecided(next) && (fresh || wasOpen)) {
      verdicts.later++;
      Check.that(
          next.state() != ResponseClock.State.BREACHED || now.isAfter(next.dueAt()),
          "breached early",
          next);
    }
  }

  /** A level is told while its clock runs, never early, never again, and never after a person. */
  private void escalation(@Nullable Conversation last, Conversation next) {
    Escalation is = next.escalation();
    Check.that(
        is != null || !next.armed().containsKey(Timer.Kind.ESCALATION), "a level of nothing", next);
    if (is == null) {
      return;
    }
    ClockPolicy policy = world.workspace.terms().promise(next.triage().promise()).clocks();
    Check.same(is.ladder(), policy.ladder().mark(), "ladder of " + next.id());
    is.rungs()
        .forEach(
            (kind, rungs) -> {
              Escalation was = last == null ? null : last.escalation();
              Escalation.Rungs old = was == null ? null : was.rungs().get(kind);
              boolean same =
                  was != null
                      && old != null
                      && was.ladder() == is.ladder()
                      && old.spell() == rungs.spell();
              int before = same ? old.told() : 0;
              Check.same(rungs.told() & before, before, "a level untold of " + next.id());
              int told = rungs.told() & ~before;
              Check.that(told == 0 || !same || old.acknowledgedBy() == null, "told late", next);
              for (int i = 0; i < policy.ladder().levels().size(); i++) {
                if ((told & (1 << i)) != 0) {
                  Instant at = policy.ladder().levels().get(i).at(next.clock(kind), policy);
                  Check.that(at != null && !at.isAfter(world.time.now()), "told early", next);
                  escalated++;
                }
              }
              acknowledged +=
                  rungs.acknowledgedBy() != null && (!same || old.acknowledgedBy() == null) ? 1 : 0;
            });
  }

  private static boolean isUndecided(ResponseClock clock) {
    return clock.state() == ResponseClock.State.RUNNING
        || clock.state() == ResponseClock.State.PAUSED;
  }

  private void verdict(ResponseClock clock, Instant now, boolean stood) {
    switch (clock.state()) {
      case MET -> {
        verdicts.met++;
        Check.that(
            clock.endedAt() != null && (stood || !clock.endedAt().isAfter(clock.dueAt())),
            "met late",
            clock);
      }
      case BREACHED -> {
        verdicts.breached++;
        Check.that(now.isAfter(clock.dueAt()), "breached early", clock);
      }
      case VOID -> verdicts.voided++;
      default -> throw new AssertionError("no verdict: " + clock);
    }
  }

  private List<Message> read(Conversation.Id id) {
    return Now.of(world.store.list(world.workspace.keys().messages(id), 0, -1)).stream()
        .map(codec::message)
        .toList();
  }

  /** All messages of all conversations there ever were, by conversation. */
  Map<String, List<Message>> messages() {
    Map<String, List<Message>> all = new LinkedHashMap<>(erased);
    states.forEach((id, state) -> all.put(id, new ArrayList<>(read(state.id()))));
    return all;
  }
}
