// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.bot;

import dev.frontdesk.gateway.conversation.ConversationService;
import dev.frontdesk.gateway.conversation.ConversationService.Snapshot;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.Message;
import dev.frontdesk.gateway.domain.Owner;
import dev.frontdesk.gateway.edge.ConversationJson;
import dev.frontdesk.gateway.socket.CloseCode;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.Scored;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.telemetry.LogKeys;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of one bot on this node, and what they are told: the bot's frames in Redis go to
 * whichever session holds the pin of their conversation.
 *
 * <ol>
 *   <li>Everything runs on the room's own context; other threads only call {@link #hear}, {@link
 *       #enter} and {@link #run}.
 *   <li>A frame is written to a session at most once; it stays in Redis until acknowledged.
 *   <li>A conversation goes to one session: the first to write the pin. Another may take it only
 *       when that one is dead by the registry, which the same commit guards.
 *   <li>Frames are read in order of time, {@link #WINDOW} at most; a session holds a bounded number
 *       unacknowledged, and none are written while its queue is half full.
 * </ol>
 */
final class BotRoom {

  private static final Logger LOG = LoggerFactory.getLogger(BotRoom.class);

  /** Unacknowledged frames that are looked at, oldest first. */
  private static final int WINDOW = 1_024;

  /** Conversations whose frames are fetched at once. */
  private static final int AT_ONCE = 64;

  /** How often everything is read again, whatever wake-ups came. */
  static final long REREAD_MILLIS = 1_000;

  private final Supplier<Workspace> workspaces;
  private final RedisKeys keys;
  private final String bot;
  private final Store store;
  private final ConversationService conversations;
  private final BotSessions sessions;
  private final Pins pins;
  private final Context context;
  private final Map<String, BotSession> here = new LinkedHashMap<>();
  private Registry registry = new Registry(0, Map.of());
  private Future<?> turn = Future.succeededFuture();
  private boolean reading;
  private boolean readAgain;
  private long ticks;
  private long departures;

  BotRoom(
      Vertx vertx,
      Supplier<Workspace> workspaces,
      String bot,
      Store store,
      ConversationService conversations,
      BotSessions sessions) {
    this.workspaces = workspaces;
    this.keys = workspaces.get().keys();
    this.bot = bot;
    this.store = store;
    this.conversations = conversations;
    this.sessions = sessions;
    this.pins = new Pins(workspaces.get(), bot, store);
    this.context = vertx.getOrCreateContext();
  }

  /** Runs a task where the room lives. */
  void run(Runnable task) {
    context.runOnContext(ignored -> task.run());
  }

  /** The workspace as it is configured now. */
  private Workspace workspace() {
    return workspaces.get();
  }

  /** A session came; once it is registered it is given conversations. */
  Future<Void> enter(BotSession session) {
    return inTurn(() -> sessions.register(workspace(), bot, session.id()))
        .onSuccess(
            registered -> {
              here.put(session.id(), session);
              refresh();
            });
  }

  /** A session ended: what it held goes to others. */
  Future<Void> leave(BotSession session) {
    here.remove(session.id());
    pins.forget(session.id());
    departures++;
    return inTurn(() -> sessions.unregister(workspace(), bot, session.id()));
  }

  /** Changes of the registry by this node come one at a time: they would only meet each other. */
  private <T> Future<T> inTurn(Supplier<Future<T>> change) {
    Future<T> next = turn.transform(before -> change.get());
    turn = next;
    return next;
  }

  /** Something changed in the store: this bot's frames, or conversations it may hold. */
  void hear(Set<String> topics) {
    run(
        () -> {
          topics.stream()
              .filter(topic -> topic.startsWith("c:"))
              .map(topic -> new Conversation.Id(topic.substring(2)))
              .filter(pins::isHere)
              .forEach(this::checkOwned);
          if (topics.contains("*") || topics.contains("b:" + bot)) {
            deliver();
          }
        });
  }

  /** Once a second: who is there, who may still be, what is waiting, what went. */
  void tick() {
    run(
        () -> {
          here.values().stream()
              .filter(session -> !session.isAllowed())
              .toList()
              .forEach(session -> session.close(CloseCode.UNAUTHORISED));
          refresh();
          if (ticks++ % (BotSessions.RENEWAL.toMillis() / REREAD_MILLIS) == 0) {
            renew();
            checkAllOwned();
          }
        });
  }

  private void refresh() {
    sessions
        .read(workspace(), bot)
        .onSuccess(
            read -> {
              registry = read;
              deliver();
            })
        .onFailure(this::report);
  }

  private void renew() {
    if (here.isEmpty()) {
      return;
    }
    Set<String> ours = Set.copyOf(here.keySet());
    inTurn(() -> sessions.renew(workspace(), bot, ours))
        .onSuccess(
            gone ->
                gone.stream()
                    .map(here::get)
                    .filter(Objects::nonNull)
                    .toList()
                    .forEach(session -> session.close(CloseCode.REPLACED)))
        .onFailure(this::report);
  }

  /** Writes what is waiting to the sessions that may have it; one pass at a time. */
  void deliver() {
    if (reading) {
      readAgain = true;
      return;
    }
    if (here.values().stream().noneMatch(BotSession::hasRoom)) {
      return;
    }
    reading = true;
    readAgain = false;
    here.values().forEach(BotSession::reads);
    store
        .sorted(keys.botFrames(bot), 0, WINDOW - 1)
        .compose(this::deliver)
        .onFailure(this::report)
        .onComplete(
            done -> {
              reading = false;
              if (readAgain) {
                deliver();
              }
            });
  }

  private Future<Void> deliver(List<Scored> rows) {
    List<BotCursor> cursors =
        rows.stream()
            .map(row -> BotCursor.ofMember(row.member()))
            .flatMap(Optional::stream)
            .toList();
    pins.onlyWaiting(cursors.stream().map(BotCursor::conversation).collect(Collectors.toSet()));
    Map<Conversation.Id, List<BotCursor>> waiting = new LinkedHashMap<>();
    cursors.stream()
        .filter(cursor -> here.values().stream().noneMatch(session -> session.holds(cursor)))
        .filter(cursor -> !pins.isElsewhere(cursor.conversation(), registry, now()))
        .forEach(
            cursor ->
                waiting
                    .computeIfAbsent(cursor.conversation(), id -> new ArrayList<>())
                    .add(cursor));
    readAgain |= waiting.size() > AT_ONCE;
    return Future.join(
            waiting.values().stream().limit(AT_ONCE).map(this::deliverConversation).toList())
        .mapEmpty();
  }

  private Future<Void> deliverConversation(List<BotCursor> cursors) {
    cursors.sort(Comparator.comparingInt(BotCursor::seq));
    long before = departures;
    return holder(cursors.get(0))
        .compose(
            session ->
                session.isPresent() && session.get().hasRoom()
                    ? fetch(cursors).map(found -> write(session.get(), found, before))
                    : Future.succeededFuture());
  }

  /** The session of this node that holds the conversation, or takes it now. */
  private Future<Optional<BotSession>> holder(BotCursor cursor) {
    String known = pins.holder(cursor.conversation());
    if (known != null) {
      return Future.succeededFuture(Optional.ofNullable(here.get(known)));
    }
    Optional<BotSession> least =
        here.values().stream()
            .filter(BotSession::hasRoom)
            .min(Comparator.comparingInt(BotSession::unacknowledged));
    return least.isEmpty()
        ? Future.succeededFuture(Optional.empty())
        : pins.take(cursor, least.get().id(), here.keySet(), registry, now())
            .map(holder -> holder.map(here::get));
  }

  private Future<Optional<Frames>> fetch(List<BotCursor> cursors) {
    Conversation.Id id = cursors.get(0).conversation();
    int first = cursors.get(0).seq();
    int last = cursors.get(cursors.size() - 1).seq();
    return Future.all(
            conversations.find(workspace(), id),
            conversations.messages(workspace(), id, first, last))
        .map(
            both -> {
              Snapshot snapshot = both.resultAt(0);
              List<Message> messages = both.resultAt(1);
              Set<Integer> wanted =
                  cursors.stream().map(BotCursor::seq).collect(Collectors.toSet());
              return snapshot == null || !Owner.bot(bot).equals(snapshot.conversation().owner())
                  ? Optional.empty()
                  : Optional.of(
                      new Frames(
                          snapshot,
                          messages.stream().filter(m -> wanted.contains(m.seq())).toList()));
            });
  }

  private Void write(BotSession session, Optional<Frames> found, long before) {
    if (departures != before) {
      // what a session that left meanwhile held was not looked at, and may come before these
      readAgain = true;
      return null;
    }
    found.ifPresent(
        frames -> {
          Conversation conversation = frames.snapshot().conversation();
          JsonObject shown =
              ConversationJson.of(
                  workspace().id(),
                  conversation,
                  frames.snapshot().version(),
                  store.clock(workspaces.get().id()).now());
          for (Message message : frames.messages()) {
            if (pins.isHeldBy(conversation.id(), session.id()) && session.hasRoom()) {
              BotCursor cursor = new BotCursor(conversation.id(), message.seq());
              session.tell(
                  cursor,
                  new JsonObject()
                      .put("type", "message")
                      .put("cursor", cursor.text())
                      .put("conversation", shown)
                      .put("epoch", conversation.epoch())
                      .put("message", ConversationJson.message(conversation.id(), message)));
            }
          }
        });
    return null;
  }

  private void checkOwned(Conversation.Id id) {
    store
        .hashGet(keys.botOwned(bot), id.value())
        .onSuccess(
            epoch -> {
              if (epoch == null) {
                release(id);
              }
            })
        .onFailure(this::report);
  }

  private void checkAllOwned() {
    if (pins.here().isEmpty()) {
      return;
    }
    Collection<Conversation.Id> held = new HashSet<>(pins.here());
    store
        .hashAll(keys.botOwned(bot))
        .onSuccess(
            owned ->
                held.stream().filter(id -> !owned.containsKey(id.value())).forEach(this::release))
        .onFailure(this::report);
  }

  private void release(Conversation.Id id) {
    String holder = pins.holder(id);
    if (holder == null) {
      return;
    }
    pins.remove(id, holder).onFailure(this::report);
    BotSession session = here.get(holder);
    if (session != null) {
      session.release(id);
    }
    deliver();
  }

  private long now() {
    return store.clock(workspaces.get().id()).now().toEpochMilli();
  }

  private void report(Throwable failure) {
    LOG.atWarn()
        .addKeyValue(LogKeys.WORKSPACE, workspace().id())
        .addKeyValue(LogKeys.BOT, bot)
        .addKeyValue(LogKeys.REASON, String.valueOf(failure.getMessage()))
        .log("Frames of a bot could not be read, they are read again in a second");
  }

  /** A conversation and those of its messages that are to be told. */
  private record Frames(Snapshot snapshot, List<Message> messages) {}
}
