// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.bot;

import dev.frontdesk.gateway.conversation.ConversationService;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.conversation.Workspaces;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.edge.WaitingClients;
import dev.frontdesk.gateway.security.Principal;
import dev.frontdesk.gateway.socket.CloseCode;
import dev.frontdesk.gateway.socket.Frames;
import dev.frontdesk.gateway.socket.Line;
import dev.frontdesk.gateway.socket.OpenLines;
import dev.frontdesk.gateway.socket.SocketLimits;
import dev.frontdesk.gateway.socket.Upgrade;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.telemetry.LogKeys;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door of {@code WS /bots/{workspace}/{bot}}: who is it, and which room is theirs.
 *
 * <pre>
 * upgrade ─▶ Bearer or first frame within 5 s ─▶ registered ─▶ frames both ways ─▶ ended
 *                    └─ else 4401
 * </pre>
 *
 * Thread-safe.
 */
public final class BotSocket {

  private static final Logger LOG = LoggerFactory.getLogger(BotSocket.class);

  private static final int SESSION_BYTES = 16;

  private final Vertx vertx;
  private final Workspaces workspaces;
  private final Store store;
  private final ConversationService conversations;
  private final BotSessions sessions;
  private final Function<String, Optional<Principal>> tokens;
  private final Consumer<Conversation.Id> typing;
  private final SocketLimits limits;
  private final OpenLines open;
  private final Map<Principal, Room> rooms = new ConcurrentHashMap<>();
  private final SecureRandom random = new SecureRandom();

  /**
   * A door.
   *
   * @param tokens whom a bearer token stands for, in constant time; asked again each second, so
   *     that a token that was taken away ends its sockets
   * @param typing told when a bot is writing
   * @param waiting the bound of open sockets, shared with the long-polls, never with visitors
   */
  public BotSocket(
      Vertx vertx,
      Workspaces workspaces,
      Store store,
      ConversationService conversations,
      BotSessions sessions,
      Function<String, Optional<Principal>> tokens,
      Consumer<Conversation.Id> typing,
      WaitingClients waiting,
      SocketLimits limits) {
    this.open = new OpenLines(waiting);
    this.vertx = vertx;
    this.workspaces = workspaces;
    this.store = store;
    this.conversations = conversations;
    this.sessions = sessions;
    this.tokens = tokens;
    this.typing = typing;
    this.limits = limits;
  }

  /** Serves a route with the path parameters {@code workspace} and {@code bot}; no body handler. */
  public Handler<RoutingContext> handler() {
    return this::handle;
  }

  /** Takes no more sockets and closes all with 1001; their conversations stay for the grace. */
  public Future<Void> drain() {
    return open.drain();
  }

  private void handle(RoutingContext context) {
    if (!Upgrade.isAskedFor(context.request())) {
      Upgrade.refuse(context, Upgrade.required());
      return;
    }
    String workspace = context.pathParam("workspace");
    Principal claimed = new Principal(workspace, Principal.Role.BOT, context.pathParam("bot"));
    String header = context.request().getHeader("Authorization");
    Upgrade.accept(context, workspace, open, limits, line -> new Guest(claimed, line).open(header));
  }

  private boolean isTokenOf(Principal claimed, String token) {
    return tokens.apply(token).filter(claimed::equals).isPresent();
  }

  private Room room(Principal bot, Workspace workspace) {
    return rooms.computeIfAbsent(bot, key -> new Room(workspace, bot));
  }

