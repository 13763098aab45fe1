// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every {@code config/*.yaml}; the gateway loads them once more with the real connectors. */
class ExampleFilesTest {

  private static final Pattern REFERENCE = Pattern.compile("\\$\\{([A-Z_]+)");

  static Stream<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("."))) {
      return files
          .filter(file -> file.toString().endsWith(".yaml"))
          .filter(file -> !file.endsWith("frontdesk.yaml"))
          .toList()
          .stream();
    }
  }

  /** A different value for every variable a file names. */
  static Map<String, String> environment(String yaml) {
    return REFERENCE
        .matcher(yaml)
        .results()
        .map(found -> found.group(1))
        .distinct()
        .filter(name -> !name.endsWith("_URL") && !name.equals("DATA_DIR"))
        .collect(Collectors.toMap(name -> name, name -> "value-of-" + name));
  }

  @ParameterizedTest
  @MethodSource("files")
  void file_loads(Path file) throws IOException {
    Map<String, String> environment =
        file.endsWith("demo.yaml") ? Map.of() : environment(Files.readString(file));

    LoadedConfig loaded = ConfigLoader.load(file, environment, new ContractSettings());

    assertThat(loaded.config().workspaces()).isNotEmpty();
  }

  @Test
  void allThreeFiles_areThere() throws IOException {
    assertThat(files().map(file -> file.getFileName().toString()))
        .contains("demo.yaml", "example.yaml", "minimal.yaml");
  }

  @Test
  void demo_promisesSecondsOnFiveFamilies() {
    FrontdeskConfig.Workspace acme =
        ConfigLoader.load(Path.of("demo.yaml"), Map.of(), new ContractSettings())
            .config()
            .workspaces()
            .get("acme");

    assertThat(acme.promises().values())
        .extracting(promise -> promise.firstResponse().time())
        .containsExactly(Duration.ofSeconds(2), Duration.ofSeconds(8), Duration.ofSeconds(30));
    assertThat(acme.channels().keySet())
        .containsExactly("wechat", "telegram", "sms", "phone", "mail", "site", "hook");
    assertThat(acme.agents().keySet())
        .containsExactly("alice", "bob", "carol", "you", "sue", "olga");
  }

  @Test
  void exampleWithoutEnvironment_namesEachMissingVariable() throws IOException {
    String yaml = Files.readString(Path.of("example.yaml"));

    InvalidConfigurationException refused =
        catchThrowableOfType(
            InvalidConfigurationException.class,
            () -> ConfigLoader.load(Path.of("example.yaml"), Map.of(), new ContractSettings()));

    List<String> named =
        Pattern.compile("variable ([A-Z_]+) is")
            .matcher(refused.getMessage())
            .results()
            .map(found -> found.group(1))
            .distinct()
            .toList();
    assertThat(named).containsExactlyInAnyOrderElementsOf(environment(yaml).keySet());
  }

  @Test
  void missingFile_isAProblem() {
    InvalidConfigurationException refused =
        catchThrowableOfType(
            InvalidConfigurationException.class,
            () -> ConfigLoader.load(Path.of("none.yaml"), Map.of(), new ContractSettings()));

    assertThat(refused.getMessage()).contains("none.yaml").contains("init");
  }
}
