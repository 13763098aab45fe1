// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.customer;

import java.time.Instant;
import java.util.List;

/**
 * An erasure under way, as it is stored until its end.
 *
 * @param at what was opened later is a new acquaintance and stays
 * @param identities digests; whose they are is not kept
 */
record Erasure(String customer, Instant at, List<String> identities) {
  Erasure {
    identities = List.copyOf(identities);
  }

  /** {@code 1763694245678 DIGEST DIGEST}. */
  String encode() {
    return at.toEpochMilli() + " " + String.join(" ", identities);
  }

  static Erasure decode(String customer, String text) {
    String[] parts = text.strip().split(" ", -1);
    return new Erasure(
        customer,
        Instant.ofEpochMilli(Long.parseLong(parts[0])),
        List.of(parts).subList(1, parts.length));
  }
}
