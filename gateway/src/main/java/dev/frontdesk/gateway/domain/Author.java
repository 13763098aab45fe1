// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Who wrote a message. */
public record Author(Kind kind, String id, @Nullable String name) {

  public enum Kind {
    CUSTOMER,
    AGENT,
    BOT,
    SYSTEM;

    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The gateway itself. */
  public static final Author SYSTEM = new Author(Kind.SYSTEM, "system", null);

  public static Author agent(Agent.Id id) {
    return new Author(Kind.AGENT, id.value(), null);
  }

  public static Author bot(String id) {
    return new Author(Kind.BOT, id, null);
  }
}
