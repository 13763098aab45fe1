// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What conversations cost against what agents can hold. */
class CapacityConfigTest {

  private static final String FILE =
      """
      workspaces:
        acme:
          channels:
            phone: { connector: webhook, settings: { secret: s3cr3t-of-phone }, cost: PHONE }
            fax: { connector: webhook, settings: { secret: s3cr3t-of-fax }, cost: FAX }
          promises: { normal: { firstResponse: 4h } }
          defaults: { queue: support, promise: normal }
          triage: [ TRIAGE ]
          queues: { support: SUPPORT, calls: {}, sales: {} }
          agents:
            alice: { token: token-of-alice, queues: [support], capacity: 2 }
            bob: { token: token-of-bob-1, queues: [support, sales], capacity: 3 }
            carl: { token: token-of-carl, queues: [calls], capacity: 9 }
            olga: { token: token-of-olga, role: operator, capacity: 99 }
          MORE
      """;

  private static List<String> problems(
      int phone, int fax, String triage, String support, String more) {
    String yaml =
        FILE.replace("PHONE", "" + phone)
            .replace("FAX", "" + fax)
            .replace("TRIAGE", triage)
            .replace("SUPPORT", support)
            .replace("MORE", more);
    InvalidConfigurationException refused =
        catchThrowableOfType(
            InvalidConfigurationException.class,
            () ->
                new ConfigLoader(Map.of(), ConfigLoaderTest.CONNECTORS, RuleCheck.none())
                    .parse(yaml));
    return refused == null
        ? List.of()
        : refused.problems().stream().map(Problem::toString).toList();
  }

  @Test
  void costs_thatNobodyCanHold_areAllNamedWithTheirPaths() {
    assertThat(problems(4, 5, "", "{}", ""))
        .hasSize(2)
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .contains("workspaces.acme.channels.phone.cost")
                    .contains("found 4, expected 3 at most: nobody who serves support has more"))
        .anySatisfy(problem -> assertThat(problem).contains("workspaces.acme.channels.fax.cost"));
  }

  @Test
  void costs_thatSomebodyCanHold_areFine() {
    assertThat(problems(3, 2, "", "{}", "")).isEmpty();
  }

  @Test
  void costs_ofWhatGoesElsewhere_areMeasuredThere() {
    String rule = "{ when: 'true', set: { queue: calls } }";

    assertThat(problems(9, 3, rule, "{}", "")).isEmpty();
    assertThat(problems(9, 3, "", "{ overflow: { queue: calls, after: 1m } }", "")).isEmpty();
    assertThat(
            problems(9, 3, "", "{}", "bots: { b: { token: token-of-bot-1, channels: [phone] } }"))
        .isEmpty();
    assertThat(problems(10, 3, rule, "{}", ""))
        .singleElement()
        .asString()
        .contains("found 10, expected 9 at most: nobody who serves calls, support has more");
  }
}
