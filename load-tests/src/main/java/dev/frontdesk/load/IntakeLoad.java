// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Posts webhooks to one server. Closed loop ({@link #ceiling}): as many as it takes; open loop
 * ({@link #rate}): each at its planned time, latency measured from the plan (no coordinated
 * omission).
 */
public final class IntakeLoad {

  private final Vertx vertx;
  private final HttpClient http;
  private final URI target;
  private final @Nullable Ledger ledger;
  private final ConcurrentHistogram latency = new ConcurrentHistogram(60_000_000L, 3);
  private long accepted;
  private long refused;
  private long failed;
  private double asked;

  /**
   * A load on one server. All counting happens on one Vert.x context.
   *
   * @param ledger where outcomes are accounted, or null
   */
  public IntakeLoad(Vertx vertx, URI target, int connections, @Nullable Ledger ledger) {
    this.vertx = vertx;
    this.target = target;
    this.ledger = ledger;
    this.http =
        vertx
            .httpClientBuilder()
            .with(
                new HttpClientOptions()
                    .setKeepAlive(true)
                    .setDefaultHost(target.getHost())
                    .setDefaultPort(target.getPort())
                    .setConnectTimeout(2_000))
            .with(new PoolOptions().setHttp1MaxSize(connections).setMaxWaitQueueSize(100_000))
            // a connection that a killed gateway cut shows as the outcome of its request
            .withConnectHandler(connection -> connection.exceptionHandler(cut -> {}))
            .build();
  }

  /**
   * What a run measured; latencies in microseconds.
   *
   * @param perSecond accepted a second until the last answer
   * @param askedPerSecond sent a second in an open loop until the last was sent, which tells
   *     whether the generator kept to its plan whatever became of the answers; 0 in a closed loop
   */
  public record Measured(
      long accepted,
      long refused,
      long failed,
      double perSecond,
      double askedPerSecond,
      Histogram latency) {
    public double p99Millis() {
      return latency.getValueAtPercentile(99) / 1_000.0;
    }

    public double p50Millis() {
      return latency.getValueAtPercentile(50) / 1_000.0;
    }
  }

  /**
   * {@code workers} requests in flight at any moment for {@code time}. Call on a Vert.x context.
   */
  public Future<Measured> ceiling(
      int workers, Duration time, Supplier<WebhookRequests.Signed> requests) {
    reset();
    long end = System.nanoTime() + time.toNanos();
    long began = System.nanoTime();
    var all = new java.util.ArrayList<Future<Void>>();
    for (int i = 0; i < workers; i++) {
      all.add(worker(end, requests));
    }
    return Future.all(all).map(done -> measured(began));
  }

  private Future<Void> worker(long end, Supplier<WebhookRequests.Signed> requests) {
    Promise<Void> over = Promise.promise();
    step(end, requests, over);
    return over.future();
  }

  private void step(long end, Supplier<WebhookRequests.Signed> requests, Promise<Void> over) {
    if (System.nanoTime() >= end) {
      over.complete();
      return;
    }
    one(requests.get(), System.nanoTime()).onComplete(done -> step(end, requests, over));
  }

  /** {@code perSecond} requests planned evenly for {@code time}. */
  public Future<Measured> rate(
      double perSecond, Duration time, IntFunction<WebhookRequests.Signed> requests) {
    return paced(perSecond, time, (number, planned) -> requests.apply(number));
  }

  /** Makes a request when it is sent. */
  @FunctionalInterface
  public interface Paced {
    /** The request {@code number}, from 0, that was planned for {@code System.nanoTime}. */
    WebhookRequests.Signed at(int number, long plannedNanos);
  }

  /** The same for who has to know when each was planned. */
  public Future<Measured> paced(double perSecond, Duration time, Paced requests) {
    reset();
    long began = System.nanoTime();
    long count = (long) (perSecond * time.toNanos() / 1e9);
    Promise<Measured> over = Promise.promise();
    long[] state = new long[2];
    vertx.setPeriodic(
        1,
        timer -> {
          long elapsed = System.nanoTime() - began;
          long due = Math.min(count, (long) (elapsed / 1e9 * perSecond) + 1);
          while (state[0] < due) {
            long planned = began + (long) (state[0] / perSecond * 1e9);
            one(requests.at((int) state[0], planned), planned)
                .onComplete(
                    done -> {
                      if (++state[1] == count) {
                        over.complete(measured(began));
                      }
                    });
            state[0]++;
          }
          if (state[0] == count) {
            asked = count / ((System.nanoTime() - began) / 1e9);
            boolean cancelled = vertx.cancelTimer(timer);
            assert cancelled;
          }
        });
    return over.future();
  }

  /**
   * Each request at its planned time, in ms from now, ascending; not more than a timer per request.
   */
  public Future<Measured> planned(long[] atMillis, IntFunction<WebhookRequests.Signed> requests) {
    reset();
    long began = System.nanoTime();
    Promise<Measured> over = Promise.promise();
    int[] left = {atMillis.length};
    for (int i = 0; i < atMillis.length; i++) {
      int number = i;
      vertx.setTimer(
          Math.max(1, atMillis[i]),
          timer ->
              one(requests.apply(number), began + atMillis[number] * 1_000_000)
                  .onComplete(
                      done -> {
                        if (--left[0] == 0) {
                          over.complete(measured(began));
                        }
                      }));
    }
    return over.future();
  }

  /** Sends one; the future never fails. */
  public Future<Ledger.Outcome> one(WebhookRequests.Signed signed, long plannedNanos) {
    return status(signed)
        .map(status -> status / 100 == 2 ? Ledger.Outcome.ACCEPTED : Ledger.Outcome.REFUSED)
        .otherwise(Ledger.Outcome.UNKNOWN)
        .onSuccess(outcome -> count(signed.id(), outcome, plannedNanos));
  }

  /** Sends one and counts nothing; the status of the answer, failed when there is none. */
  public Future<Integer> status(WebhookRequests.Signed signed) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost(target.getHost())
            .setPort(target.getPort())
            .setURI(signed.path())
            .setIdleTimeout(5_000)
            .putHeader("content-type", "application/json")
            .putHeader("webhook-id", signed.id())
            .putHeader("webhook-timestamp", signed.timestamp())
            .putHeader("webhook-signature", signed.signature());
    return http.request(options)
        .compose(request -> request.send(signed.body()))
        .compose(response -> response.end().map(response.statusCode()));
  }

  private void count(String id, Ledger.Outcome outcome, long plannedNanos) {
    switch (outcome) {
      case ACCEPTED -> accepted++;
      case REFUSED -> refused++;
      case UNKNOWN -> failed++;
    }
    long micros = (System.nanoTime() - plannedNanos) / 1_000;
    latency.recordValue(Math.max(1, Math.min(59_999_999L, micros)));
    if (ledger != null) {
      ledger.sent(id, outcome);
    }
  }

  private void reset() {
    accepted = 0;
    refused = 0;
    failed = 0;
    asked = 0;
    latency.reset();
  }

  private Measured measured(long began) {
    double seconds = (System.nanoTime() - began) / 1e9;
    return new Measured(accepted, refused, failed, accepted / seconds, asked, latency.copy());
  }

  public Future<Void> close() {
    return http.close();
  }
}
