// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.wake;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Calls that set a run up, repeated while the gateway refuses them for now: one that has just
 * started, on a disk that is busy with what was before, sheds as it should.
 */
final class Patience {

  private static final int TIMES = 50;
  private static final long REST_MILLIS = 200;

  private Patience() {}

  /**
   * The first answer that is {@code enough}, or the last of {@value #TIMES}, {@value #REST_MILLIS}
   * ms apart; fails with the first call that fails.
   */
  static <T> Future<T> until(Vertx vertx, Supplier<Future<T>> call, Predicate<T> enough) {
    Promise<T> over = Promise.promise();
    again(vertx, call, enough, TIMES, over);
    return over.future();
  }

  private static <T> void again(
      Vertx vertx, Supplier<Future<T>> call, Predicate<T> enough, int left, Promise<T> over) {
    call.get()
        .onFailure(over::fail)
        .onSuccess(
            answer -> {
              if (left <= 1 || enough.test(answer)) {
                over.complete(answer);
              } else {
                vertx.setTimer(REST_MILLIS, timer -> again(vertx, call, enough, left - 1, over));
              }
            });
  }
}
