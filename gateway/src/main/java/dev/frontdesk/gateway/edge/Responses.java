// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import dev.frontdesk.gateway.problem.Problem;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes answers. A request that is answered before it was received whole gets {@code Connection:
 * close} and nothing more of it is read.
 */
final class Responses {

  private static final Logger LOG = LoggerFactory.getLogger(Responses.class);

  /**
   * Time between a refusal and the end of its connection: closing at once, with bytes unread,
   * resets the connection and the client may never see the answer (RFC 9112 §9.6).
   */
  private static final long LINGER_MILLIS = 300;

  private final Vertx vertx;
  private final boolean secure;

  /** {@code secure}: clients come by https, and are told to stay with it. */
  Responses(Vertx vertx, boolean secure) {
    this.vertx = vertx;
    this.secure = secure;
  }

  /** Headers every answer carries: nothing is sniffed, cached, framed or run. */
  void secure(HttpServerResponse response) {
    response
        .putHeader("x-content-type-options", "nosniff")
        .putHeader("cache-control", "no-store")
        .putHeader("content-security-policy", "default-src 'none'; frame-ancestors 'none'")
        .putHeader("referrer-policy", "no-referrer");
    if (secure) {
      response.putHeader("strict-transport-security", "max-age=31536000");
    }
  }

  void problem(HttpServerRequest request, Problem problem) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed() || response.headWritten()) {
      return;
    }
    if (problem.retryAfterSeconds() > 0) {
      response.putHeader(HttpHeaders.RETRY_AFTER, Integer.toString(problem.retryAfterSeconds()));
    }
    if (problem.status() == 401) {
      response.putHeader("www-authenticate", "Bearer realm=\"frontdesk\"");
    }
    send(request, problem.status(), Problem.MEDIA_TYPE, problem.toJson().toBuffer());
  }

  void send(HttpServerRequest request, int status, String contentType, Buffer body) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response.setStatusCode(status);
    if (!contentType.isEmpty()) {
      response.putHeader(HttpHeaders.CONTENT_TYPE, contentType);
    }
    boolean whole = request.isEnded();
    if (!whole) {
      request.pause();
      response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    response
        .end(body)
        .onComplete(
            written -> {
              if (!whole) {
                closeLater(request);
              }
            })
        .onFailure(lost -> LOG.atDebug().log("A client left before its answer"));
  }

  /** Reads no more of this connection and ends it once its answer had time to arrive. */
  void closeLater(HttpServerRequest request) {
    request.pause();
    vertx.setTimer(LINGER_MILLIS, late -> close(request));
  }

  private static void close(HttpServerRequest request) {
    request
        .connection()
        .close()
        .onFailure(lost -> LOG.atDebug().log("A connection was closed already"));
  }
}
