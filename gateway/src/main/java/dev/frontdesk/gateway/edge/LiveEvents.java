// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.conversation.Workspaces;
import dev.frontdesk.gateway.event.EventJson;
import dev.frontdesk.gateway.event.EventLog;
import dev.frontdesk.gateway.problem.GatewayException;
import dev.frontdesk.gateway.security.Principal;
import dev.frontdesk.gateway.store.Store;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /api/v1/events}: what happens, told to supervisors as server-sent events, and the
 * boards' figures each second in which they changed.
 *
 * <ol>
 *   <li>Every view sees every event after its place once, in order; one that fell too far behind,
 *       or whose store is another now, is told {@code resync-required} and ended.
 *   <li>All views at one place cost one read; the figures one reading of the boards a second and
 *       workspace, however many look.
 *   <li>A view ends within a second when its agent is disabled or no longer configured.
 * </ol>
 *
 * State is touched on the home context only.
 */
final class LiveEvents {

  private static final long TICK_MILLIS = 1_000;

  /** Wake-ups within this time make one look. */
  private static final long GATHER_MILLIS = 50;

  private static final int TICKS_PER_KEEPING = 60;
  private static final String RESYNC = "event: resync-required\ndata: {}\n\n";
  private static final Logger LOG = LoggerFactory.getLogger(LiveEvents.class);

  private final Vertx vertx;
  private final Context home;
  private final Store store;
  private final EventLog log;
  private final Workspaces workspaces;
  private final WaitingClients waiting;
  private final Function<Workspace, Future<JsonObject>> figures;
  private final Map<String, Room> rooms = new HashMap<>();
  private volatile boolean draining;

  /** {@code figures}: reads the boards of a workspace. */
  LiveEvents(
      Vertx vertx,
      Store store,
      Workspaces workspaces,
      WaitingClients waiting,
      Function<Workspace, Future<JsonObject>> figures) {
    this.vertx = vertx;
    this.home = vertx.getOrCreateContext();
    this.store = store;
    this.log = new EventLog(store);
    this.workspaces = workspaces;
    this.waiting = waiting;
    this.figures = figures;
  }

  /** Finds the place to begin at; what is answered then goes on until one side ends it. */
  Future<Answer> open(Call call) {
    call.onlyParameters("after");
    String after = call.idParameter("after");
    String cursor = after == null ? call.lastEventId() : after;
    if (draining) {
      throw new GatewayException(
          GatewayException.Kind.UNAVAILABLE, "draining", "this node stops; ask again");
    }
    Workspace workspace = call.workspace();
    waiting.enter(workspace.id());
    return log.open(workspace, cursor)
        .map(row -> Answer.streaming(request -> begin(workspace, call.principal(), request, row)))
        .onFailure(refused -> waiting.leave(workspace.id()));
  }

  private void begin(
      Workspace workspace, Principal principal, HttpServerRequest request, String row) {
    HttpServerResponse response = request.response();
    LiveLine line = new LiveLine(principal, request, vertx.getOrCreateContext(), row);
    if (response.closed()) {
      waiting.leave(workspace.id());
      return;
    }
    response.closeHandler(closed -> home.runOnContext(v -> left(workspace.id(), line)));
    response.setChunked(true).putHeader("content-type", "text/event-stream");
    home.runOnContext(
        v -> {
          Room room = rooms.computeIfAbsent(workspace.id(), Room::new);
          room.lines.add(line);
          line.tell(
              "retry: 2000\nid: " + log.cursor(workspace, row) + "\n\n", row, home, room::check);
          room.start();
          if (draining) {
            end(line, "");
          }
        });
  }

  private void left(String workspace, LiveLine line) {
    Room room = rooms.get(workspace);
    if (room != null && room.lines.remove(line)) {
      waiting.leave(workspace);
      room.stopWhenEmpty();
    }
  }

  private void end(LiveLine line, String block) {
    String workspace = line.principal().workspace();
    line.end(block, () -> home.runOnContext(v -> left(workspace, line)));
  }

  /** Ends the views of somebody who may no longer look. */
  void end(Principal principal) {
    home.runOnContext(
        v -> {
          Room room = rooms.get(principal.workspace());
          if (room != null) {
            room.lines.stream()
                .filter(line -> line.principal().equals(principal))
                .forEach(line -> end(line, ""));
          }
        });
  }

  /** Ends every view; those that come after are refused. */
  void drain() {
    draining = true;
    home.runOnContext(
        v -> rooms.values().forEach(room -> room.lines.forEach(line -> end(line, ""))));
  }

  /** The views of one workspace. */
  private final class Room {
    private final String id;
    private final Set<LiveLine> lines = new HashSet<>();
    private @Nullable Runnable unsubscribe;
    private long timer = -1;
    private boolean gathering;
    private boolean reading;
    private boolean again;
    private boolean counting;
    private int ticks;
    private @Nullable String figuresNow;

