// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.customer;

import dev.frontdesk.config.CustomerSettings;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The order of tiers in a workspace. Pure. */
final class Tiers {
  private Tiers() {}

  /**
   * The highest of some tiers; one that is not in the configured order is lower than all that are.
   * Null where that does not say which: more than one of them, and no order.
   */
  static @Nullable String highest(@Nullable CustomerSettings settings, Collection<String> tiers) {
    List<String> order = settings == null ? List.of() : settings.tiers();
    for (int i = order.size() - 1; i >= 0; i--) {
      if (tiers.contains(order.get(i))) {
        return order.get(i);
      }
    }
    Set<String> distinct = new TreeSet<>(tiers);
    return distinct.size() == 1 ? distinct.iterator().next() : null;
  }
}
