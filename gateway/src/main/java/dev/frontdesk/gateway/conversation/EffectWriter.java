// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.frontdesk.connector.ChannelFamily;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Board;
import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent.AgentFence;
import dev.frontdesk.gateway.domain.Effect;
import dev.frontdesk.gateway.domain.Owner;
import dev.frontdesk.gateway.domain.ResponseClock;
import dev.frontdesk.gateway.domain.Terms;
import dev.frontdesk.gateway.report.VerdictRows;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.Guard;
import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.LoadRequest;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.Write;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns the next state and the effects of one conversation into the guards and writes of its
 * commit. Mechanical: decides nothing about conversations. One instance serves one commit.
 */
final class EffectWriter {

  /** Frames taken from a bot with a conversation; older ones go when the bot's room meets them. */
  private static final int MAX_RELEASED_FRAMES = 200;

  /** How long a dedupe hash is kept after it was begun: while it is written, and then 8 days. */
  static final Duration DEDUPE_TTL = RedisKeys.DEDUPE_PERIOD.plus(LoadRequest.DEDUPE_TIME);

  /** How long an event waits for its target; past it edits are surfaced, receipts go. */
  static final Duration PARKED_TTL = Duration.ofMinutes(10);

  /** How long an edit is kept though no gateway is there to surface it. */
  private static final Duration UNSEEN_TTL = Duration.ofDays(1);

  private static final String PARKED = "n";
  private static final String VISITORS = ChannelFamily.WEBCHAT.label();
  private static final long WAKE_HORIZON_MILLIS = 1_500;
  private static final JsonFactory JSON = new JsonFactory();

  private final Workspace workspace;
  private final RedisKeys keys;
  private final ConversationCodec codec;
  private final Instant now;
  private final Commit.Builder commit;
  private final Conversation next;
  private long version;
  private int announced;
  private boolean offering;

  EffectWriter(
      Workspace workspace,
      ConversationCodec codec,
      Conversation next,
      Instant now,
      Commit.Builder commit) {
    this.workspace = workspace;
    this.keys = workspace.keys();
    this.codec = codec;
    this.next = next;
    this.now = now;
    this.commit = commit;
  }

  /** Says that capacity charged from here on is for an offer: the agent must be available. */
  EffectWriter offering(boolean yes) {
    offering = yes;
    return this;
  }

  /** The state itself, guarded by the version it was read at (0: it must not exist). */
  EffectWriter state(long from) {
    Key key = keys.conversation(next.id());
    version = from + 1;
    commit.guard(
        from == 0 ? new Guard.Absent(key, null) : new Guard.Equals(key, "v", Long.toString(from)));
    commit.write(new Write.HashSet(key, "v", Long.toString(version)));
    commit.write(new Write.HashSet(key, "s", codec.encode(next)));
    return this;
  }

  /** What the wallboard counts, as the difference of two states. */
  EffectWriter board(@Nullable Conversation before, Conversation after) {
    Optional<Board.Row> was = before == null ? Optional.empty() : Board.row(before);
    Optional<Board.Row> is = Board.row(after);
    if (was.equals(is)) {
      return this;
    }
    was.ifPresent(row -> count(row, -1, is));
    is.ifPresent(row -> count(row, 1, was));
    return this;
  }

  private void count(Board.Row row, int delta, Optional<Board.Row> other) {
    String id = next.id().value();
    Key waiting = keys.waiting(row.queue(), row.promise());
    String name = row.queue() + "|" + row.promise();
    boolean samePlace =
        other.isPresent()
            && other.get().queue().equals(row.queue())
            && other.get().promise().equals(row.promise());
    if (!samePlace) {
      if (delta > 0) {
        Instant since = Objects.requireNonNullElse(next.waitingSince(), next.openedAt());
        commit.write(new Write.SortedAdd(waiting, id, since.toEpochMilli()));
      } else {
        commit.write(new Write.SortedRemove(waiting, id));
      }
      commit.write(new Write.HashAdd(keys.gauges(), row.queue() + "|waiting", delta));
    }
    if (row.atRisk()) {
      commit.write(new Write.HashAdd(keys.gauges(), name + "|atRisk", delta));
    }
    if (row.breached()) {
      commit.write(new Write.HashAdd(keys.gauges(), name + "|breached", delta));
    }
  }

