// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.config.ConfigLoader;
import dev.frontdesk.config.InvalidConfigurationException;
import dev.frontdesk.config.LoadedConfig;
import dev.frontdesk.config.Problem;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Terms;
import dev.frontdesk.gateway.domain.Triage;
import dev.frontdesk.gateway.intake.Conditions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every {@code config/*.yaml} with the connectors of this build and its conditions compiled. */
class ExampleFilesTest {

  private static final Path FOLDER = Path.of("..", "config");
  private static final ConnectorCatalog CATALOG = ConnectorCatalog.ofClassPath();
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{([A-Z_]+)\\}");

  static Stream<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .filter(file -> file.toString().endsWith(".yaml"))
          .filter(file -> !file.endsWith("frontdesk.yaml"))
          .toList()
          .stream();
    }
  }

  /** A value of the right shape for every variable without a default. */
  private static Map<String, String> environment(String yaml) {
    Map<String, String> environment = new HashMap<>();
    REFERENCE.matcher(yaml).results().forEach(found -> environment.put(found.group(1), ""));
    environment.replaceAll((name, empty) -> value(name));
    return environment;
  }

  private static String value(String name) {
    if (name.startsWith("SHOP_SECRET") || name.equals("HOOK_SECRET")) {
      return "whsec_" + "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
    }
    return switch (name) {
      case "WECHAT_AES_KEY" -> "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFA";
      case "TELEGRAM_BOT_TOKEN" -> "123456:abcdefghijklmnopqrstuvwxyz012345678";
      case "TWILIO_ACCOUNT_SID" -> "AC0123456789abcdef0123456789abcdef";
      case "TWILIO_FROM" -> "+15005550006";
      default -> "value-of-" + name.replace('_', '-');
    };
  }

  private static LoadedConfig load(Path file) throws IOException {
    Map<String, String> environment = environment(Files.readString(file));
    return new ConfigLoader(environment, CATALOG, new Conditions()).load(file);
  }

  @ParameterizedTest
  @MethodSource("files")
  void file_loads(Path file) throws IOException {
    LoadedConfig loaded = load(file);

    assertThat(workspaces(loaded)).isNotEmpty();
  }

  private static Map<String, Workspace> workspaces(LoadedConfig loaded) {
    return new WorkspaceFactory(CATALOG::family, new Conditions(), workspace -> {})
        .workspaces(loaded.config());
  }

  @Test
  void demo_becomesAWorkspace() throws IOException {
    Workspace acme = workspaces(load(FOLDER.resolve("demo.yaml"))).get("acme");

    Terms terms = acme.terms();
    assertThat(terms.promise("urgent").firstResponse()).isEqualTo(Duration.ofSeconds(2));
    assertThat(terms.promise("gone").name()).isEqualTo("normal");
    assertThat(terms.channels().get("wechat"))
        .isEqualTo(
            new Terms.Channel(
                "wechat", "wechat-official", "wechat", 1, "faq", Duration.ofSeconds(5)));
    assertThat(terms.channels().get("hook"))
        .isEqualTo(new Terms.Channel("hook", "webhook", "generic", 1, null, Duration.ZERO));
    assertThat(acme.agents().keySet())
        .extracting(Agent.Id::value)
        .containsExactlyInAnyOrder("alice", "bob", "carol", "you");
    assertThat(terms.channels().values().stream().map(Terms.Channel::family).distinct().toList())
        .hasSizeGreaterThanOrEqualTo(5);
  }

  @Test
  void demo_triagesChineseAndEnglishAlike() throws IOException {
    Triage.Rules rules = workspaces(load(FOLDER.resolve("demo.yaml"))).get("acme").terms().triage();

    for (String text : List.of("我要退款", "I want a REFUND", "紧急!!")) {
      assertThat(rules.classify(message(text)).promise()).as(text).isEqualTo("urgent");
    }
    for (String text : List.of("请开发票", "please send the invoice")) {
      assertThat(rules.classify(message(text)).promise()).as(text).isEqualTo("low");
    }
    assertThat(rules.classify(message("hello")).promise()).isEqualTo("normal");
    assertThat(rules.classify(message("how do I log in")).category()).isEqualTo("usage");
  }

  private static Triage.Subject message(String text) {
    return new Triage.Subject(
        "hook",
        "webhook",
        "generic",
        "u1",
        null,
        null,
        Map.of(),
        "text",
        text,
        null,
        java.time.Instant.EPOCH);
  }

  @Test
  void brokenConditionAndBrokenSettings_areToldTogether() {
    String yaml =
        """
        workspaces:
          main:
            channels: { hook: { connector: webhook, settings: {} } }
            promises: { normal: { firstResponse: 4h } }
            defaults: { queue: support, promise: normal }
            queues: { support: {} }
            triage: [ { when: "hours.office", set: { priority: 1 } }, { when: "message.txt", set: {} } ]
        """;

    Set<String> paths =
        org.assertj.core.api.Assertions.catchThrowableOfType(
                InvalidConfigurationException.class,
                () -> new ConfigLoader(Map.of(), CATALOG, new Conditions()).parse(yaml))
            .problems()
            .stream()
            .map(Problem::path)
            .collect(java.util.stream.Collectors.toSet());

    assertThat(paths)
        .containsExactlyInAnyOrder(
            "workspaces.main.channels.hook.settings.secret",
            "workspaces.main.triage[0].when",
            "workspaces.main.triage[1].when");
  }
}
