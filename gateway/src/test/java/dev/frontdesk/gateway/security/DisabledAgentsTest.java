// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.config.Secret;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.routing.Fifo;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.memory.InMemoryStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DisabledAgentsTest {

  private static final Agent.Id ALICE = new Agent.Id("alice");

  private final InMemoryStore store =
      new InMemoryStore(() -> Instant.parse("2026-11-21T03:04:05Z"));
  private final Workspace workspace =
      new Workspace(
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
                  new FrontdeskConfig.Agent(
                      Secret.of("t"), "agent", List.of(), Map.of(), List.of(), 4)),
              Map.of(),
              null,
              null,
              null,
              Map.of(),
              null),
          null,
          null,
          Map.of(),
          new Fifo(),
          new RedisKeys("acme"));

  @Test
  void disable_isKnownOnTheOtherNodeAndAfterARestart() {
    DisabledAgents here = new DisabledAgents(store);
    DisabledAgents there = new DisabledAgents(store);
    List<String> ended = new ArrayList<>();
    there.onDisabled((at, agent) -> ended.add(at + "/" + agent));
    Runnable unfollow = there.follow(workspace);

    assertThat(here.set(workspace, ALICE, true).succeeded()).isTrue();

    assertThat(here.isDisabled("acme", ALICE)).isTrue();
    assertThat(there.isDisabled("acme", ALICE)).isTrue();
    assertThat(ended).containsExactly("acme/alice");
    DisabledAgents restarted = new DisabledAgents(store);
    assertThat(restarted.isDisabled("acme", ALICE)).isFalse();
    assertThat(restarted.refresh(workspace).succeeded()).isTrue();
    assertThat(restarted.isDisabled("acme", ALICE)).isTrue();
    assertThat(restarted.isDisabled("other", ALICE)).isFalse();

    assertThat(here.set(workspace, ALICE, false).succeeded()).isTrue();
    assertThat(there.isDisabled("acme", ALICE)).isFalse();
    unfollow.run();
  }

  @Test
  void disable_storeRefuses() {
    DisabledAgents disabled = new DisabledAgents(store);
    store.quarantined(true);

    assertThat(disabled.set(workspace, ALICE, true).failed()).isTrue();
    assertThat(disabled.isDisabled("acme", ALICE)).isFalse();
  }
}
