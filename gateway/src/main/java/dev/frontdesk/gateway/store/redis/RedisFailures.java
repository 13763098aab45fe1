// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import dev.frontdesk.gateway.store.StoreUnavailableException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisNoScriptException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** What failures of Lettuce mean to those who asked. Stateless, for any thread. */
final class RedisFailures {

  private RedisFailures() {}

  /** Whether the command may have run: not when the server refused it or it was never sent. */
  static StoreUnavailableException unavailable(Throwable thrown) {
    Throwable cause = unwrap(thrown);
    if (cause instanceof StoreUnavailableException known) {
      return known;
    }
    String message = String.valueOf(cause.getMessage());
    boolean refused =
        cause instanceof RedisCommandExecutionException
            || message.startsWith("Currently not connected")
            || message.startsWith("Request queue size exceeded")
            || message.startsWith("Internal stack size exceeded");
    String what = cause instanceof RedisCommandTimeoutException ? "no answer in time" : message;
    return new StoreUnavailableException("store: " + what, !refused, cause);
  }

  static Throwable unwrap(Throwable thrown) {
    return thrown instanceof CompletionException && thrown.getCause() != null
        ? thrown.getCause()
        : thrown;
  }

  static boolean isNoScript(Throwable thrown) {
    return unwrap(thrown) instanceof RedisNoScriptException;
  }

  static <T> CompletionStage<T> failed(Throwable cause) {
    return CompletableFuture.failedFuture(cause);
  }
}
