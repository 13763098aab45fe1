// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.security;

import java.util.Locale;

/** Whoever a token stands for: one workspace, one role, one id. */
public record Principal(String workspace, Role role, String id) {
  public enum Role {
    AGENT,
    SUPERVISOR,
    OPERATOR,
    BOT;

    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
