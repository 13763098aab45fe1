// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import dev.frontdesk.gateway.problem.GatewayException;
import dev.frontdesk.gateway.store.CommitResult;
import dev.frontdesk.gateway.store.StoreClocks;
import dev.frontdesk.gateway.store.StoreUnavailableException;
import dev.frontdesk.gateway.telemetry.GatewayMetrics;
import dev.frontdesk.gateway.time.Scheduler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Repeats load → apply → commit until it is decided: at once after the first conflict, then after a
 * jittered pause, at most for the budget. An unknown outcome is looked up by loading again, never
 * taken for a failure.
 */
final class Attempts {

  /** How long one event may be tried; a platform's patience is 5 s and more. */
  static final Duration BUDGET = Duration.ofMillis(1_500);

  private static final int LONGEST_PAUSE_MILLIS = 40;

  private final StoreClocks clocks;
  private final Scheduler scheduler;
  private final RandomGenerator random;
  private final GatewayMetrics metrics;

  Attempts(
      StoreClocks clocks, Scheduler scheduler, RandomGenerator random, GatewayMetrics metrics) {
    this.clocks = clocks;
    this.scheduler = scheduler;
    this.random = random;
    this.metrics = metrics;
  }

  /** What an attempt says when it must be decided again; never leaves this package. */
  static final class Again extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Again(String reason) {
      super(reason, null, false, false);
    }
  }

  <T> Future<T> run(String workspace, Supplier<Future<T>> attempt) {
    return run(workspace, attempt, clocks.clock(workspace).now().plus(BUDGET), 0);
  }

  private <T> Future<T> run(
      String workspace, Supplier<Future<T>> attempt, Instant deadline, int tried) {
    Future<T> one;
    try {
      one = attempt.get();
    } catch (RuntimeException e) {
      one = Future.failedFuture(e);
    }
    return one.recover(
        failure -> {
          if (!isWorthAnother(failure)) {
            return Future.failedFuture(translated(failure));
          }
          metrics.commitConflict(workspace);
          if (!clocks.clock(workspace).now().isBefore(deadline)) {
            return Future.failedFuture(
                new GatewayException(
                    GatewayException.Kind.UNAVAILABLE,
                    "busy",
                    "not decided within " + BUDGET.toMillis() + " ms: " + failure.getMessage()));
          }
          return pause(tried).compose(v -> run(workspace, attempt, deadline, tried + 1));
        });
  }

  private Future<Void> pause(int tried) {
    if (tried == 0) {
      return Future.succeededFuture();
    }
    Promise<Void> over = Promise.promise();
    int bound = Math.min(LONGEST_PAUSE_MILLIS, 2 << Math.min(tried, 10));
    scheduler.after(Duration.ofMillis(1 + random.nextInt(bound)), over::complete);
    return over.future();
  }

  private static boolean isWorthAnother(Throwable failure) {
    return failure instanceof Again
        || (failure instanceof StoreUnavailableException store && store.outcomeUnknown());
  }

  private static Throwable translated(Throwable failure) {
    return failure instanceof StoreUnavailableException
        ? new GatewayException(
            GatewayException.Kind.UNAVAILABLE, "store-unavailable", "the store does not answer")
        : failure;
  }

  /** A commit that was not done: {@link Again}, or the problem the client gets. */
  static RuntimeException notDone(CommitResult result) {
    if (result instanceof CommitResult.Full) {
      return new GatewayException(
          GatewayException.Kind.UNAVAILABLE, "store-full", "the store is at its memory bound");
    }
    if (result instanceof CommitResult.Quarantined) {
      return new GatewayException(
          GatewayException.Kind.UNAVAILABLE,
          "quarantine",
          "the store is not the one this gateway knows; an operator must adopt it");
    }
    return new Again(result.toString());
  }
}
