// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.outbox;

import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.connector.SendResult;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * When something is sent again: exponential with full jitter ("Exponential Backoff And Jitter", AWS
 * Architecture Blog, 2015), never before the receiver's own wish.
 */
public final class Backoff {

  private final RandomGenerator random;

  public Backoff(RandomGenerator random) {
    this.random = random;
  }

  /** The pause before attempt {@code attempt + 1}, or null when {@code attempt} was the last. */
  @Nullable Duration next(FrontdeskConfig.Outbox bounds, int attempt, SendResult result) {
    return attempt >= bounds.maxAttempts()
        ? null
        : pause(
            bounds.firstRetry(),
            bounds.maxRetry(),
            attempt,
            result instanceof SendResult.Retry retry ? retry.after() : null);
  }

  /**
   * The pause after attempt {@code attempt}, from 1.
   *
   * @param wish the receiver's own, or null
   */
  public Duration pause(Duration first, Duration longest, int attempt, @Nullable Duration wish) {
    long cap = Math.min(longest.toMillis(), first.toMillis() << Math.min(attempt - 1, 20));
    Duration jittered = Duration.ofMillis(cap / 2 + random.nextLong(cap / 2 + 1));
    return wish != null && wish.compareTo(jittered) > 0
        ? wish.plusMillis(random.nextLong(1_000))
        : jittered;
  }
}
