// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.event;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What came of one attempt to send an event.
 *
 * @param accepted the endpoint answered 2xx
 * @param last there is no use in another attempt: the endpoint answered 410
 * @param reason for people, with no part of an address; empty when accepted
 * @param retryAfter the endpoint's wish, or null
 */
record Delivery(boolean accepted, boolean last, String reason, @Nullable Duration retryAfter) {

  static final Delivery ACCEPTED = new Delivery(true, false, "", null);

  static Delivery failed(String reason) {
    return new Delivery(false, false, reason, null);
  }
}
