// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import io.lettuce.core.RedisCommandExecutionException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the store can be worked with, as one small write each second sees it: it answers, and it
 * takes what needs memory. Whoever is not answered for {@link #SILENCE} calls it silent; one lost
 * answer is not yet a silence. Thread-safe.
 */
final class StorePulse {

  private static final Logger LOG = LoggerFactory.getLogger(StorePulse.class);

  /** Two seconds' writes and the default {@code redis.timeout} of the first of them. */
  static final Duration SILENCE = Duration.ofSeconds(3);

  private final LongSupplier nanos;
  private final String shard;
  private volatile long answeredAt;
  private volatile @Nullable String refusal;
  private volatile boolean troubled;

  /**
   * A pulse that was just felt.
   *
   * @param nanos monotonic time
   * @param shard the master of a cluster it is the pulse of; empty: there is one server
   */
  StorePulse(LongSupplier nanos, String shard) {
    this.nanos = nanos;
    this.shard = shard;
    this.answeredAt = nanos.getAsLong();
  }

  /** The write was done. */
  void done() {
    answered(null);
  }

  /** The write failed: refused by the store, or without an answer. */
  void failed(Throwable failure) {
    if (failure.getCause() instanceof RedisCommandExecutionException refused) {
      String words = String.valueOf(refused.getMessage());
      String kind = words.substring(0, (words + " ").indexOf(' '));
      answered(
          kind.equals("OOM")
              ? "the store is full (maxmemory): new customer messages are refused"
              : "the store refuses writes (" + kind + ")");
    } else {
      told();
    }
  }

  private void answered(@Nullable String why) {
    refusal = why;
    answeredAt = nanos.getAsLong();
    told();
  }

  /** What keeps the store from being worked with now; empty while nothing does. */
  Optional<String> trouble() {
    long silent = nanos.getAsLong() - answeredAt;
    return silent > SILENCE.toNanos()
        ? Optional.of("the store has not answered for " + silent / 1_000_000_000 + " s")
        : Optional.ofNullable(refusal);
  }

  /** Logs a change once. */
  private void told() {
    Optional<String> now = trouble();
    if (now.isPresent() != troubled) {
      troubled = now.isPresent();
      if (now.isPresent()) {
        LOG.atWarn()
            .addKeyValue("reason", now.get())
            .addKeyValue("shard", shard)
            .log(shard.isEmpty() ? "Not ready for traffic" : "A master of the cluster is missing");
      } else {
        LOG.atInfo().log("The store answers and takes writes again");
      }
    }
  }
}
