// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import dev.frontdesk.gateway.domain.Effect;
import java.util.List;

/** What a durable commit returned, and the effects that became durable with it. */
record Committed<T>(T result, List<Effect> effects) {
  Committed {
    effects = List.copyOf(effects);
  }
}
