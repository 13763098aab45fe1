// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.frontdesk.config.Default;
import dev.frontdesk.config.Doc;
import dev.frontdesk.config.InvalidConfigurationException;
import dev.frontdesk.config.Share;
import dev.frontdesk.config.YamlRecords;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Scenario files: those that are shipped, and what is refused. */
class ScenarioTest {

  private static final Path SHIPPED = root().resolve("load-tests/scenarios");

  private static Path root() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.exists(at.resolve("load-tests/README.md"))) {
      at = at.getParent();
    }
    return at;
  }

  private static Scenario read(String yaml) {
    return YamlRecords.read(yaml, Map.of(), Scenario.class);
  }

  private static void refused(String yaml, String... sentences) {
    assertThatThrownBy(() -> read(yaml))
        .isInstanceOf(InvalidConfigurationException.class)
        .satisfies(refusal -> assertThat(refusal.getMessage().lines()).containsExactly(sentences));
  }

  @Test
  void shipped_areReadable() throws IOException {
    List<String> names = ScenarioFile.names(SHIPPED);

    assertThat(names).contains("peak", "intake");
    for (String name : names) {
      Scenario scenario = ScenarioFile.read(ScenarioFile.find(name, SHIPPED));
      assertThat(scenario.steps().percent()).contains(50, 120);
    }
  }

  @Test
  void page_hasEveryKey_withItsDefaultAndMeaning() throws IOException {
    List<String> rows = new ArrayList<>();
    rows(Scenario.class, "", rows);
    String page = Files.readString(root().resolve("load-tests/README.md"));
    String begin = "<!-- scenario -->\n";
    String found = page.substring(page.indexOf(begin) + begin.length());

    assertThat(found.substring(0, found.indexOf("<!-- end of scenario -->")))
        .isEqualTo("| key | default | meaning |\n|---|---|---|\n" + String.join("\n", rows) + "\n");
  }

  private static void rows(Class<?> type, String prefix, List<String> rows) {
    for (RecordComponent component : type.getRecordComponents()) {
      String key = prefix + component.getName();
      Default fallback = component.getAnnotation(Default.class);
      if (component.getType().isRecord() && component.getType() != Share.class) {
        rows(component.getType(), key + ".", rows);
        continue;
      }
      String value = fallback == null ? "required" : "`" + fallback.value() + "`";
      rows.add(
          "| `" + key + "` | " + value + " | " + component.getAnnotation(Doc.class).value() + " |");
    }
  }

  @Test
  void peak_hasEverything() throws IOException {
    Scenario peak = ScenarioFile.read(ScenarioFile.find("peak", SHIPPED));

    assertThat(peak.channels().keySet()).containsExactlyInAnyOrderElementsOf(Scenario.CHANNELS);
    assertThat(peak.duplicates().value()).isEqualTo(0.01);
    assertThat(peak.media().value()).isEqualTo(0.05);
    assertThat(peak.timers()).isPositive();
    assertThat(peak.agents().number()).isPositive();
    assertThat(peak.bots().number()).isPositive();
    assertThat(peak.platforms().delay()).isPositive();
    assertThat(peak.idle().visitors()).isPositive();
    assertThat(peak.idle().polls()).isPositive();
  }

  @Test
  void scenario_ofOneChannel_hasDefaults() {
    Scenario scenario = read("channels: { webhook: 100% }");

    assertThat(scenario.steps().percent()).containsExactly(50, 80, 100, 120);
    assertThat(scenario.duplicates().value()).isEqualTo(0.01);
    assertThat(scenario.agents().number()).isZero();
  }

  @Test
  void keysAndValues_thatCannotBe_areRefusedWithTheirPath() {
    refused(
        "channels: { webhook: 100% }\nagents: { number: many, capacty: 3 }\nmedia: 300%",
        "media: share is 3.0, expected 0% to 100%",
        "agents.capacty: unknown key, expected one of number, capacity, thinkTime; did you mean"
            + " capacity?",
        "agents.number: found \"many\", expected a whole number");
    refused("{}", "channels: missing, expected a mapping from names");
    refused(
        "channels: { webhook: 100% }\nsteps: { percent: [50, 500] }",
        "steps.percent[1]: found \"500\", expected 1 to 400");
  }

  @Test
  void sharesAndNames_thatDoNotFit_areRefused() {
    refused(
        "channels: { webhook: 60%, sms: 30% }",
        "(top level): channels are 90.0% together, expected 100%");
    refused(
        "channels: { fax: 100% }",
        "(top level): channels.fax is no channel, expected of webhook, wechat, telegram, line,"
            + " sms, email");
    refused(
        "channels: { webhook: 100% }\nbots: { number: 1, channels: [line] }",
        "(top level): bots.channels names line, expected a channel of channels");
    refused(
        "channels: { webhook: 100% }\nbots: { number: 1 }",
        "bots: bots are 1 for 0 channels, expected both or none");
    refused(
        "channels: { webhook: 100% }\nsteps: { percent: [100, 50] }",
        "steps: percent is [100, 50], expected ascending");
    refused(
        "channels: { webhook: 100% }\ncontacts: { exponent: -1 }",
        "contacts: exponent is -1.0, expected 0 to 5");
  }

  @Test
  void name_ofNothing_isRefusedWithTheNamesThereAre() {
    assertThatThrownBy(() -> ScenarioFile.find("peek", SHIPPED))
        .hasMessage("peek: no such file, expected one, or one of intake, peak");
  }

  @Test
  void options_areRead_andOthersRefused() {
    assertThat(Options.of(List.of())).isEqualTo(new Options("peak", 0, -1, 0));
    assertThat(Options.of(List.of("a.yaml", "--ceiling", "900", "--step-seconds", "3")))
        .isEqualTo(new Options("a.yaml", 3, -1, 900));
    assertThat(Options.of(List.of("--warm-up", "0"))).isEqualTo(new Options("peak", 0, 0, 0));
    assertThatThrownBy(() -> Options.of(List.of("--ceiling", "high")))
        .hasMessage("--ceiling: found \"high\", expected a whole number from 1 on");
    assertThatThrownBy(() -> Options.of(List.of("--step-seconds", "0")))
        .hasMessage("--step-seconds: found \"0\", expected a whole number from 1 on");
    assertThatThrownBy(() -> Options.of(List.of("--steps", "3")))
        .hasMessage("--steps: expected --step-seconds, --warm-up or --ceiling");
  }
}
