// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.bot;

import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.gateway.conversation.ConversationService;
import dev.frontdesk.gateway.conversation.Outcome;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.ConversationEvent;
import dev.frontdesk.gateway.domain.Timer;
import dev.frontdesk.gateway.problem.GatewayException;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.CommitResult;
import dev.frontdesk.gateway.store.Guard;
import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.Write;
import dev.frontdesk.gateway.telemetry.LogKeys;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which sessions of a bot exist on any node, in the store.
 *
 * <pre>
 * none ──register──▶ live ──renew, every {@link #RENEWAL}──▶ live
 *                      │ unregister, or the lease ends with its node
 *                      ▼
 *         timer BOT_LOST: the last lease + lostGrace, or now + lostGrace ──lost──▶ people
 * </pre>
 *
 * The timer stands in Redis from the first session on, so a node that dies takes no promise with
 * it. Thread-safe.
 */
public final class BotSessions {

  private static final Logger LOG = LoggerFactory.getLogger(BotSessions.class);

  /** How long a session is there without its node saying so; three renewals. */
  static final Duration LEASE = Duration.ofSeconds(15);

  /** How often a node renews the sessions it holds. */
  static final Duration RENEWAL = Duration.ofSeconds(5);

  /** Sessions of one bot at once; the oldest is replaced by one more. */
  static final int MOST = 16;

  /** Nodes that write the same registry at once are few. */
  private static final int ATTEMPTS = 8;

  /** Conversations handed over at once when a bot is lost. */
  private static final int BATCH = 32;

  private final Store store;
  private final ConversationService conversations;

  /** A registry in {@code store} that hands over through {@code conversations}. */
  public BotSessions(Store store, ConversationService conversations) {
    this.store = store;
    this.conversations = conversations;
  }

  /** The sessions as they are now. */
  Future<Registry> read(Workspace workspace, String bot) {
    return store.hashAll(workspace.keys().botSessions(bot)).map(Registry::parse);
  }

  /** A session came; past {@link #MOST} the oldest is taken off. */
  Future<Void> register(Workspace workspace, String bot, String session) {
    return change(
        workspace, bot, (registry, now) -> registered(workspace, bot, session, registry, now));
  }

  private Commit registered(
      Workspace workspace, String bot, String session, Registry registry, Instant now) {
    Key sessions = workspace.keys().botSessions(bot);
    long at = now.toEpochMilli();
    Registry.Entry entry = new Registry.Entry(at + LEASE.toMillis(), at);
    int generation = registry.generation() + 1;
    Commit.Builder commit =
        commit(workspace, bot, registry, now)
            .write(
                new Write.HashSet(
                    sessions, Registry.generationField(), Integer.toString(generation)))
            .write(new Write.HashSet(sessions, Registry.field(session), entry.text()));
    registry.sessions().keySet().stream()
        .filter(other -> !registry.isLive(other, at))
        .forEach(other -> commit.write(new Write.HashDelete(sessions, Registry.field(other))));
    if (registry.live(at) >= MOST) {
      registry
          .oldest(at)
          .ifPresent(other -> commit.write(new Write.HashDelete(sessions, Registry.field(other))));
    }
    return commit
        .write(new Write.SortedRemove(workspace.keys().timers(), timer(bot, registry.generation())))
        .write(
            new Write.SortedAdd(
                workspace.keys().timers(),
                timer(bot, generation),
                due(workspace, bot, entry.lease())))
        .build();
  }

  /** Sessions of this node are still there; the answer names those that were taken off. */
  Future<Set<String>> renew(Workspace workspace, String bot, Collection<String> ours) {
    return read(workspace, bot)
        .compose(
            registry ->
                renewed(workspace, bot, ours, registry)
                    .map(
                        done ->
                            ours.stream()
                                .filter(session -> !registry.sessions().containsKey(session))
                                .collect(Collectors.toSet())));
  }

  private Future<CommitResult> renewed(
      Workspace workspace, String bot, Collection<String> ours, Registry registry) {
    Instant now = store.clock(workspace.id()).now();
    long lease = now.plus(LEASE).toEpochMilli();
    Key sessions = workspace.keys().botSessions(bot);
    Commit.Builder commit = commit(workspace, bot, registry, now);
    List<String> kept = ours.stream().filter(registry.sessions()::containsKey).toList();
    for (String session : kept) {
      String field = Registry.field(session);
      commit
          .guard(new Guard.Present(sessions, field))
          .write(new Write.HashSet(sessions, field, registry.renewed(session, lease).text()));
    }
    commit.write(
        new Write.SortedAdd(
            workspace.keys().timers(),
            timer(bot, registry.generation()),
            due(workspace, bot, Math.max(lease, registry.lastLease(null)))));
    // a conflict means that sessions came or went: the next renewal, 5 s on, reads them again
    return kept.isEmpty()
        ? Future.succeededFuture(new CommitResult.Done(now))
        : store.commit(commit.build());
  }

  /** A session went. With the last one the grace begins. */
  Future<Void> unregister(Workspace workspace, String bot, String session) {
    return change(
        workspace, bot, (registry, now) -> unregistered(workspace, bot, session, registry, now));
  }

  private Commit unregistered(
      Workspace workspace, String bot, String session, Registry registry, Instant now) {
    long last = Math.max(now.toEpochMilli(), registry.lastLease(session));
    return commit(workspace, bot, registry, now)
        .write(new Write.HashDelete(workspace.keys().botSessions(bot), Registry.field(session)))
        .write(
            new Write.SortedAdd(
                workspace.keys().timers(),
                timer(bot, registry.generation()),
                due(workspace, bot, last)))
        .build();
  }

  /**
   * The timer {@code BOT_LOST} fell due: without a session the bot's conversations go to people
   * with reason {@code bot-lost}; with one the timer moves on. Harmless when repeated; fails when
   * something could not be done, and the timer comes again. Tells when it was due; null when it had
   * nothing to do, or when every session said good-bye and its lease is kept nowhere.
   */
  public Future<@Nullable Instant> lost(Workspace workspace, String bot, int generation) {
    return read(workspace, bot)
        .compose(
            registry -> {
              long now = store.clock(workspace.id()).now().toEpochMilli();
              if (registry.generation() != generation) {
                return remove(workspace, new Timer(Timer.Kind.BOT_LOST, bot, generation))
                    .map((Instant) null);
              }
              long due = due(workspace, bot, registry.lastLease(null));
              return due > now
                  ? change(workspace, bot, (again, at) -> moved(workspace, bot, again, at))
                      .map((Instant) null)
                  : handOver(workspace, bot, registry)
                      .compose(all -> settle(workspace, bot, registry))
                      .map(registry.sessions().isEmpty() ? null : Instant.ofEpochMilli(due));
            });
  }

  private Commit moved(Workspace workspace, String bot, Registry registry, Instant now) {
    return commit(workspace, bot, registry, now)
        .write(
            new Write.SortedAdd(
                workspace.keys().timers(),
                timer(bot, registry.generation()),
                due(workspace, bot, registry.lastLease(null))))
        .build();
  }

  private Future<Void> handOver(Workspace workspace, String bot, Registry registry) {
    return store
        .hashAll(workspace.keys().botOwned(bot))
        .compose(
            owned -> {
              LOG.atWarn()
                  .addKeyValue(LogKeys.WORKSPACE, workspace.id())
                  .addKeyValue(LogKeys.BOT, bot)
                  .addKeyValue("conversations", owned.size())
                  .log("A bot is lost, its conversations go to people");
              return inBatches(
                  List.copyOf(owned.entrySet()),
                  entry -> handOver(workspace, bot, registry, entry));
            });
  }

  private Future<Void> inBatches(
      List<Map.Entry<String, String>> owned,
      Function<Map.Entry<String, String>, Future<Void>> each) {
    Future<Void> done = Future.succeededFuture();
    for (int from = 0; from < owned.size(); from += BATCH) {
      List<Map.Entry<String, String>> batch =
          owned.subList(from, Math.min(owned.size(), from + BATCH));
      done = done.compose(before -> Future.join(batch.stream().map(each).toList()).mapEmpty());
    }
    return done;
  }

  private Future<Void> handOver(
      Workspace workspace, String bot, Registry registry, Map.Entry<String, String> owned) {
    Key pins = workspace.keys().botPins(bot);
    return conversations
        .apply(
            workspace,
            new Conversation.Id(owned.getKey()),
            new ConversationEvent.HandOff(
                bot, Long.parseLong(owned.getValue()), "bot-lost", null, Map.of(), null, null),
            null,
            List.of(registry.unchanged(workspace.keys().botSessions(bot))))
        .compose(
            outcome ->
                outcome instanceof Outcome.Applied
                    ? unpin(workspace, pins, owned.getKey())
                    : Future.succeededFuture());
  }

  private Future<Void> unpin(Workspace workspace, Key pins, String conversation) {
    return store
        .commit(
            Commit.of(workspace.id(), store.clock(workspace.id()).now(), Commit.Urgency.RELEASING)
                .write(new Write.HashDelete(pins, conversation))
                .build())
        .mapEmpty();
  }

  /** Takes the timer and the dead sessions off, unless one came meanwhile. */
  private Future<Void> settle(Workspace workspace, String bot, Registry registry) {
    Commit.Builder commit = commit(workspace, bot, registry, store.clock(workspace.id()).now());
    Key sessions = workspace.keys().botSessions(bot);
    registry
        .sessions()
        .forEach(
            (session, entry) ->
                commit
                    .guard(registry.dead(sessions, session))
                    .write(new Write.HashDelete(sessions, Registry.field(session))));
    return store
        .commit(
            commit
                .write(
                    new Write.SortedRemove(
                        workspace.keys().timers(), timer(bot, registry.generation())))
                .build())
        .mapEmpty();
  }

  private Future<Void> remove(Workspace workspace, Timer timer) {
    return store
        .commit(
            Commit.of(workspace.id(), store.clock(workspace.id()).now(), Commit.Urgency.RELEASING)
                .write(new Write.SortedRemove(workspace.keys().timers(), timer.member()))
                .build())
        .mapEmpty();
  }

  private Commit.Builder commit(Workspace workspace, String bot, Registry registry, Instant now) {
    return Commit.of(workspace.id(), now, Commit.Urgency.RELEASING)
        .guard(registry.unchanged(workspace.keys().botSessions(bot)))
        .wake("t")
        .wake("b:" + bot);
  }

  private Future<Void> change(Workspace workspace, String bot, Change change) {
    return change(workspace, bot, change, 1);
  }

  private Future<Void> change(Workspace workspace, String bot, Change change, int attempt) {
    return read(workspace, bot)
        .compose(
            registry -> store.commit(change.decide(registry, store.clock(workspace.id()).now())))
        .compose(
            result -> {
              if (result instanceof CommitResult.Done) {
                return Future.succeededFuture();
              }
              return result instanceof CommitResult.Quarantined || attempt == ATTEMPTS
                  ? Future.failedFuture(busy(bot))
                  : change(workspace, bot, change, attempt + 1);
            });
  }

  private static GatewayException busy(String bot) {
    return new GatewayException(
        GatewayException.Kind.UNAVAILABLE,
        "unavailable",
        "the sessions of bot " + bot + " could not be written, try again");
  }

  private static String timer(String bot, int generation) {
    return new Timer(Timer.Kind.BOT_LOST, bot, generation).member();
  }

  private static long due(Workspace workspace, String bot, long from) {
    FrontdeskConfig.Bot config = workspace.config().bots().get(bot);
    // a bot that a reload took away keeps nothing
    return config == null ? from : from + config.lostGrace().toMillis();
  }

  /** What to write, given what is there. */
  @FunctionalInterface
  private interface Change {
    Commit decide(Registry registry, Instant now);
  }
}
