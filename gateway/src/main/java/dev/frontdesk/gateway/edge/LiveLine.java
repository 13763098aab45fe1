// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import dev.frontdesk.gateway.security.Principal;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One live view being told. Written to only when what was written before has left, so a slow reader
 * never has more than one block waiting here. Used on the home context of {@link LiveEvents}; only
 * the bytes are handed to the connection's own.
 */
final class LiveLine {

  /** Ticks (seconds) a block may take to leave before the reader counts as gone. */
  static final int PATIENCE = 15;

  /** Ticks (seconds) between signs of life. */
  static final int HEARTBEAT = 15;

  private static final Logger LOG = LoggerFactory.getLogger(LiveLine.class);

  private final Principal principal;
  private final HttpServerRequest request;
  private final Context context;
  private String row;
  private @Nullable String figures;
  private boolean busy;
  private int busyTicks;
  private int quietTicks;

  /** {@code row}: the place it has seen. */
  LiveLine(Principal principal, HttpServerRequest request, Context context, String row) {
    this.principal = principal;
    this.request = request;
    this.context = context;
    this.row = row;
  }

  Principal principal() {
    return principal;
  }

  String row() {
    return row;
  }

  boolean isBusy() {
    return busy;
  }

  /** Writes a block and moves on to {@code next}; {@code written} runs on {@code home}. */
  void tell(String block, String next, Context home, Runnable written) {
    row = next;
    if (!block.isEmpty()) {
      write(block, home, written);
    }
  }

  /** Writes the figures unless these were the last ones it got. */
  void figures(String json, Context home, Runnable written) {
    if (!busy && !json.equals(figures)) {
      figures = json;
      write("event: figures\ndata: " + json + "\n\n", home, written);
    }
  }

  /** A second is over; false when this reader is too slow to be kept. */
  boolean tick(Context home) {
    if (busy) {
      return ++busyTicks < PATIENCE;
    }
    if (++quietTicks >= HEARTBEAT) {
      write(":\n\n", home, () -> {});
    }
    return true;
  }

  private void write(String block, Context home, Runnable written) {
    busy = true;
    busyTicks = 0;
    quietTicks = 0;
    context.runOnContext(
        v -> {
          HttpServerResponse response = request.response();
          Future<Void> gone =
              response.closed() || response.ended()
                  ? Future.failedFuture("closed")
                  : response.write(Buffer.buffer(block));
          gone.onComplete(
              done ->
                  home.runOnContext(
                      back -> {
                        if (done.succeeded()) {
                          busy = false;
                          written.run();
                        }
                      }));
        });
  }

  /** Says why, if there is a why, and ends the answer; {@code ended} runs somewhere. */
  void end(String block, Runnable ended) {
    context.runOnContext(
        v -> {
          HttpServerResponse response = request.response();
          if (response.closed() || response.ended()) {
            ended.run();
          } else {
            response
                .end(block)
                .onComplete(done -> ended.run())
                .onFailure(lost -> LOG.atDebug().log("A live view had left"));
          }
        });
  }

  /** Cuts the connection: what waits is not waited for. */
  void cut() {
    request
        .connection()
        .close()
        .onFailure(lost -> LOG.atDebug().log("A live view was closed already"));
  }
}
