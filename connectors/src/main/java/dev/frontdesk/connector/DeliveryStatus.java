// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector;

import java.util.Locale;

/**
 * How far an outbound message got. The order of the constants is the order of progress: a later
 * report never moves a message back ({@code delivered} after {@code read} changes nothing).
 */
public enum DeliveryStatus {
  PENDING,
  SENDING,
  UNKNOWN,
  ACCEPTED,
  FAILED,
  DELIVERED,
  READ;

  /** The contract's word: {@code pending}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
