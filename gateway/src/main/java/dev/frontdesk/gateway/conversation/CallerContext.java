// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

/** Brings a result back to the Vert.x context it was asked from. */
public final class CallerContext {

  private CallerContext() {}

  /**
   * A future that completes as {@code work} does, on the context of the caller of this method; on
   * the completing thread when the caller has none (simulation).
   */
  public static <T> Future<T> returning(Future<T> work) {
    Context caller = Vertx.currentContext();
    if (caller == null || work.isComplete()) {
      return work;
    }
    Promise<T> back = Promise.promise();
    work.onComplete(
        result -> {
          if (Vertx.currentContext() == caller) {
            back.handle(result);
          } else {
            caller.runOnContext(v -> back.handle(result));
          }
        });
    return back.future();
  }
}
