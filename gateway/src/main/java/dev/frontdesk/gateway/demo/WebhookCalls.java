// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.demo;

import dev.frontdesk.connector.sandbox.InboundSample;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Makes the platforms' calls as platforms do: again when refused for now or not answered, and one
 * or two of a hundred twice although the first was accepted.
 */
final class WebhookCalls {

  private static final int ATTEMPTS = 6;
  private static final long AGAIN_MILLIS = 500;
  private static final double REPEATED = 0.015;
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final HttpClient http;
  private final URI gateway;
  private final DemoBook book;
  private final ScheduledExecutorService scheduler;
  private final RandomGenerator random;

  /**
   * Calls to one gateway.
   *
   * @param scheduler one thread; {@code random} is used on it only
   */
  WebhookCalls(
      HttpClient http,
      URI gateway,
      DemoBook book,
      ScheduledExecutorService scheduler,
      RandomGenerator random) {
    this.http = http;
    this.gateway = gateway;
    this.book = book;
    this.scheduler = scheduler;
    this.random = random;
  }

  /** Address of a channel's webhook. */
  static String address(URI gateway, String channel) {
    return gateway.resolve("/webhooks/" + DemoSettings.WORKSPACE + "/" + channel).toString();
  }

  /**
   * Makes a call.
   *
   * @param id of the message in it as the gateway stores it, or null when it holds none
   */
  void make(String channel, InboundSample sample, @Nullable String id) {
    attempt(new Attempt(channel, sample, id, 1));
  }

  private record Attempt(String channel, InboundSample sample, @Nullable String id, int number) {
    Attempt next() {
      return new Attempt(channel, sample, id, number + 1);
    }
  }

  private void attempt(Attempt attempt) {
    HttpRequest request = request(attempt);
    var unused =
        http.sendAsync(request, HttpResponse.BodyHandlers.discarding())
            .handleAsync(
                (response, failure) -> {
                  settle(attempt, failure == null ? response.statusCode() : 0);
                  return null;
                },
                scheduler);
  }

  private void settle(Attempt attempt, int status) {
    String id = attempt.id();
    if (status / 100 == 2) {
      accepted(attempt);
    } else if (attempt.number() < ATTEMPTS && !scheduler.isShutdown()) {
      book.refused();
      var unused =
          scheduler.schedule(() -> attempt(attempt.next()), AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    } else if (id != null) {
      book.doubtful(attempt.channel(), id);
    }
  }

  private void accepted(Attempt attempt) {
    String id = attempt.id();
    if (id == null) {
      return;
    }
    book.accepted(attempt.channel(), id);
    if (random.nextDouble() < REPEATED && !scheduler.isShutdown()) {
      book.repeated();
      Attempt again = new Attempt(attempt.channel(), attempt.sample(), null, 1);
      var unused = scheduler.schedule(() -> attempt(again), 200, TimeUnit.MILLISECONDS);
    }
  }

  private HttpRequest request(Attempt attempt) {
    InboundSample sample = attempt.sample();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address(gateway, attempt.channel()) + sample.path()))
            .timeout(TIMEOUT)
            .method(
                sample.method(), HttpRequest.BodyPublishers.ofByteArray(sample.body().getBytes()));
    sample.headers().forEach(request::header);
    return request.build();
  }
}