  /** One effect of the domain. */
  EffectWriter effect(Effect effect) {
    if (effect instanceof Effect.MessageAppended e) {
      commit.write(new Write.Push(keys.messages(next.id()), codec.encode(e.message())));
      wakeFollowers();
    } else if (effect instanceof Effect.MessageChanged e) {
      commit.write(
          new Write.Replace(
              keys.messages(next.id()), e.message().seq() - 1L, codec.encode(e.message())));
      wakeFollowers();
    } else if (effect instanceof Effect.KeyRemembered e) {
      remember(e.key(), e.seq());
    } else if (effect instanceof Effect.Parked e) {
      park(e);
    } else if (effect instanceof Effect.TimerArmed e) {
      long due = e.due().toEpochMilli();
      commit.write(new Write.SortedAdd(keys.timers(), e.timer().member(), due));
      if (due < now.toEpochMilli() + WAKE_HORIZON_MILLIS) {
        commit.wake("t:" + due);
      }
    } else if (effect instanceof Effect.TimerCleared e) {
      commit.write(new Write.SortedRemove(keys.timers(), e.timer().member()));
    } else {
      return routing(effect);
    }
    return this;
  }

  /**
   * Tells the sockets of visitors, and of a bot that has or had it; agents hear by their inbox. A
   * wake-up costs every node of the workspace, so what nobody follows is not told.
   */
  private void wakeFollowers() {
    Terms.Channel channel = workspace.terms().channels().get(next.contact().channel());
    boolean hasVisitors = channel == null || channel.family().equals(VISITORS);
    boolean hasBot =
        next.lastBot() != null || (next.owner() != null && next.owner().kind() == Owner.Kind.BOT);
    if (hasVisitors || hasBot) {
      commit.wake("c:" + next.id());
    }
  }

  private EffectWriter routing(Effect effect) {
    if (effect instanceof Effect.Queued e) {
      queue(e);
    } else if (effect instanceof Effect.Unqueued e) {
      String bucket = e.bucket().id();
      commit.write(new Write.SortedRemove(keys.bucket(bucket, e.late()), next.id().value()));
      ResponseClock clock = next.clock();
      if (clock == null || !clock.isOpen()) { // an earlier version left these on time
        commit.write(new Write.SortedRemove(keys.bucket(bucket, !e.late()), next.id().value()));
      }
      commit.write(new Write.HashAdd(keys.buckets(), bucket, -1));
      commit.write(new Write.HashDelete(keys.queueRows(), next.id().value()));
    } else if (effect instanceof Effect.LoadCharged e) {
      charge(e.agent(), e.cost());
    } else if (effect instanceof Effect.LoadReleased e) {
      Key agent = keys.agent(e.agent());
      commit.write(new Write.HashAdd(agent, "load", -e.cost()));
      commit.write(new Write.HashSet(agent, "idle", Long.toString(now.toEpochMilli())));
      commit.write(new Write.HashDelete(keys.agentLoad(e.agent()), next.id().value()));
      commit.wake("g").wake("a:" + e.agent());
    } else if (effect instanceof Effect.LoadChanged e) {
      Key agent = keys.agent(e.agent());
      commit.write(new Write.HashAdd(agent, "load", e.to() - e.from()));
      commit.write(
          new Write.HashSet(
              keys.agentLoad(e.agent()), next.id().value(), Integer.toString(e.to())));
      commit.wake("g").wake("a:" + e.agent());
    } else if (effect instanceof Effect.InboxRow e) {
      inbox(e.agent(), e);
    } else if (effect instanceof Effect.BotFrame e) {
      String id = next.id().value();
      commit.write(new Write.HashSet(keys.botOwned(e.bot()), id, Long.toString(next.epoch())));
      commit.write(
          new Write.SortedAdd(keys.botFrames(e.bot()), id + " " + e.seq(), now.toEpochMilli()));
      commit.wake("b:" + e.bot());
    } else if (effect instanceof Effect.BotReleased e) {
      String id = next.id().value();
      commit.write(new Write.HashDelete(keys.botOwned(e.bot()), id));
      commit.write(new Write.HashDelete(keys.botPins(e.bot()), id));
      int first = Math.max(1, next.lastSeq() - MAX_RELEASED_FRAMES + 1);
      for (int seq = first; seq <= next.lastSeq(); seq++) {
        commit.write(new Write.SortedRemove(keys.botFrames(e.bot()), id + " " + seq));
      }
      commit.wake("b:" + e.bot());
    } else if (effect instanceof Effect.BotFailed e) {
      commit.write(new Write.HashAdd(keys.botFailures(), e.bot(), 1));
      commit.write(
          new Write.HashSet(
              keys.botFailures(), RedisKeys.failedAt(e.bot()), Long.toString(now.toEpochMilli())));
      commit.wake(RedisKeys.BOT_FAILURES);
    } else {
      return keeping(effect);
    }
    return this;
  }

