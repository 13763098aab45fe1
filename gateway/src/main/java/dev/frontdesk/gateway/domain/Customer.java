// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The person behind a contact, as far as somebody besides the platform told.
 *
 * @param id of the customer the contact is linked to, or null: linked to none, a lookup told it
 * @param tier null: not told, the platform's counts
 */
public record Customer(
    @Nullable String id,
    @Nullable String name,
    @Nullable String tier,
    Map<String, String> attributes) {

  /** Characters of a name at most. */
  public static final int MAX_NAME = 256;

  /** Characters of a tier at most. */
  public static final int MAX_TIER = 64;

  /** Attributes at most; they are stored with each open conversation. */
  public static final int MAX_ATTRIBUTES = 16;

  /** Characters of an attribute's name at most. */
  public static final int MAX_ATTRIBUTE_NAME = 64;

  /** Characters of an attribute at most. */
  public static final int MAX_ATTRIBUTE = 256;

  public Customer {
    attributes = Map.copyOf(attributes);
  }

  /** What a closed conversation keeps: nobody tells it any more when a name changes or must go. */
  Customer ofThePast() {
    return name == null && attributes.isEmpty() ? this : new Customer(id, null, tier, Map.of());
  }

  /** The tier that counts: what was told of the customer, else what the platform said. */
  static @Nullable String tier(@Nullable Customer customer, @Nullable String platforms) {
    return customer == null || customer.tier() == null ? platforms : customer.tier();
  }

  /**
   * What is known of a contact that is linked and was looked up too: the link says who it is and
   * goes first in everything it tells.
   */
  public static @Nullable Customer of(@Nullable Customer linked, @Nullable Customer lookedUp) {
    if (linked == null || lookedUp == null) {
      return linked == null ? lookedUp : linked;
    }
    Map<String, String> attributes = new java.util.HashMap<>(lookedUp.attributes());
    attributes.putAll(linked.attributes());
    return new Customer(
        linked.id(),
        linked.name() == null ? lookedUp.name() : linked.name(),
        tier(linked, lookedUp.tier()),
        attributes);
  }
}
