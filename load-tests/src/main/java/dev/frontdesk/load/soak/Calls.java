// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.soak;

import dev.frontdesk.gateway.client.ApiClient;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The API of several gateways as one: a call that gets no answer, or 429 or 5xx, is made again, at
 * the next address, for a minute. Blocking; thread-safe.
 */
final class Calls {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final Supplier<List<URI>> gateways;

  Calls(Supplier<List<URI>> gateways) {
    this.gateways = gateways;
  }

  /** A client of one gateway only. */
  ApiClient at(URI gateway, String token) {
    return new ApiClient(http, gateway, token);
  }

  /**
   * The first answer that is one.
   *
   * @param first which of the addresses is asked first
   * @throws IllegalStateException when there was none for a minute
   */
  ApiClient.Answer ask(String token, int first, Function<ApiClient, ApiClient.Answer> question) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    for (int tried = first; ; tried++) {
      List<URI> known = gateways.get();
      try {
        ApiClient.Answer answer = question.apply(at(known.get(tried % known.size()), token));
        if (answer.status() < 500 && answer.status() != 429) {
          return answer;
        }
      } catch (UncheckedIOException noAnswer) {
        // the other one is asked next
      }
      if (System.nanoTime() > end) {
        throw new IllegalStateException("no answer of the API for a minute");
      }
      LockSupport.parkNanos(REST_NANOS);
    }
  }
}
