// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.config.Secret;
import dev.frontdesk.gateway.security.Principal.Role;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TokensTest {

  private static Map<String, FrontdeskConfig.Workspace> config(Secret alice, Secret bot) {
    return Map.of(
        "acme",
        new FrontdeskConfig.Workspace(
            Map.of(),
            Map.of(),
            Map.of(),
            new FrontdeskConfig.Defaults("support", "normal"),
            List.of(),
            Map.of(),
            null,
            Map.of(),
            null,
            Map.of(
                "alice",
                new FrontdeskConfig.Agent(alice, "supervisor", List.of(), Map.of(), List.of(), 4)),
            Map.of(
                "faq",
                new FrontdeskConfig.Bot(
                    bot,
                    List.of(),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(5),
                    5,
                    Duration.ofSeconds(30))),
            null,
            null,
            null,
            Map.of(),
            null));
  }

  @Test
  void token_namesWorkspaceRoleAndId() {
    Tokens tokens = new Tokens(config(Secret.of("new", "old"), Secret.of("bot")));

    assertThat(tokens.find("new")).hasValue(new Principal("acme", Role.SUPERVISOR, "alice"));
    assertThat(tokens.find("old")).hasValue(new Principal("acme", Role.SUPERVISOR, "alice"));
    assertThat(tokens.find("bot")).hasValue(new Principal("acme", Role.BOT, "faq"));
    for (String unknown : List.of("", "NEW", "new ", "ne", "***", "x".repeat(100_000))) {
      assertThat(tokens.find(unknown)).as(unknown).isEmpty();
    }
  }

  @Test
  void reload_replacesAll() {
    Tokens tokens = new Tokens(config(Secret.of("new", "old"), Secret.of("bot")));

    tokens.replace(config(Secret.of("newest", "new"), Secret.of("bot2")));

    assertThat(tokens.find("newest")).isPresent();
    assertThat(tokens.find("new")).isPresent();
    assertThat(tokens.find("old")).isEmpty();
    assertThat(tokens.find("bot")).isEmpty();
  }
}
