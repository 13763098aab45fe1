// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector;

import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How a platform answered a send; connectors classify, the outbox decides what follows. */
public sealed interface SendResult {

  /** The platform took the message; {@code externalId} is its name for it, when it gave one. */
  record Accepted(@Nullable String externalId) implements SendResult {}

  /**
   * Not now: quota, overload, a 5xx before anything was taken, or nobody there.
   *
   * @param after the platform's wish
   * @param reached false: the platform was asked and said nothing, no byte of the message left;
   *     what waited for a place of our own is not that
   */
  record Retry(String reason, @Nullable Duration after, boolean reached) implements SendResult {

    /** By the word of the platform. */
    public Retry(String reason, @Nullable Duration after) {
      this(reason, after, true);
    }

    /** Nobody answered before the message could leave: no address, no connection, no greeting. */
    public static Retry unreached(String reason) {
      return new Retry(reason, null, false);
    }
  }

  /** Never: repeating cannot help. {@code code} is the platform's, {@code reason} readable. */
  record Rejected(Cause cause, String code, String reason) implements SendResult {}

  /**
   * Nobody knows: the connection ended after the request left. Repeated only if {@link
   * Connector#deduplicatesSends()}.
   */
  record Unknown(String reason) implements SendResult {}

  /** Why a message can never arrive. */
  enum Cause {
    /** Bad or unreachable address, opted out, blocked us. */
    RECIPIENT,
    /** The platform refuses this content. */
    CONTENT,
    /** The time or number the platform allows is used up until the customer writes again. */
    WINDOW,
    /** Our credentials or permissions: an operator must act. */
    CREDENTIALS,
    OTHER
  }

  default <R> R fold(
      Function<? super Accepted, ? extends R> accepted,
      Function<? super Retry, ? extends R> retry,
      Function<? super Rejected, ? extends R> rejected,
      Function<? super Unknown, ? extends R> unknown) {
    if (this instanceof Accepted a) {
      return accepted.apply(a);
    }
    if (this instanceof Retry r) {
      return retry.apply(r);
    }
    return this instanceof Rejected r ? rejected.apply(r) : unknown.apply((Unknown) this);
  }
}