  private EffectWriter keeping(Effect effect) {
    String id = next.id().value();
    if (effect instanceof Effect.OutboxReady e) {
      long at = e.at().toEpochMilli();
      commit.write(new Write.SortedAdd(keys.outbox(), id, at));
      if (at < now.toEpochMilli() + WAKE_HORIZON_MILLIS) {
        commit.wake("o:" + at);
      }
    } else if (effect instanceof Effect.OutboxEmpty) {
      commit.write(new Write.SortedRemove(keys.outbox(), id));
    } else if (effect instanceof Effect.DeadLetter e) {
      commit.write(
          new Write.HashSet(
              keys.deadLetters(),
              id + " " + e.seq(),
              next.contact().channel() + '\n' + e.reason()));
      deadLetters(1);
    } else if (effect instanceof Effect.DeadLetterTaken e) {
      commit.write(new Write.HashDelete(keys.deadLetters(), id + " " + e.seq()));
      deadLetters(-1);
    } else if (effect instanceof Effect.Audit e) {
      commit.write(new Write.Push(keys.history(next.id()), codec.encode(e)));
      if (version > RedisKeys.MAX_HISTORY / 8) {
        commit.write(new Write.Trim(keys.history(next.id()), RedisKeys.MAX_HISTORY));
      }
    } else if (effect instanceof Effect.Announced e) {
      EventRows.write(workspace, EventRow.of(next, version, announced++, e), now, commit);
    } else if (effect instanceof Effect.NoticeDue e) {
      long at = now.toEpochMilli();
      commit.write(new Write.SortedAdd(keys.timers(), e.notice().timer().member(), at));
      commit.wake("t:" + at);
    } else if (effect instanceof Effect.PointerSet) {
      commit.write(keys.pointer(next.contact()).set(id));
      commit.write(new Write.SortedAdd(keys.index(), id, next.openedAt().toEpochMilli()));
      commit.write(new Write.HashAdd(keys.gauges(), "conversations", 1));
    } else if (effect instanceof Effect.PointerCleared) {
      commit.guard(keys.pointer(next.contact()).is(id));
      commit.write(keys.pointer(next.contact()).clear());
      commit.wake(CommittedConversations.CLOSED + next.contact().digest());
    } else if (effect instanceof Effect.Erased) {
      erase();
    } else {
      VerdictRows.writes(keys, effect, now).forEach(commit::write);
    }
    return this;
  }

  private void deadLetters(int delta) {
    commit.write(new Write.HashAdd(keys.gauges(), RedisKeys.DEAD_LETTERS, delta));
    commit.write(
        new Write.HashAdd(keys.gauges(), RedisKeys.deadLettersOf(next.contact().channel()), delta));
  }

  private void remember(String key, int seq) {
    String digest = digest(next.contact().channel(), key);
    Key hash = dedupeKey(digest);
    commit.write(new Write.HashSet(hash, digest, next.id() + " " + seq));
    commit.write(new Write.ExpireNew(hash, DEDUPE_TTL.toMillis()));
  }

  private void park(Effect.Parked effect) {
    String channel = next.contact().channel();
    String digest = digest(channel, effect.target());
    park(workspace, channel, digest, effect.event(), codec, now, commit);
  }

  /**
   * The event waits only while its target is unknown: the guard makes the race harmless. What the
   * customer changed has a timer, so that it does not vanish if the message never comes.
   */
  static void park(
      Workspace workspace,
      String channel,
      String target,
      InboundEvent event,
      ConversationCodec codec,
      Instant now,
      Commit.Builder commit) {
    Key list = workspace.keys().parked(target);
    Key count = workspace.keys().parkedCount(target);
    boolean receipt = event instanceof InboundEvent.Receipt;
    long ttl = (receipt ? PARKED_TTL : UNSEEN_TTL).toMillis();
    commit
        .guard(unknown(workspace, target, now))
        .write(new Write.Push(list, codec.encode(event)))
        .write(new Write.Trim(list, RedisKeys.MAX_PARKED))
        .write(new Write.HashAdd(count, PARKED, 1))
        .write(new Write.Expire(list, ttl))
        .write(new Write.Expire(count, ttl));
    if (!receipt) {
      long due = now.plus(PARKED_TTL).toEpochMilli();
      commit.write(
          new Write.SortedAdd(
              workspace.keys().timers(), new Orphans(channel, target).timer().member(), due));
    }
  }

  /** No event came to wait since {@code seen} were read; past the bound some are gone anyway. */
  static Guard allSeen(Workspace workspace, String target, int seen) {
    Key count = workspace.keys().parkedCount(target);
    return seen == 0
        ? new Guard.Absent(count, null)
        : seen < RedisKeys.MAX_PARKED
            ? new Guard.Equals(count, PARKED, Integer.toString(seen))
            : new Guard.AtLeast(count, PARKED, seen);
  }

