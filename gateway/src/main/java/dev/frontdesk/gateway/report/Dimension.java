// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.report;

import dev.frontdesk.gateway.problem.GatewayException;
import java.util.Locale;

/** What verdicts are counted by. */
public enum Dimension {
  AGENT,
  QUEUE,
  CHANNEL,
  PROMISE;

  /** As it stands in the API and in the store. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Reads {@link #label()}; MALFORMED otherwise. */
  public static Dimension of(String label) {
    for (Dimension dimension : values()) {
      if (dimension.label().equals(label)) {
        return dimension;
      }
    }
    throw new GatewayException(
        GatewayException.Kind.MALFORMED,
        "malformed",
        "by is '" + label + "', expected agent, queue, channel or promise");
  }
}
