// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.generator;

import dev.frontdesk.load.Ledger;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Makes platforms' calls to one gateway: closed-loop, as many as are answered, or open-loop, by a
 * plan. Every call is accounted in the ledger. Everything happens on the context it was made on.
 */
final class Sender {

  /**
   * Connections at once. More than webhooks that a gateway takes at once (2,000), so that it is the
   * gateway that sheds and not the generator that waits.
   */
  static final int CONNECTIONS = 4_096;

  /** Calls that may wait for a connection; more are not made, which counts as falling behind. */
  static final int WAITING = 8_192;

  /** As patient as the most impatient platform (WeChat). */
  static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);

  private static final int CONNECT_TIMEOUT_MILLIS = 3_000;

  /** Shorter than the gateway's, so that no call meets a connection that was just closed. */
  private static final int KEEP_ALIVE_SECONDS = 30;

  /** Calls made before answers are looked at again when the plan is ahead. */
  private static final int BURST = 256;

  private final Vertx vertx;
  private final Context home;
  private final HttpClient http;
  private final URI gateway;
  private final Ledger ledger;

  /**
   * How a call ended.
   *
   * @param status 0: no answer in time
   * @param retryAfter seconds, 0 when absent or not a number
   */
  record Answer(int status, int retryAfter) {
    boolean isAccepted() {
      return status / 100 == 2;
    }

    boolean isShed() {
      return status == 503 || status == 429;
    }

    Ledger.Outcome outcome() {
      return isAccepted()
          ? Ledger.Outcome.ACCEPTED
          : status == 0 ? Ledger.Outcome.UNKNOWN : Ledger.Outcome.REFUSED;
    }
  }

  /** An open-loop step under way: {@code sent} when the last call was made. */
  record Running(Future<Void> sent, Future<Void> answered) {}

  Sender(Vertx vertx, Context home, URI gateway, Ledger ledger) {
    this.vertx = vertx;
    this.home = home;
    this.gateway = gateway;
    this.ledger = ledger;
    this.http =
        vertx
            .httpClientBuilder()
            .with(
                new HttpClientOptions()
                    .setKeepAlive(true)
                    .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                    .setDefaultHost(gateway.getHost())
                    .setDefaultPort(gateway.getPort())
                    .setConnectTimeout(CONNECT_TIMEOUT_MILLIS))
            .with(new PoolOptions().setHttp1MaxSize(CONNECTIONS).setMaxWaitQueueSize(WAITING))
            .withConnectHandler(connection -> connection.exceptionHandler(cut -> {}))
            .build();
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
    send(calls.get(), connected -> {})
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
    send(call, connected -> {})
        .onSuccess(
            answer -> {
              if (answer.isAccepted()) {
                done.run();
              } else {
                vertx.setTimer(1_000, later -> untilAccepted(call, done));
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
    send(call, connected -> figures.sent(connected - began - plan))
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

  /** When a call has a connection. */
  private interface Connected {
    void at(long nanos);
  }

  /** Makes one call and accounts it; never fails. */
  private Future<Answer> send(Call call, Connected connected) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.valueOf(call.sample().method()))
            .setHost(gateway.getHost())
            .setPort(gateway.getPort())
            .setURI(call.path() + call.sample().path())
            .setIdleTimeout(ANSWER_TIMEOUT.toMillis())
            .setConnectTimeout(TimeUnit.SECONDS.toMillis(ANSWER_TIMEOUT.toSeconds()));
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    call.sample().headers().forEach(headers::set);
    options.setHeaders(headers);
    return http.request(options)
        .compose(
            request -> {
              connected.at(System.nanoTime());
              return request.send(call.sample().body());
            })
        .compose(response -> response.end().map(end -> answer(response)))
        .otherwise(new Answer(0, 0))
        .onSuccess(answer -> ledger.sent(call.stored(), answer.outcome()));
  }

  private static Answer answer(HttpClientResponse response) {
    String wait = response.getHeader("Retry-After");
    boolean number = wait != null && wait.matches("\\d{1,4}");
    return new Answer(response.statusCode(), number ? Integer.parseInt(wait) : 0);
  }

  Future<Void> close() {
    return http.close();
  }
}
