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
import java.util.concurrent.atomic.AtomicReference;
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
 * for silence only, and cannot be given up from outside. Interceptors are internal to Vert.x; a
 * client made of public ones alone is none that {@code WebClient.wrap} takes. {@code
 * CallDeadlineTest} fails if a newer Vert.x calls them in other phases. Thread-safe.
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
        if (call != null && !call.send(context.clientRequest())) {
          // ends as a failure, which resets the request that came too late
          context.fail(new TimeoutException("given up after " + millis + " ms"));
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
    Stage was = call.stage.getAndSet(Stage.ENDED);
    HttpClientRequest request = call.request;
    if (was == Stage.WAITS) {
      context.fail(
          new ConnectionPoolTooBusyException("no connection within " + waitMillis + " ms"));
    } else if (request != null) {
      request
          .reset(0, new TimeoutException("no answer within " + millis + " ms"))
          .onFailure(gone -> {});
    }
  }

  /** How far a call is. */
  private enum Stage {
    /** It has no connection yet: no byte of it left. */
    WAITS,
    /** It may have left. */
    SENT,
    /** Its time is over: what was not sent never is. */
    ENDED
  }

  /** One call, with the calls it is redirected to. */
  private static final class Call {
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.WAITS);

    /** What was sent last; the context forgets it once an answer begins. */
    private volatile @Nullable HttpClientRequest request;

    private volatile long timer = -1;

    /** False if its time is over: it must not be sent. */
    boolean send(HttpClientRequest next) {
      // before the stage, so that whoever reads SENT finds what to reset
      request = next;
      return stage.compareAndSet(Stage.WAITS, Stage.SENT) || stage.get() == Stage.SENT;
    }
  }
}