    Room(String id) {
      this.id = id;
    }

    void start() {
      if (unsubscribe == null) {
        unsubscribe = store.onWakeUp(id, topics -> home.runOnContext(v -> woken()));
        timer = vertx.setPeriodic(TICK_MILLIS, tick -> home.runOnContext(v -> tick()));
        count();
      } else if (figuresNow != null) {
        String known = figuresNow;
        lines.forEach(line -> line.figures(known, home, this::check));
      }
    }

    void stopWhenEmpty() {
      Runnable off = unsubscribe;
      if (lines.isEmpty() && off != null) {
        off.run();
        unsubscribe = null;
        figuresNow = null;
        vertx.cancelTimer(timer);
        rooms.remove(id, this);
      }
    }

    private void woken() {
      if (!gathering) {
        gathering = true;
        vertx.setTimer(
            GATHER_MILLIS,
            late ->
                home.runOnContext(
                    v -> {
                      gathering = false;
                      check();
                    }));
      }
    }

    private void tick() {
      Workspace workspace = workspaces.find(id);
      for (LiveLine line : List.copyOf(lines)) {
        if (workspace == null || !isKnown(workspace, line.principal())) {
          end(line, "");
        } else if (!line.tick(home)) {
          line.cut();
        }
      }
      if (workspace != null && !lines.isEmpty()) {
        if (++ticks % TICKS_PER_KEEPING == 0) {
          keep(workspace);
        }
        check();
        count();
      }
    }

    private void keep(Workspace workspace) {
      log.keep(workspace)
          .onSuccess(
              kept -> {
                if (!kept) {
                  List.copyOf(lines).forEach(line -> end(line, RESYNC));
                }
              })
          .onFailure(this::failed);
    }

    /** Reads what is new for each place where somebody is ready to be told. */
    void check() {
      Workspace workspace = workspaces.find(id);
      if (reading || workspace == null) {
        again = reading;
        return;
      }
      again = false;
      Map<String, List<LiveLine>> places =
          lines.stream()
              .filter(line -> !line.isBusy())
              .collect(Collectors.groupingBy(LiveLine::row));
      if (places.isEmpty()) {
        return;
      }
      reading = true;
      Future.join(
              places.entrySet().stream()
                  .map(place -> read(workspace, place.getKey(), place.getValue()))
                  .toList())
          .onComplete(done -> home.runOnContext(v -> read()));
    }

    private void read() {
      reading = false;
      if (again) {
        check();
      }
    }

    private Future<Void> read(Workspace workspace, String row, List<LiveLine> readers) {
      return log.read(workspace, row)
          .onComplete(
              done ->
                  home.runOnContext(
                      v -> {
                        if (done.succeeded()) {
                          tell(workspace, done.result(), readers);
                        } else if (isGone(done.cause())) {
                          readers.forEach(line -> end(line, RESYNC));
                        } else {
                          failed(done.cause());
                        }
                      }))
          .mapEmpty();
    }

    private void tell(Workspace workspace, EventLog.Page page, List<LiveLine> readers) {
      String block = blocks(workspace, page);
      Runnable next = page.more() ? this::check : () -> {};
      for (LiveLine line : readers) {
        if (lines.contains(line) && !line.isBusy()) {
          line.tell(block, page.row(), home, next);
        }
      }
    }

    private void count() {
      Workspace workspace = workspaces.find(id);
      if (counting || workspace == null) {
        return;
      }
      counting = true;
      figures
          .apply(workspace)
          .onComplete(
              done ->
                  home.runOnContext(
                      v -> {
                        counting = false;
                        if (done.succeeded()) {
                          String json = done.result().encode();
                          figuresNow = json;
                          lines.forEach(line -> line.figures(json, home, this::check));
                        } else {
                          failed(done.cause());
                        }
                      }));
    }

    private void failed(Throwable cause) {
      LOG.atDebug().setCause(cause).log("Live views wait for the store");
    }
  }

  private static boolean isGone(Throwable cause) {
    return cause instanceof GatewayException e && e.kind() == GatewayException.Kind.GONE;
  }

  private static boolean isKnown(Workspace workspace, Principal principal) {
    var agent = workspace.config().agents().get(principal.id());
    return agent != null && agent.role().equals(principal.role().label());
  }

  private static String blocks(Workspace workspace, EventLog.Page page) {
    StringBuilder block = new StringBuilder(page.entries().size() * 400);
    for (EventLog.Entry entry : page.entries()) {
      block
          .append("id: ")
          .append(entry.cursor())
          .append("\nevent: ")
          .append(entry.event().type())
          .append("\ndata: ")
          .append(EventJson.of(workspace.id(), entry.event()).encode())
          .append("\n\n");
    }
    return block.toString();
  }
}
