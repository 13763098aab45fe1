// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.telemetry;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How late event loops are: each loop that is watched records how long past its time a periodic
 * task ran. What blocks a loop shows here long before Vert.x warns.
 */
public final class LoopLag {

  private static final long EVERY_MILLIS = 500;

  private final Vertx vertx;
  private final GatewayMetrics metrics;
  private final AtomicInteger loops = new AtomicInteger();

  public LoopLag(Vertx vertx, GatewayMetrics metrics) {
    this.vertx = vertx;
    this.metrics = metrics;
  }

  /** Watches the loop of the calling context, until the context ends. */
  public void watch() {
    Context context = vertx.getOrCreateContext();
    int loop = loops.getAndIncrement();
    context.runOnContext(go -> next(loop, System.nanoTime()));
  }

  private void next(int loop, long from) {
    vertx.setTimer(
        EVERY_MILLIS,
        fired -> {
          long now = System.nanoTime();
          long late = now - from - Duration.ofMillis(EVERY_MILLIS).toNanos();
          metrics.loopLag(loop, Duration.ofNanos(Math.max(0, late)));
          next(loop, now);
        });
  }
}
