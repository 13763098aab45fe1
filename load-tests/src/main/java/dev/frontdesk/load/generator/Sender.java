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
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Makes platforms' calls to one gateway on bounded connections. Every call is accounted in the
 * ledger. Called on one context.
 */
final class Sender {

  /**
   * Connections at once. More than webhooks that a gateway takes at once (2,000), so that it is the
   * gateway that sheds and not the generator that waits.
   */
  static final int CONNECTIONS = 4_096;

  /**
   * Connections that are open before a step at the ceiling or past it, where so many may be in use:
   * opening them meanwhile would make the generator late.
   */
  private static final int READY = 2_200;

  /** Calls that may wait for a connection; more are not made, which counts as falling behind. */
  static final int WAITING = 8_192;

  /** As patient as the most impatient platform (WeChat). */
  static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);

  private static final int CONNECT_TIMEOUT_MILLIS = 3_000;

  /** Shorter than the gateway's, so that no call meets a connection that was just closed. */
  private static final int KEEP_ALIVE_SECONDS = 30;

  private final Context home;
  private final HttpClient http;
  private final URI gateway;
  private final Ledger ledger;

  /**
   * How a call ended.
   *
   * @param status 0: no answer in time; {@link #UNMADE}: it got no connection of the generator's
   * @param retryAfter seconds, 0 when absent or not a number
   */
  record Answer(int status, int retryAfter) {

    /** The call was not made: all connections were in use for too long. */
    static final int UNMADE = -1;

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

  Sender(Vertx vertx, Context home, URI gateway, Ledger ledger) {
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

  /** Opens as many connections as calls so fast may need, with requests that nothing answers to. */
  Future<Void> connect(double perSecond) {
    Promise<Void> over = Promise.promise();
    RequestOptions nothing =
        new RequestOptions()
            .setHost(gateway.getHost())
            .setPort(gateway.getPort())
            .setURI("/webhooks/")
            .setIdleTimeout(ANSWER_TIMEOUT.toMillis());
    home.runOnContext(
        begin -> {
          List<Future<Void>> all = new ArrayList<>();
          for (int i = 0; i < Math.min(READY, perSecond); i++) {
            all.add(
                http.request(new RequestOptions(nothing))
                    .compose(HttpClientRequest::send)
                    .compose(HttpClientResponse::end));
          }
          Future.join(all).onComplete(tried -> over.complete());
        });
    return over.future();
  }

  /** Makes one call and accounts it; never fails. */
  Future<Answer> send(Call call) {
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
    boolean[] made = new boolean[1];
    return http.request(options)
        .compose(
            request -> {
              made[0] = true;
              return request.send(call.sample().body());
            })
        .compose(response -> response.end().map(end -> answer(response)))
        .otherwise(
            failure ->
                new Answer(made[0] || failure instanceof ConnectException ? 0 : Answer.UNMADE, 0))
        .onSuccess(answer -> account(call, answer));
  }

  /** What was not made may not be stored, so it is in no account. */
  private void account(Call call, Answer answer) {
    if (answer.status() != Answer.UNMADE) {
      ledger.sent(call.stored(), answer.outcome());
    }
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
