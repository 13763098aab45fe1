// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.wake;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.IntFunction;

/** Many calls over a network, so many at once. */
final class InTurn {

  private final int count;
  private final IntFunction<Future<Void>> call;
  private final Promise<Void> over = Promise.promise();
  private int next;
  private int done;

  private InTurn(int count, IntFunction<Future<Void>> call) {
    this.count = count;
    this.call = call;
  }

  /**
   * Makes call 0 to {@code count} - 1, {@code width} at a time; call on the context that the calls
   * complete on. Fails with the first that fails.
   */
  static Future<Void> all(int count, int width, IntFunction<Future<Void>> call) {
    InTurn turn = new InTurn(count, call);
    if (count == 0) {
      turn.over.complete();
    }
    for (int i = 0; i < Math.min(count, width); i++) {
      turn.step();
    }
    return turn.over.future();
  }

  private void step() {
    if (next >= count) {
      return;
    }
    call.apply(next++)
        .onFailure(over::tryFail)
        .onSuccess(
            one -> {
              if (++done == count) {
                over.tryComplete();
              } else {
                step();
              }
            });
  }
}
