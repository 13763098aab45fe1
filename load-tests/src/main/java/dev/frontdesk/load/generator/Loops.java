// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.generator;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * When calls are made: closed-loop, as many as are answered, or open-loop, by a plan. Everything
 * happens on one context.
 */
final class Loops {

  /** Calls made before answers are looked at again when the plan is ahead. */
  private static final int BURST = 256;

  /** Rest of a call that was not accepted where it has to be, ms. */
  private static final long AGAIN_MILLIS = 1_000;

  private final Vertx vertx;
  private final Context home;
  private final Sender sender;

  /** An open-loop step under way: {@code sent} when the last call was made. */
  record Running(Future<Void> sent, Future<Void> answered) {}

  Loops(Vertx vertx, Context home, Sender sender) {
    this.vertx = vertx;
    this.home = home;
    this.sender = sender;
  }

  /** {@code callers} calls under way at any moment for some time; those accepted a second. */
  Future<Double> closed(int callers, Duration time, Supplier<Call> calls) {
    Promise<Double> over = Promise.promise();
    home.runOnContext(
        begin -> {
          long began = System.nanoTime();
          long[] accepted = new long[1];
          int[] left = {callers};
          for (int i = 0; i < callers; i++) {
            again(
                began + time.toNanos(),
                calls,
                accepted,
                () -> {
                  if (--left[0] == 0) {
                    over.complete(accepted[0] / ((System.nanoTime() - began) / 1e9));
                  }
                });
          }
        });
    return over.future();
  }

  private void again(long end, Supplier<Call> calls, long[] accepted, Runnable over) {
    if (System.nanoTime() - end >= 0) {
      over.run();
      return;
    }
    sender
        .send(calls.get())
        .onSuccess(
            answer -> {
              accepted[0] += answer.isAccepted() ? 1 : 0;
              again(end, calls, accepted, over);
            });
  }

  /** Makes so many calls, at most {@code callers} at once, each until it is accepted. */
  Future<Void> all(int count, int callers, Supplier<Call> calls) {
    Promise<Void> over = Promise.promise();
    home.runOnContext(
        begin -> {
          int[] left = {count};
          int[] working = {Math.min(count, callers)};
          int at = working[0];
          if (at == 0) {
            over.complete();
          }
          for (int i = 0; i < at; i++) {
            oneOf(
                left,
                calls,
                () -> {
                  if (--working[0] == 0) {
                    over.complete();
                  }
                });
          }
        });
    return over.future();
  }

  private void oneOf(int[] left, Supplier<Call> calls, Runnable over) {
    if (left[0] == 0) {
      over.run();
      return;
    }
    left[0]--;
    untilAccepted(calls.get(), () -> oneOf(left, calls, over));
  }

  private void untilAccepted(Call call, Runnable done) {
    sender
        .send(call)
        .onSuccess(
            answer -> {
              if (answer.isAccepted()) {
                done.run();
              } else {
                vertx.setTimer(AGAIN_MILLIS, later -> untilAccepted(call, done));
              }
            });
  }

  /** Makes the calls of a plan, each at its time. */
  Running open(StepFigures figures, Supplier<Call> calls) {
    Promise<Void> sent = Promise.promise();
    Promise<Void> answered = Promise.promise();
    home.runOnContext(
        begin -> {
          long began = System.nanoTime();
          long[] next = new long[1];
          vertx.setPeriodic(
              1,
              timer -> {
                long due = figures.plan().dueBy(System.nanoTime() - began);
                long until = Math.min(due, next[0] + BURST);
                while (next[0] < until) {
                  planned(figures, calls.get(), began, next[0]++, answered);
                }
                if (next[0] == figures.plan().count()) {
                  boolean cancelled = vertx.cancelTimer(timer);
                  assert cancelled;
                  sent.complete();
                }
              });
        });
    return new Running(sent.future(), answered.future());
  }

  private void planned(
      StepFigures figures, Call call, long began, long number, Promise<Void> answered) {
    long plan = figures.plan().at(number);
    figures.sent(System.nanoTime() - began - plan);
    sender
        .send(call)
        .onSuccess(
            answer -> {
              long now = System.nanoTime();
              figures.answered(plan, now - began - plan, answer);
              if (figures.isAnswered()) {
                figures.ended(now - began);
                answered.complete();
              }
            });
  }
}
