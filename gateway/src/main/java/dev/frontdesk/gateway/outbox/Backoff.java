// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.outbox;

import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.connector.SendResult;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * When a message is sent again: exponential with full jitter ("Exponential Backoff And Jitter", AWS
 * Architecture Blog, 2015), never before the platform's own wish.
 */
final class Backoff {

  private final RandomGenerator random;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  /** The pause before attempt {@code attempt + 1}, or null when {@code attempt} was the last. */
  @Nullable Duration next(FrontdeskConfig.Outbox bounds, int attempt, SendResult result) {
    if (attempt >= bounds.maxAttempts()) {
      return null;
    }
    long cap =
        Math.min(
            bounds.maxRetry().toMillis(),
            bounds.firstRetry().toMillis() << Math.min(attempt - 1, 20));
    Duration jittered = Duration.ofMillis(cap / 2 + random.nextLong(cap / 2 + 1));
    if (result instanceof SendResult.Retry retry
        && retry.after() != null
        && retry.after().compareTo(jittered) > 0) {
      return retry.after().plusMillis(random.nextLong(1_000));
    }
    return jittered;
  }
}
