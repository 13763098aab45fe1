// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The keys {@code acknowledgement}, {@code classifier} and {@code words}. */
class AutomaticAnswerTest {

  private static final String KEY = "whsec_c2VjcmV0LW9mLXRlc3Q=";

  private record NoSettings() {}

  private static final SettingsTypes CONNECTORS =
      new SettingsTypes() {
        @Override
        public Class<? extends Record> find(String connector) {
          return NoSettings.class;
        }

        @Override
        public Set<String> names() {
          return Set.of("webhook");
        }
      };

  private static FrontdeskConfig.Workspace parse(
      String channel, String workspace, RuleCheck rules) {
    return new ConfigLoader(Map.of(), CONNECTORS, rules)
        .parse(
            """
            workspaces:
              acme:
                channels: { hook: { connector: webhookCHANNEL } }
                promises: { normal: { firstResponse: 4h } }
                defaults: { queue: support, promise: normal }
                queues: { support: {} }
            WORKSPACE
            """
                .replace("CHANNEL", channel)
                .replace("WORKSPACE", workspace.indent(4)))
        .config()
        .workspaces()
        .get("acme");
  }

  private static List<String> problems(String channel, String workspace) {
    InvalidConfigurationException refused =
        catchThrowableOfType(
            InvalidConfigurationException.class, () -> parse(channel, workspace, RuleCheck.none()));
    return refused == null
        ? List.of()
        : refused.problems().stream().map(Problem::toString).toList();
  }

  @Test
  void acknowledgement_hasDefaults_andKeepsTheOrderOfLanguages() {
    FrontdeskConfig.Acknowledgement read =
        parse(
                ", acknowledgement: { text: { zh: \"{due} 前\", en: \"by {due}\", de: x } }",
                "",
                RuleCheck.none())
            .channels()
            .get("hook")
            .acknowledgement();

    assertThat(read.text().keySet()).containsExactly("zh", "en", "de");
    assertThat(read.window()).isEqualTo(Duration.ofHours(24));
    assertThat(read.bots()).isFalse();
    assertThat(read.zone()).isNull();
    assertThat(parse("", "", RuleCheck.none()).channels().get("hook").acknowledgement()).isNull();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          { text: { en: "by {duo}" } }                         | text.en: {duo} is no placeholder, expected {due}, {position} or {estimate}
          { text: { en: ok }, offHours: { zh: "{now}" } }      | offHours.zh: {now} is no placeholder
          { text: { en: "{token: s3cr3t-of-a}" } }             | text.en: {…} is no placeholder
          { text: { en: "by {due}" }, bots: true }             | text.en: {due} has no value while a bot answers
          { text: {} }                                         | text is empty
          { text: { en_GB: ok } }                              | text.en_GB: no language tag
          { text: { en: "  " } }                               | text.en: empty or long
          { text: { en: ok }, zone: Mars/Base }                | zone
          { texts: { en: ok } }                                | texts
          """)
  void acknowledgement_thatMakesNoSense_isAProblem(String written, String expected) {
    assertThat(problems(", acknowledgement: " + written, ""))
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .contains("workspaces.acme.channels.hook.acknowledgement")
                    .contains(expected));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          classifier: { url: "ftp://x", secret: c2VjcmV0 }                       | url is no address
          classifier: { url: "https://x", secret: "not base64!" }                | secret is not base64
          classifier: { url: "https://x", secret: c2VjcmV0, timeout: 2s }        | timeout is longer than 1s
          classifier: { url: "https://x" }                                       | secret
          words: { my-table: [a] }                                               | words.my-table: not usable in a condition
          words: { ok: [a, ""] }                                                 | words.ok[1]: empty or long
          words: { ok: ["*"] }                                                   | words.ok[0]: empty or long
          """)
  void classifierAndWords_thatMakeNoSense_areProblems(String written, String expected) {
    assertThat(problems("", written))
        .anySatisfy(
            problem -> assertThat(problem).contains(expected).doesNotContain("not base64!"));
  }

  @Test
  void conditions_areCheckedWithTheNamesOfCalendarsAndTables() {
    List<Set<String>> seen = new java.util.ArrayList<>();

    parse(
        "",
        """
        calendars: { office: { zone: UTC, weekly: { mon: ["09:00-10:00"] } } }
        words: { urgent: [asap] }
        classifier: { url: "https://x.example/y?z=1", secret: KEY }
        triage: [ { when: "words.urgent", set: { priority: 1 } } ]
        """
            .replace("KEY", KEY),
        (condition, flags) -> {
          seen.add(flags);
          return List.of();
        });

    assertThat(seen).containsExactly(Set.of("hours.office", "words.urgent"));
  }
}
