// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Whatever the file: it loads, or it gives problems with paths, and no secret is ever shown. */
class ConfigMutationTest {

  private static final long SEED = Long.getLong("seed", 20261121L);
  private static final YAMLMapper YAML = new YAMLMapper();

  private final Random random = new Random(SEED);

  @Test
  void mutatedText_loadsOrGivesProblems() throws IOException {
    String yaml = Files.readString(Path.of("example.yaml"));
    Map<String, String> environment = ExampleFilesTest.environment(yaml);
    int loaded = 0;
    int refused = 0;
    for (int round = 0; round < 3_000; round++) {
      StringBuilder text = new StringBuilder(yaml);
      for (int i = 0; i <= random.nextInt(3); i++) {
        mutate(text);
      }
      boolean usable = load(text.toString(), environment, environment.values(), round);
      loaded += usable ? 1 : 0;
      refused += usable ? 0 : 1;
    }

    assertThat(loaded).as("loaded, seed %d", SEED).isPositive();
    assertThat(refused).as("refused, seed %d", SEED).isPositive();
  }

  @Test
  void mutatedTree_neverShowsALiteralSecret() throws IOException {
    String yaml = Files.readString(Path.of("example.yaml"));
    Map<String, String> environment = ExampleFilesTest.environment(yaml);
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      yaml = yaml.replace("${" + variable.getKey() + "}", variable.getValue());
    }
    List<String> secrets =
        environment.entrySet().stream()
            .filter(e -> e.getKey().matches(".*(SECRET|TOKEN|KEY|PASSWORD)(_BEFORE)?"))
            .map(Map.Entry::getValue)
            .toList();
    JsonNode tree = YAML.readTree(yaml);
    for (int round = 0; round < 1_500; round++) {
      JsonNode copy = tree.deepCopy();
      for (int i = 0; i <= random.nextInt(3); i++) {
        mutate(copy);
      }
      load(YAML.writeValueAsString(copy), Map.of(), secrets, round);
    }
  }

  private boolean load(
      String yaml, Map<String, String> environment, Iterable<String> secrets, int round) {
    try {
      LoadedConfig loaded =
          new ConfigLoader(environment, new ContractSettings(), RuleCheck.none()).parse(yaml);
      assertThat(String.valueOf(loaded.config())).doesNotContain("token-of-");
      return true;
    } catch (InvalidConfigurationException e) {
      assertThat(e.problems()).isNotEmpty().allMatch(problem -> !problem.path().isEmpty());
      for (String secret : secrets) {
        assertThat(e.getMessage()).as("seed %d, round %d", SEED, round).doesNotContain(secret);
      }
      return false;
    } catch (RuntimeException e) {
      return fail("seed " + SEED + ", round " + round + ": " + e + "\n" + yaml, e);
    }
  }

  private void mutate(StringBuilder text) {
    int at = random.nextInt(text.length());
    String alphabet = "{}[]:,\"'#&*!|>%@`\n\t \\-~$0aä退\uE000\uE001\u0000";
    switch (random.nextInt(5)) {
      case 0 -> text.deleteCharAt(at);
      case 1 -> text.insert(at, alphabet.charAt(random.nextInt(alphabet.length())));
      case 2 -> text.setCharAt(at, alphabet.charAt(random.nextInt(alphabet.length())));
      case 3 -> text.delete(at, Math.min(text.length(), at + random.nextInt(80)));
      default -> {
        int end = Math.min(text.length(), at + random.nextInt(200));
        text.insert(random.nextInt(text.length()), text.substring(at, end));
      }
    }
  }

  /** Removes, renames or replaces one key or element anywhere; secrets stay at their keys. */
  private void mutate(JsonNode tree) {
    List<ContainerNode<?>> containers = new ArrayList<>();
    collect(tree, containers);
    ContainerNode<?> container = containers.get(random.nextInt(containers.size()));
    if (container.isEmpty()) {
      return;
    }
    if (container instanceof ArrayNode array) {
      int index = random.nextInt(array.size());
      array.set(index, replacement(array.get(index)));
    } else if (container instanceof ObjectNode object) {
      List<String> keys =
          object.propertyStream().map(Map.Entry::getKey).collect(Collectors.toList());
      String key = keys.get(random.nextInt(keys.size()));
      JsonNode value = object.get(key);
      switch (random.nextInt(3)) {
        case 0 -> object.remove(key);
        case 1 -> object.set(key + "x", object.remove(key));
        default -> object.set(key, replacement(value));
      }
    }
  }

  private JsonNode replacement(JsonNode value) {
    return switch (random.nextInt(8)) {
      case 0 -> YAML.nullNode();
      case 1 -> YAML.createArrayNode().add(value);
      case 2 -> YAML.createObjectNode().set("x", value);
      case 3 -> YAML.getNodeFactory().numberNode(-1);
      case 4 -> YAML.getNodeFactory().textNode("");
      case 5 -> YAML.getNodeFactory().textNode("x".repeat(1_000));
      case 6 -> YAML.createArrayNode();
      default -> YAML.createObjectNode();
    };
  }

  private static void collect(JsonNode node, List<ContainerNode<?>> found) {
    if (node instanceof ContainerNode<?> container) {
      found.add(container);
      container.forEach(child -> collect(child, found));
    }
  }
}
