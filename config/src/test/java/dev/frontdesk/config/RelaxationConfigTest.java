// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Steps, overflow, delays and the other keys that say whom a conversation is kept for. */
class RelaxationConfigTest {

  private static final String PAGE =
      """
      workspaces:
        acme:
          promises: { normal: { firstResponse: 4h } }
          defaults: { queue: support, promise: normal }
          triage: [ { when: 'true', set: { steps: [ { skills: { vip: 1 }, lasts: 10s } ], agent: alice } } ]
          queues:
            support:
              steps: [ { skills: { refunds: 4 }, lasts: 30s }, { skills: { refunds: 2 } } ]
              maxWaiting: 2000
              overflow: { queue: backup, after: 5m, length: 500 }
            backup: {}
          routing: { lastAgent: 45s, preferredAgent: 30s, languageFirst: true, languageWait: 20s, inactiveAfter: 10m, inactiveCost: 1, warmUp: { every: 90s } }
          agents:
            alice: { token: aaaaaaaaaaaaaaaaaaaaaaaa, queues: [support, backup], delays: { backup: 60s } }
      """;

  private static FrontdeskConfig.Workspace load(String yaml) {
    return new ConfigLoader(Map.of(), name -> null, RuleCheck.none())
        .parse(yaml)
        .config()
        .workspaces()
        .get("acme");
  }

  @Test
  void allOfIt_isRead() {
    FrontdeskConfig.Workspace acme = load(PAGE);

    FrontdeskConfig.Queue support = acme.queues().get("support");
    assertThat(support.steps())
        .containsExactly(
            new RoutingStep(Map.of("refunds", 4), Duration.ofSeconds(30)),
            new RoutingStep(Map.of("refunds", 2), null));
    assertThat(support.overflow())
        .isEqualTo(new QueueOverflow("backup", Duration.ofMinutes(5), 500));
    assertThat(acme.routing().lastAgent()).isEqualTo(Duration.ofSeconds(45));
    assertThat(acme.routing().warmUp()).isEqualTo(new WarmUp(Duration.ofSeconds(90)));
    assertThat(acme.agents().get("alice").delays()).containsEntry("backup", Duration.ofSeconds(60));
    assertThat(acme.triage().get(0).set().agent()).isEqualTo("alice");
  }

  @Test
  void noneOfIt_isTheDefault() {
    FrontdeskConfig.Workspace acme =
        load(
            """
            workspaces:
              acme:
                promises: { normal: { firstResponse: 4h } }
                defaults: { queue: support, promise: normal }
                queues: { support: {} }
            """);

    assertThat(acme.queues().get("support")).isEqualTo(new FrontdeskConfig.Queue(100_000));
    assertThat(acme.routing().lastAgent()).isZero();
    assertThat(acme.routing().inactiveAfter()).isNull();
    assertThat(acme.routing().warmUp()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lasts: 30s }, | }, | workspaces.acme.queues.support: steps[0].lasts: missing, expected a duration: only the last step may go on",
        "{ refunds: 4 } | { refunds: 11 } | workspaces.acme.queues.support.steps[0].skills.refunds: found \"11\", expected 1 to 10",
        "queue: backup, | queue: bakup, | workspaces.acme.queues.support.overflow.queue: found bakup, expected one of queues: support, backup; did you mean backup?",
        "backup: {} | backup: { overflow: { queue: support } } | workspaces.acme.queues.support.overflow.queue: goes in a circle (support to backup to support), expected a queue that does not come back",
        "queue: backup, | queue: support, | workspaces.acme.queues.support.overflow.queue: goes in a circle (support to support), expected a queue that does not come back",
        "length: 500 | length: 5000 | workspaces.acme.queues.support: overflow.length is 5000, expected 2000 (maxWaiting) at most",
        "delays: { backup: 60s } | delays: { other: 60s } | workspaces.acme.agents.alice: delays.other: is none of the agent's queues, expected one of [support, backup]",
        "agent: alice | agent: alica | workspaces.acme.triage[0].set.agent: found alica, expected one of agents: alice; did you mean alice?",
        "inactiveCost: 1 | inactiveCost: -1 | workspaces.acme.routing.inactiveCost: found \"-1\", expected 0 to 1000",
        "every: 90s | every: 0s | workspaces.acme.routing.warmUp.every: found \"0s\", expected a longer time",
      })
  void badValue_isNamedWithWhatWasExpected(String good, String bad, String problem) {
    assertThat(PAGE).contains(good);

    Throwable refused = catchThrowable(() -> load(PAGE.replace(good, bad)));

    assertThat(refused).isInstanceOf(InvalidConfigurationException.class);
    assertThat(refused.getMessage()).contains(problem);
  }
}
