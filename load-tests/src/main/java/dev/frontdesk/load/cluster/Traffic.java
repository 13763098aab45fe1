// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.cluster;

import dev.frontdesk.load.Ledger;
import dev.frontdesk.load.WebhookRequests;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Platforms that post to several workspaces through several gateways: what is not answered 2xx is
 * posted again, to the next gateway, until it is. Counts what clients see. Everything happens on
 * one Vert.x context.
 */
final class Traffic {

  private static final int SENDERS_OF_EACH = 6;
  private static final int CONTACTS = 50;

  private final Vertx vertx;
  private final Context home;
  private final HttpClient http;
  private final Random random;
  private final Ledger ledger;
  private final String phase;
  private final Map<String, WebhookRequests> requests = new HashMap<>();
  private final Map<String, Long> acceptedAt = new HashMap<>();
  private final Map<String, Long> longestGap = new HashMap<>();
  private final List<Future<Void>> senders = new ArrayList<>();
  private volatile List<URI> gateways;
  private volatile boolean sending = true;
  private int sequence;
  private long refused;
  private long bare;
  private long wrong;
  private long unknown;

  /**
   * Traffic of one phase of a run.
   *
   * @param phase begins the ids, so that each phase has a ledger of its own
   */
  Traffic(Vertx vertx, Random random, String phase, List<URI> gateways, Ledger ledger) {
    this.vertx = vertx;
    this.home = vertx.getOrCreateContext();
    this.random = random;
    this.phase = phase;
    this.gateways = gateways;
    this.ledger = ledger;
    this.http =
        vertx
            .httpClientBuilder()
            .with(new HttpClientOptions().setKeepAlive(true).setConnectTimeout(2_000))
            .with(new PoolOptions().setHttp1MaxSize(200).setMaxWaitQueueSize(100_000))
            .withConnectHandler(connection -> connection.exceptionHandler(cut -> {}))
            .build();
  }

  /**
   * What clients saw.
   *
   * @param refused answers 503 that say when to come back
   * @param bare answers 503 that do not
   * @param wrong answers that are neither 2xx nor 503
   * @param unknown no answer: connection refused or lost, or 5 s
   * @param longestGap of each workspace, between two messages accepted, ms
   */
  record Seen(long refused, long bare, long wrong, long unknown, Map<String, Long> longestGap) {

    double worstSeconds() {
      return longestGap.values().stream().mapToLong(gap -> gap).max().orElse(0) / 1_000.0;
    }
  }

  /** Begins to post to these workspaces. */
  void start(List<String> workspaces) {
    for (String workspace : workspaces) {
      requests.put(
          workspace, new WebhookRequests(workspace, DeskConfig.CHANNEL, DeskConfig.SECRET));
      acceptedAt.put(workspace, System.nanoTime());
      longestGap.put(workspace, 0L);
      for (int n = 0; n < SENDERS_OF_EACH; n++) {
        Promise<Void> over = Promise.promise();
        home.runOnContext(v -> next(workspace, over));
        senders.add(over.future());
      }
    }
  }

  /** Where the next ones go. */
  void through(List<URI> now) {
    gateways = now;
  }

  /** Ends when every message is answered 2xx. */
  Future<Seen> stop() {
    sending = false;
    return Future.all(senders)
        .compose(over -> http.close())
        .map(closed -> new Seen(refused, bare, wrong, unknown, Map.copyOf(longestGap)));
  }

  private void next(String workspace, Promise<Void> over) {
    if (!sending) {
      over.complete();
      return;
    }
    int number = ++sequence;
    deliver(workspace, phase + number, number, 0)
        .compose(accepted -> rest(1 + random.nextInt(8)))
        .onComplete(rested -> next(workspace, over));
  }

  private Future<Void> deliver(String workspace, String id, int number, int tried) {
    List<URI> known = gateways;
    return post(workspace, id, number, known.get((number + tried) % known.size()))
        .compose(
            outcome -> {
              ledger.sent(id, outcome);
              if (outcome == Ledger.Outcome.ACCEPTED) {
                accepted(workspace);
                return Future.succeededFuture();
              }
              return rest(50 + random.nextInt(150))
                  .compose(rested -> deliver(workspace, id, number, tried + 1));
            });
  }

  private void accepted(String workspace) {
    long now = System.nanoTime();
    Long before = acceptedAt.put(workspace, now);
    longestGap.merge(workspace, (now - (before == null ? now : before)) / 1_000_000, Math::max);
  }

  private Future<Ledger.Outcome> post(String workspace, String id, int number, URI gateway) {
    WebhookRequests make = requests.get(workspace);
    if (make == null) {
      return Future.failedFuture(new IllegalStateException(workspace));
    }
    WebhookRequests.Signed signed =
        make.message(
            id,
            "c" + number % CONTACTS,
            "where is " + id,
            Clock.systemUTC().instant().getEpochSecond());
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost(gateway.getHost())
            .setPort(gateway.getPort())
            .setURI(signed.path())
            .setIdleTimeout(5_000)
            .putHeader("content-type", "application/json")
            .putHeader("webhook-id", signed.id())
            .putHeader("webhook-timestamp", signed.timestamp())
            .putHeader("webhook-signature", signed.signature());
    return http.request(options)
        .compose(request -> request.send(signed.body()))
        .compose(response -> response.end().map(response))
        .map(this::outcome)
        .recover(
            lost -> {
              unknown++;
              return Future.succeededFuture(Ledger.Outcome.UNKNOWN);
            });
  }

  private Ledger.Outcome outcome(HttpClientResponse response) {
    if (response.statusCode() / 100 == 2) {
      return Ledger.Outcome.ACCEPTED;
    }
    if (response.statusCode() != 503) {
      wrong++;
    } else if (response.getHeader("retry-after") == null) {
      bare++;
    } else {
      refused++;
    }
    return Ledger.Outcome.REFUSED;
  }

  private Future<Void> rest(long millis) {
    Promise<Void> over = Promise.promise();
    vertx.setTimer(millis, timer -> over.complete());
    return over.future();
  }
}
