// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector;

import io.vertx.core.http.ConnectionPoolTooBusyException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** Says what a send that ended without an answer of the platform means. */
public final class TransportFailure {

  private static final int DEEPEST_CAUSE = 8;

  private TransportFailure() {}

  /**
   * {@link SendResult.Retry} if it is certain that no byte of the request left (no address, no
   * connection, no room in the pool), else {@link SendResult.Unknown}. The reason names the class
   * of the failure only: messages of the HTTP client may hold addresses with tokens.
   */
  public static SendResult classify(Throwable failure) {
    String reason = failure.getClass().getSimpleName();
    Throwable cause = failure;
    for (int i = 0; cause != null && i < DEEPEST_CAUSE; i++, cause = cause.getCause()) {
      if (waitedForUs(cause)) {
        return new SendResult.Retry("no connection was free: " + reason, null);
      }
      if (neverLeft(cause)) {
        return SendResult.Retry.unreached("not reached: " + reason);
      }
    }
    return new SendResult.Unknown("no answer: " + reason);
  }

  /** Vert.x has one class for all its time-outs; only the words tell which wait it was. */
  private static boolean isWaitForAConnection(@Nullable Throwable cause) {
    return cause instanceof TimeoutException
        && String.valueOf(cause.getMessage()).contains("when getting a connection to");
  }

  /** All our connections to the platform are busy; that says nothing of the platform. */
  private static boolean waitedForUs(@Nullable Throwable cause) {
    return cause instanceof ConnectionPoolTooBusyException || isWaitForAConnection(cause);
  }

  private static boolean neverLeft(@Nullable Throwable cause) {
    return cause instanceof ConnectException
        || cause instanceof UnknownHostException
        || cause instanceof NoRouteToHostException
        || cause instanceof SSLHandshakeException;
  }
}
