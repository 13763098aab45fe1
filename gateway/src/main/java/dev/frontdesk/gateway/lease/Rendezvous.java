// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.lease;

import dev.frontdesk.gateway.domain.ContactKey;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/**
 * Spreads workspaces over nodes so that every node computes the same answer and a node that comes
 * or goes moves only its own share (highest random weight; Thaler and Ravishankar, 1998).
 */
final class Rendezvous {
  private Rendezvous() {}

  /** The node that should hold {@code workspace}; empty when there is none. */
  static Optional<String> preferred(String workspace, Collection<String> nodes) {
    return nodes.stream()
        .max(Comparator.comparing(node -> ContactKey.digestOf(node + '\n' + workspace)));
  }
}
