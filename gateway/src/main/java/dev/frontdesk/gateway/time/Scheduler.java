// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.time;

import java.time.Duration;

/** Runs something later: on Vert.x in the server, on virtual time in the simulation. */
public interface Scheduler {

  /** Runs {@code task} once after {@code delay}, on the caller's context; cancel by the result. */
  Cancellable after(Duration delay, Runnable task);

  /** A task that has not run yet. Cancelling twice, or too late, does nothing. */
  @FunctionalInterface
  interface Cancellable {
    void cancel();
  }
}
