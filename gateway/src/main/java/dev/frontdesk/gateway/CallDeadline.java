// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.impl.HttpContext;
import io.vertx.ext.web.client.impl.WebClientInternal;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Ends every call of an HTTP client, whatever the other side does.
 *
 * <ol>
 *   <li>Half of the time may pass in waiting for a connection. The call then fails with what says
 *       that no byte of it left, and none leaves later.
 *   <li>At the end a call that was sent is reset: its connection is closed and its place in the
 *       pool is free. An idle time-out would not do: an answer may come byte by byte.
 * </ol>
 *
 * <p>It is an interceptor because a request of {@link WebClient} has time-outs for a connection and
 * for silence only, and cannot be given up from outside. Thread-safe.
 */
final class CallDeadline implements Handler<HttpContext<?>> {

  private static final String CALL = CallDeadline.class.getName();

  private final Vertx vertx;
  private final long millis;
  private final long waitMillis;

  private CallDeadline(Vertx vertx, Duration total) {
    this.vertx = vertx;
    this.millis = Math.max(1, total.toMillis());
    this.waitMillis = waitOf(total);
  }

  /** The same client; each of its calls ends within {@code total}. */
  static WebClient within(Duration total, Vertx vertx, WebClient client) {
    return ((WebClientInternal) client).addInterceptor(new CallDeadline(vertx, total));
  }

  /** Longest wait for a connection, in milliseconds, of a call that may take {@code total}. */
  static long waitOf(Duration total) {
    return Math.max(1, total.toMillis() / 2);
  }

  @Override
  public void handle(HttpContext<?> context) {
    Call call = context.get(CALL);
    switch (context.phase()) {
      case CREATE_REQUEST -> {
        if (call == null) {
          begin(context);
        }
      }
      case SEND_REQUEST -> {
        if (call != null && !send(call, context.clientRequest())) {
          return;
        }
      }
      case DISPATCH_RESPONSE, FAILURE -> {
        if (call != null) {
          vertx.cancelTimer(call.timer);
        }
      }
      default -> {}
    }
    context.next();
  }

  private void begin(HttpContext<?> context) {
    RequestOptions options = context.requestOptions();
    long own = options.getConnectTimeout();
    options.setConnectTimeout(own > 0 ? Math.min(own, waitMillis) : waitMillis);
    Call call = new Call();
    context.set(CALL, call);
    call.timer = vertx.setTimer(millis, late -> end(context, call));
  }

  private void end(HttpContext<?> context, Call call) {
    if (call.waits.compareAndSet(true, false)) {
      context.fail(new ConnectionPoolTooBusyException("no connection within " + millis + " ms"));
    } else {
      reset(call.request, "no answer within " + millis + " ms");
    }
  }

  /** False: it was given up before its connection came, and is not sent. */
  private static boolean send(Call call, HttpClientRequest request) {
    boolean redirected = call.request != null;
    if (!redirected && !call.waits.compareAndSet(true, false)) {
      reset(request, "given up");
      return false;
    }
    call.request = request;
    return true;
  }

  private static void reset(@Nullable HttpClientRequest request, String why) {
    if (request != null) {
      request.reset(0, new TimeoutException(why)).onFailure(gone -> {});
    }
  }

  /** How far a call is. */
  private static final class Call {
    /** Whoever sets it to false decides: it is sent, or it never is. */
    final AtomicBoolean waits = new AtomicBoolean(true);

    /** What was sent last; the context forgets it once an answer begins. */
    volatile @Nullable HttpClientRequest request;

    volatile long timer = -1;
  }
}
