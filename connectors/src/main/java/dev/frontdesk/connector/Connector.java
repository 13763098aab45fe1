// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector;

import io.vertx.core.Future;
import java.time.Instant;

/**
 * The code for one platform, bound to one channel.
 *
 * <p>Guarantees the gateway gives:
 *
 * <ol>
 *   <li>{@link #verify} is called first, with the raw bytes; {@link #decode} only if it returned.
 *   <li>Both are called on an event loop, or on a worker when {@link #isHeavy} says so; several
 *       calls for one channel may run at once on different threads.
 *   <li>The platform gets a 2xx only after every event of {@link Decoded#events()} is durable.
 *   <li>Sends of one conversation come one at a time and in order; many conversations at once.
 *   <li>{@link #send} is called on an event loop and is given up a second after {@link
 *       ChannelContext#sendTimeout}; what is found unfinished then counts as {@link
 *       SendResult.Unknown}.
 *   <li>{@code now} is the store's time. {@link #close} is called once, after the last send.
 * </ol>
 *
 * <p>Guarantees a connector gives:
 *
 * <ol>
 *   <li>No state that matters: what it keeps (an access token) can be lost at any moment.
 *   <li>No clock, no Redis, no blocking call on the thread it is called on, no retries.
 *   <li>{@code verify} and {@code decode} throw nothing but {@link WebhookRejected}, whatever the
 *       bytes; {@code send} never throws and never fails its future: it classifies.
 *   <li>What has not left by {@link ChannelContext#sendTimeout} is a {@link SendResult.Retry} and
 *       never leaves. {@link ChannelContext#client} and {@link TransportFailure} see to it for
 *       HTTP.
 *   <li>An unknown kind becomes {@link MessageContent.Unsupported}, an unknown event is ignored;
 *       both are answered 2xx. One malformed part of a batch does not sink the others.
 *   <li>Neither a secret nor message text appears in a reason, a log or an exception.
 * </ol>
 */
public interface Connector {

  /** Returns only if the request is authentic. Compares in constant time. */
  void verify(WebhookRequest request, Instant now) throws WebhookRejected;

  /** What an authentic request contains. */
  Decoded decode(WebhookRequest request, Instant now) throws WebhookRejected;

  /** Hands one message to the platform. */
  Future<SendResult> send(OutboundMessage message, Instant now);

  /** The answer to the platform, for those whose protocol reports what was stored. */
  default WebhookAnswer answer(Decoded decoded, StoreOutcome outcome) {
    return decoded.answer();
  }

  /**
   * True if the platform deduplicates by {@link OutboundMessage#id()}: an unknown is sent again.
   */
  default boolean deduplicatesSends() {
    return false;
  }

  /** True if verifying and decoding this request may take longer than an event loop can spare. */
  default boolean isHeavy(WebhookRequest request) {
    return false;
  }

  /** Ends what the connector opened itself. */
  default Future<Void> close() {
    return Future.succeededFuture();
  }
}
