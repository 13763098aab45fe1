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

  private static final CharSequence CONTENT_TYPE_OPTIONS =
      HttpHeaders.createOptimized("x-content-type-options");
  private static final CharSequence NOSNIFF = HttpHeaders.createOptimized("nosniff");
  private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
  private static final CharSequence CONTENT_SECURITY_POLICY =
      HttpHeaders.createOptimized("content-security-policy");
  private static final CharSequence NOTHING_RUNS =
      HttpHeaders.createOptimized("default-src 'none'; frame-ancestors 'none'");
  private static final CharSequence REFERRER_POLICY =
      HttpHeaders.createOptimized("referrer-policy");
  private static final CharSequence NO_REFERRER = HttpHeaders.createOptimized("no-referrer");

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
        .putHeader(CONTENT_TYPE_OPTIONS, NOSNIFF)
        .putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE)
        .putHeader(CONTENT_SECURITY_POLICY, NOTHING_RUNS)
        .putHeader(REFERRER_POLICY, NO_REFERRER);
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
