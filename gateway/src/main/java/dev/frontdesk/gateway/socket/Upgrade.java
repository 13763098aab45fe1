// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.socket;

import dev.frontdesk.gateway.edge.ErrorMapper;
import dev.frontdesk.gateway.problem.GatewayException;
import dev.frontdesk.gateway.problem.Problem;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The handshake: from a request to a {@link Line}, or to a problem before any 101. */
public final class Upgrade {

  private static final Logger LOG = LoggerFactory.getLogger(Upgrade.class);

  private Upgrade() {}

  /** Whether the client asks for a WebSocket at all. */
  public static boolean isAskedFor(HttpServerRequest request) {
    return "websocket".equalsIgnoreCase(request.getHeader("Upgrade"));
  }

  /** Answers the request instead of upgrading it. */
  public static void refuse(RoutingContext context, Problem problem) {
    if (problem.status() == 426) {
      context.response().putHeader("Upgrade", "websocket").putHeader("Connection", "Upgrade");
    }
    if (problem.retryAfterSeconds() > 0) {
      context.response().putHeader("Retry-After", Integer.toString(problem.retryAfterSeconds()));
    }
    context
        .response()
        .setStatusCode(problem.status())
        .putHeader("Content-Type", Problem.MEDIA_TYPE)
        .end(problem.toJson().encode())
        .onFailure(lost -> {});
  }

  /** What a plain request to a socket's address is told. */
  public static Problem required() {
    return Problem.of(426, "upgrade-required", "this address speaks WebSocket only");
  }

  /**
   * Upgrades, if one more fits; {@code seat} is called on the socket's context with a line that is
   * not open yet.
   */
  public static void accept(
      RoutingContext context,
      String workspace,
      OpenLines open,
      SocketLimits limits,
      Consumer<Line> seat) {
    try {
      open.enter(workspace);
    } catch (GatewayException full) {
      refuse(context, ErrorMapper.problem(full));
      return;
    }
    HttpServerRequest request = context.request();
    // Vert.x waits until the close frame is written, which a peer that reads nothing prevents
    Channel channel =
        ((HttpServerConnection) request.connection()).channelHandlerContext().channel();
    request
        .toWebSocket()
        .map(socket -> new Line(context.vertx(), socket, () -> cut(channel), limits))
        .onSuccess(
            line -> {
              open.add(workspace, line);
              seat.accept(line);
            })
        .onFailure(
            refused -> {
              open.giveUp(workspace);
              LOG.atDebug().setCause(refused).log("A socket did not complete its upgrade");
            });
  }

  private static void cut(Channel channel) {
    // from the first handler on: the last one is Vert.x's, which would wait for its close frame
    ChannelHandlerContext first = channel.pipeline().firstContext();
    if (first == null) {
      return; // the peer was faster: its connection is over and the pipeline taken down
    }
    first
        .close()
        .addListener(
            closed -> {
              if (!closed.isSuccess()) {
                LOG.atDebug().setCause(closed.cause()).log("A socket was already gone");
              }
            });
  }
}
