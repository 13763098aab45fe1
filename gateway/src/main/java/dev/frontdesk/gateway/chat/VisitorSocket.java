// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.chat;

import dev.frontdesk.connector.webchat.WebchatConnector;
import dev.frontdesk.gateway.conversation.ConversationService;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.conversation.Workspaces;
import dev.frontdesk.gateway.edge.WaitingClients;
import dev.frontdesk.gateway.problem.Problem;
import dev.frontdesk.gateway.report.QueuePace;
import dev.frontdesk.gateway.socket.CloseCode;
import dev.frontdesk.gateway.socket.Line;
import dev.frontdesk.gateway.socket.OpenLines;
import dev.frontdesk.gateway.socket.SocketLimits;
import dev.frontdesk.gateway.socket.Upgrade;
import dev.frontdesk.gateway.store.Store;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The door of {@code WS /chat/{workspace}/{channel}}: which pages may connect is decided before the
 * upgrade, who the visitor is by the first frame. Thread-safe.
 */
public final class VisitorSocket {

  /** How often a conversation is read again, whatever wake-ups came. */
  private static final long REREAD_MILLIS = 5_000;

  private final Vertx vertx;
  private final Workspaces workspaces;
  private final BiFunction<String, String, @Nullable WebchatConnector> channels;
  private final Store store;
  private final VisitorIntake intake;
  private final ConversationService conversations;
  private final Typing typing;
  private final QueuePace pace;
  private final SocketLimits limits;
  private final OpenLines open;
  private final Map<String, Followers> followers = new ConcurrentHashMap<>();
  private final Map<Line, Place> seated = new ConcurrentHashMap<>();

  /**
   * A door.
   *
   * @param channels the connector of a webchat channel by workspace and channel, or null
   * @param waiting the bound of open sockets, theirs alone: no visitor needs a token
   */
  public VisitorSocket(
      Vertx vertx,
      Workspaces workspaces,
      BiFunction<String, String, @Nullable WebchatConnector> channels,
      Store store,
      VisitorIntake intake,
      ConversationService conversations,
      Typing typing,
      WaitingClients waiting,
      SocketLimits limits) {
    this.open = new OpenLines(waiting);
    this.vertx = vertx;
    this.workspaces = workspaces;
    this.channels = channels;
    this.store = store;
    this.intake = intake;
    this.conversations = conversations;
    this.typing = typing;
    this.pace = new QueuePace(store);
    this.limits = limits;
  }

  /**
   * Serves a route with the path parameters {@code workspace}, {@code channel}; no body handler.
   */
  public Handler<RoutingContext> handler() {
    return this::handle;
  }

  /** Takes no more sockets and closes all with 1001; visitors continue elsewhere. */
  public Future<Void> drain() {
    return open.drain();
  }

  /** Closes with 1001 the sockets of channels that a reload took away; call after each reload. */
  public void endRemoved() {
    seated.forEach(this::endIfRemoved);
  }

  private void endIfRemoved(Line line, Place place) {
    if (channels.apply(place.id(), place.channel()) == null) {
      line.close(CloseCode.GOING_AWAY).onFailure(lost -> {});
    }
  }

  private void handle(RoutingContext context) {
    String channel = context.pathParam("channel");
    Workspace workspace = workspaces.find(context.pathParam("workspace"));
    WebchatConnector connector = workspace == null ? null : channels.apply(workspace.id(), channel);
    if (workspace == null || connector == null) {
      Upgrade.refuse(context, Problem.of(404, "not-found", "there is no such webchat channel"));
    } else if (!connector.origins().admits(context.request().getHeader("Origin"))) {
      Upgrade.refuse(
          context, Problem.of(403, "origin", "pages of this origin may not connect here"));
    } else if (!Upgrade.isAskedFor(context.request())) {
      Upgrade.refuse(context, Upgrade.required());
    } else {
      Upgrade.accept(
          context, workspace.id(), open, limits, line -> seat(workspace, channel, connector, line));
    }
  }

  private void seat(Workspace workspace, String channel, WebchatConnector connector, Line line) {
    // a workspace that a reload took away stays as it was until its last socket is gone
    Supplier<Workspace> current =
        () -> {
          Workspace now = workspaces.find(workspace.id());
          return now == null ? workspace : now;
        };
    Place place = new Place(workspace.id(), current, channel, connector.passes());
    VisitorSession session =
        new VisitorSession(
            place,
            line,
            vertx.getOrCreateContext(),
            store,
            intake,
            conversations,
            followers.computeIfAbsent(workspace.id(), this::followers),
            typing,
            pace);
    long patience = vertx.setTimer(limits.firstFrame().toMillis(), id -> dismiss(session, line));
    long reread = vertx.setPeriodic(REREAD_MILLIS, id -> session.look());
    line.onDrain(session::look);
    line.open(
        session::receive,
        () -> {
          vertx.cancelTimer(patience);
          vertx.cancelTimer(reread);
          open.remove(line);
          seated.remove(line);
          session.end();
        });
    seated.put(line, place);
    endIfRemoved(line, place); // it may have been taken away during the upgrade
  }

  private static void dismiss(VisitorSession session, Line line) {
    if (!session.isKnown()) {
      line.close(CloseCode.UNAUTHORISED).onFailure(lost -> {});
    }
  }

  private Followers followers(String workspace) {
    Followers all = new Followers();
    store.onWakeUp(workspace, all::hear);
    return all;
  }
}
