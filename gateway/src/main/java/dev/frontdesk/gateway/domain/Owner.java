// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import java.util.Locale;

/** The one party that may answer a conversation now. */
public record Owner(Kind kind, String id) {
  public enum Kind {
    AGENT,
    BOT;

    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public static Owner agent(Agent.Id id) {
    return new Owner(Kind.AGENT, id.value());
  }

  public static Owner bot(String id) {
    return new Owner(Kind.BOT, id);
  }

  public boolean is(Agent.Id agent) {
    return kind == Kind.AGENT && id.equals(agent.value());
  }
}
