// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import io.vertx.core.Future;

/** The result of a future of the store in memory: it is complete when it is returned. */
final class Now {
  private Now() {}

  static <T> T of(Future<T> done) {
    if (!done.succeeded()) {
      throw new AssertionError("the store did not answer", done.cause());
    }
    return done.result();
  }
}
