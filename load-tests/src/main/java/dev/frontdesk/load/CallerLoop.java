// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;

/** The event loop that a run makes its calls on, while its own thread waits for them. */
public final class CallerLoop implements AutoCloseable {

  /** More than the work itself takes: a machine may be busy. */
  private static final long SLACK_SECONDS = 30;

  private final Vertx vertx = Vertx.vertx();
  private final Context home = vertx.getOrCreateContext();

  /** For clients and timers. */
  public Vertx vertx() {
    return vertx;
  }

  /** What comes of work on the loop; waits {@code most} and half a minute. */
  public <T> T on(Supplier<Future<T>> work, Duration most) {
    Promise<T> over = Promise.promise();
    home.runOnContext(v -> work.get().onComplete(over));
    return CrashRun.await(over.future(), most.toSeconds() + SLACK_SECONDS);
  }

  /** Waits. */
  public void rest(Duration time) {
    Promise<Void> over = Promise.promise();
    vertx.setTimer(time.toMillis(), timer -> over.complete());
    CrashRun.await(over.future(), time.toSeconds() + 10);
  }

  @Override
  public void close() {
    CrashRun.await(vertx.close(), 10);
  }
}
