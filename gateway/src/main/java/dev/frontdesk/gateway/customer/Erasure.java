// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.customer;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * An erasure under way, as it is stored until its end.
 *
 * @param at what was opened later is a new acquaintance and stays
 * @param identities digests of those that are erased; whose they are is not kept
 * @param left digests of identities that were unlinked and may not know yet
 */
record Erasure(String customer, Instant at, List<String> identities, List<String> left) {

  /** Before a digest that is left; none begins with it, they are base64url of 16 characters. */
  private static final String LEFT = "left:";

  Erasure {
    identities = List.copyOf(identities);
    left = List.copyOf(left);
  }

  /** {@code 1763694245678 DIGEST DIGEST left:DIGEST}. */
  String encode() {
    StringBuilder text = new StringBuilder(Long.toString(at.toEpochMilli()));
    identities.forEach(one -> text.append(' ').append(one));
    left.forEach(one -> text.append(' ').append(LEFT).append(one));
    return text.toString();
  }

  static Erasure decode(String customer, String text) {
    List<String> identities = new ArrayList<>();
    List<String> left = new ArrayList<>();
    String[] parts = text.split(" ", -1);
    for (int i = 1; i < parts.length; i++) {
      if (parts[i].startsWith(LEFT)) {
        left.add(parts[i].substring(LEFT.length()));
      } else {
        identities.add(parts[i]);
      }
    }
    return new Erasure(customer, Instant.ofEpochMilli(Long.parseLong(parts[0])), identities, left);
  }
}
