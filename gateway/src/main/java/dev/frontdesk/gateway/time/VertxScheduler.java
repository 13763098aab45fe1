// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.time;

import io.vertx.core.Vertx;
import java.time.Duration;

/**
 * Waits by Vert.x timers: a task runs on the context it was asked from, after at least its delay.
 */
public final class VertxScheduler implements Scheduler {

  private final Vertx vertx;

  public VertxScheduler(Vertx vertx) {
    this.vertx = vertx;
  }

  @Override
  public Cancellable after(Duration delay, Runnable task) {
    long millis = Math.max(1, delay.plusNanos(999_999).toMillis()); // 0 is no Vert.x timer
    long timer = vertx.setTimer(millis, id -> task.run());
    return () -> vertx.cancelTimer(timer);
  }
}
