// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ladders as they may be written, and what is said of those that may not. */
class EscalationConfigTest {

  private static final String FILE =
      """
      workspaces:
        acme:
          channels: { hook: { connector: webhook, settings: { secret: s3cr3t-of-hook } } }
          promises: { normal: { firstResponse: 4h, supplier: 3h, escalation: LADDER } }
          defaults: { queue: support, promise: normal }
          queues: { support: {}, sales: {} }
          agents:
            alice: { token: token-of-alice, queues: [support, sales] }
            sue: { token: token-of-sue-1, role: supervisor, queues: [support] }
          events: { crm: { url: "https://crm/in", secret: whsec_QUJD, events: [promise.breached] } }
      """;

  private static FrontdeskConfig.Promise parse(String ladder) {
    return new ConfigLoader(Map.of(), ConfigLoaderTest.CONNECTORS, RuleCheck.none())
        .parse(FILE.replace("LADDER", ladder))
        .config()
        .workspaces()
        .get("acme")
        .promises()
        .get("normal");
  }

  private static List<String> problems(String ladder) {
    InvalidConfigurationException refused =
        catchThrowableOfType(InvalidConfigurationException.class, () -> parse(ladder));
    return refused == null
        ? List.of()
        : refused.problems().stream().map(Problem::toString).toList();
  }

  @Test
  void ladder_isReadLevelByLevel() {
    FrontdeskConfig.Promise promise =
        parse(
            "[ { before: 5m, to: { supervisor: sue } }, { to: { group: support } },"
                + " { after: warning, delay: 2m, clock: followUp, to: { event: crm } },"
                + " { delay: 1h, clock: supplier, to: { channel: hook, contact: boss } } ]");

    assertThat(promise.supplier()).isEqualTo(new TargetTime(Duration.ofHours(3), 0));
    assertThat(promise.followUp()).isNull();
    List<EscalationLevel> ladder = promise.escalation();
    assertThat(ladder.get(0).before()).isEqualTo(Duration.ofMinutes(5));
    assertThat(ladder.get(1).after()).isEqualTo("breach");
    assertThat(ladder.get(1).delay()).isZero();
    assertThat(ladder.get(1).clock()).isEqualTo("firstResponse");
    assertThat(ladder.get(2).after()).isEqualTo("warning");
    assertThat(ladder.get(3).to().contact()).isEqualTo("boss");
    assertThat(ladder.get(3).to().text()).startsWith("Nobody answered {conversation}");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          to: { supervisor: alice }                                | [0].to.supervisor: found "alice", expected one of role supervisor
          to: { supervisor: su }                                   | [0].to.supervisor: found su, expected one of agents: alice, sue; did you mean sue?
          to: { group: sales }                                     | [0].to.group: found "sales", which no supervisor serves, expected one who does
          to: { event: erp }                                       | [0].to.event: found erp, expected one of events: crm
          to: { channel: hook }                                    | [0].to: channel and contact belong together, expected both or neither
          to: { supervisor: sue, group: support }                  | [0].to: expected exactly one of supervisor, group, event and channel
          to: {}                                                   | [0].to: expected exactly one of supervisor, group, event and channel
          to: { channel: hook, contact: x, text: "{name}" }        | [0].to: text has a placeholder that is none of [conversation, channel, queue, promise, level, owner], expected only those
          before: 5m, delay: 1m, to: { supervisor: sue }           | [0]: before stands beside after or delay, expected one or the other
          after: never, to: { supervisor: sue }                    | [0].after: found "never", expected one of warning, breach
          clock: resolution, to: { supervisor: sue }               | [0].clock: found resolution, which is not promised here, expected its time too
          """)
  void wrongLevel_isRefusedByPath(String level, String expected) {
    assertThat(problems("[ { " + level + " } ]"))
        .contains("workspaces.acme.promises.normal.escalation" + expected);
  }

  @Test
  void ladderOfTooManyLevels_isRefused() {
    String ladder =
        IntStream.range(0, 17)
            .mapToObj(i -> "{ delay: " + (i + 1) + "m, to: { supervisor: sue } }")
            .collect(Collectors.joining(", ", "[", "]"));

    assertThat(problems(ladder))
        .containsExactly(
            "workspaces.acme.promises.normal.escalation: found 17 levels, expected 16 at most");
  }
}