  private String newSession() {
    byte[] bytes = new byte[SESSION_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** A room that stays for the life of the door: there are as many as configured bots. */
  private final class Room {
    private final BotRoom inside;
    private final BotFrames frames;

    Room(Workspace workspace, Principal bot) {
      // a workspace that a reload took away stays as it was until its last socket is gone
      Supplier<Workspace> current =
          () -> Objects.requireNonNullElse(workspaces.find(workspace.id()), workspace);
      inside = new BotRoom(vertx, current, bot.id(), store, conversations, sessions);
      frames = new BotFrames(current, bot.id(), store, conversations, typing);
      store.onWakeUp(workspace.id(), inside::hear);
      vertx.setPeriodic(BotRoom.REREAD_MILLIS, id -> inside.tick());
    }
  }

  /** One socket on its way from stranger to session. Belongs to the socket's context. */
  private final class Guest {
    private final Principal claimed;
    private final Line line;
    private @Nullable Room room;
    private @Nullable BotSession session;
    private long patience = -1;

    Guest(Principal claimed, Line line) {
      this.claimed = claimed;
      this.line = line;
    }

    void open(@Nullable String header) {
      line.open(this::receive, this::end);
      if (header == null) {
        patience =
            vertx.setTimer(limits.firstFrame().toMillis(), id -> close(CloseCode.UNAUTHORISED));
      } else {
        admit(bearer(header));
      }
    }

    private Future<?> receive(String text) {
      BotSession known = session;
      Room where = room;
      if (known == null || where == null) {
        return authenticate(text);
      }
      Promise<Void> done = Promise.promise();
      where.inside.run(() -> receive(where, known, text).onComplete(done));
      return done.future();
    }

    private Future<Void> receive(Room where, BotSession known, String text) {
      boolean full = !known.hasRoom();
      return where
          .frames
          .receive(known, text)
          .onSuccess(
              done -> {
                if (full && known.hasRoom()) {
                  where.inside.deliver();
                }
              });
    }

    private Future<Void> authenticate(String text) {
      return Frames.dispatch(
              text,
              Map.of("auth", "token"),
              (field, frame) -> {
                admit(frame.only("type", field).text(field, 1_024));
                return Future.succeededFuture();
              })
          .onFailure(refused -> close(CloseCode.UNAUTHORISED));
    }

    private void admit(@Nullable String token) {
      vertx.cancelTimer(patience);
      Workspace workspace = workspaces.find(claimed.workspace());
      if (token == null
          || workspace == null
          || !workspace.config().bots().containsKey(claimed.id())
          || !isTokenOf(claimed, token)) {
        close(CloseCode.UNAUTHORISED);
        return;
      }
      Room where = room(claimed, workspace);
      BotSession fresh =
          new BotSession(
              newSession(), line, limits.unacknowledged(), () -> isTokenOf(claimed, token));
      room = where;
      session = fresh;
      line.onDrain(() -> where.inside.run(where.inside::deliver));
      where.inside.run(
          () ->
              where
                  .inside
                  .enter(fresh)
                  .onSuccess(entered -> entered(where, fresh))
                  .onFailure(failure -> close(CloseCode.OVERLOADED)));
    }

    private void entered(Room where, BotSession fresh) {
      LOG.atInfo()
          .addKeyValue(LogKeys.WORKSPACE, claimed.workspace())
          .addKeyValue(LogKeys.BOT, claimed.id())
          .log("A bot connected");
      if (!line.isOpen()) {
        leave(where, fresh);
      }
    }

    private void end() {
      vertx.cancelTimer(patience);
      open.remove(line);
      BotSession known = session;
      Room where = room;
      if (known != null && where != null) {
        where.inside.run(() -> leave(where, known));
      }
    }

    private void leave(Room where, BotSession known) {
      where
          .inside
          .leave(known)
          .onSuccess(
              gone ->
                  LOG.atInfo()
                      .addKeyValue(LogKeys.WORKSPACE, claimed.workspace())
                      .addKeyValue(LogKeys.BOT, claimed.id())
                      .log("A bot disconnected"))
          // its lease ends by itself, and the timer stands
          .onFailure(
              failure ->
                  LOG.atWarn()
                      .addKeyValue(LogKeys.BOT, claimed.id())
                      .log("A bot's session could not be taken off"));
    }

    private void close(CloseCode code) {
      line.close(code).onFailure(lost -> {});
    }
  }

  private static @Nullable String bearer(String header) {
    boolean known = header.toLowerCase(Locale.ROOT).startsWith("bearer ");
    return known ? header.substring("bearer ".length()).strip() : null;
  }
}