  private Key dedupeKey(String digest) {
    return dedupeKey(workspace, digest, now);
  }

  /** The dedupe hash a digest is written into now. */
  static Key dedupeKey(Workspace workspace, String digest, Instant now) {
    int bucket = LoadRequest.bucketOf(digest, workspace.config().conversations().dedupeBuckets());
    return workspace.keys().dedupe(now, bucket);
  }

  /** The digest stands in none of the hashes where a load would look for it. */
  static Guard unknown(Workspace workspace, String digest, Instant now) {
    int bucket = LoadRequest.bucketOf(digest, workspace.config().conversations().dedupeBuckets());
    return new Guard.AbsentFromAll(workspace.keys().dedupeHashes(now, bucket), digest);
  }

  /** The dedupe digest of an event key of a channel. */
  static String digest(String channel, String key) {
    return ContactKey.digestOf(channel + '\n' + key);
  }

  private void queue(Effect.Queued e) {
    String id = next.id().value();
    String bucket = e.bucket().id();
    double score = workspace.policy().score(e.due(), e.priority(), e.arrival());
    commit.write(new Write.SortedAdd(keys.bucket(bucket, e.late()), id, score));
    commit.write(new Write.HashAdd(keys.buckets(), bucket, 1));
    commit.write(new Write.HashSet(keys.queueRows(), id, queueRow(e)));
    commit.wake("q");
  }

  private void charge(AgentFence agent, int cost) {
    Key key = keys.agent(agent.id());
    commit.guard(new Guard.Equals(key, "gen", Integer.toString(agent.generation())));
    // past this moment: whoever left in this very millisecond has gone
    commit.guard(new Guard.AtLeast(key, "until", now.toEpochMilli() + 1));
    if (offering) {
      commit.guard(new Guard.Equals(key, "presence", Agent.Presence.AVAILABLE.label()));
    }
    commit.guard(new Guard.Within(key, "load", cost, agent.capacity()));
    commit.write(new Write.HashAdd(key, "load", cost));
    commit.write(
        new Write.HashSet(keys.agentLoad(agent.id()), next.id().value(), Integer.toString(cost)));
    commit.wake("g");
  }

  private void inbox(Agent.Id agent, Effect.InboxRow row) {
    String json =
        json(
            g -> {
              g.writeStringField("t", row.change().name().toLowerCase(Locale.ROOT));
              g.writeStringField("c", next.id().value());
              if (row.seq() > 0) {
                g.writeNumberField("s", row.seq());
              }
              if (row.reason() != null) {
                g.writeStringField("r", row.reason());
              }
            });
    commit.write(new Write.Append(keys.inbox(agent), json, RedisKeys.INBOX_LENGTH));
    commit.wake("a:" + agent);
  }

  private void erase() {
    commit.write(new Write.Delete(keys.conversation(next.id())));
    commit.write(new Write.Delete(keys.messages(next.id())));
    commit.write(new Write.Delete(keys.history(next.id())));
    commit.write(new Write.SortedRemove(keys.index(), next.id().value()));
    commit.write(new Write.HashAdd(keys.gauges(), "conversations", -1));
  }

  private static String queueRow(Effect.Queued e) {
    return json(
        g -> {
          if (!e.declined().isEmpty()) {
            g.writeObjectFieldStart("d");
            for (Map.Entry<Agent.Id, Instant> one : e.declined().entrySet()) {
              g.writeNumberField(one.getKey().value(), one.getValue().toEpochMilli());
            }
            g.writeEndObject();
          }
          if (e.preferred() != null) {
            g.writeStringField("p", e.preferred().value());
          }
          if (e.chosen()) {
            g.writeBooleanField("pt", true);
          }
          if (e.language() != null) {
            g.writeStringField("l", e.language());
          }
          g.writeNumberField("c", e.cost());
          g.writeNumberField("a", e.arrival().toEpochMilli());
          if (!e.entered().equals(e.arrival())) {
            g.writeNumberField("e", e.entered().toEpochMilli());
          }
          g.writeNumberField("due", e.due().toEpochMilli());
          g.writeNumberField("pr", e.priority());
        });
  }

  private static String json(Fields fields) {
    StringWriter out = new StringWriter(96);
    try (JsonGenerator generator = JSON.createGenerator(out)) {
      generator.writeStartObject();
      fields.write(generator);
      generator.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  @FunctionalInterface
  private interface Fields {
    void write(JsonGenerator generator) throws IOException;
  }
}
