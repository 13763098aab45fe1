// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Objects;

/**
 * Reads other YAML files than the gateway's by the same rules: records with {@link Default} and
 * {@link Between}, unknown keys refused, every problem told with its path. Stateless.
 */
public final class YamlRecords {

  private YamlRecords() {}

  /**
   * Reads one document.
   *
   * @param environment the variables that {@code ${NAME}} may name
   * @throws InvalidConfigurationException with every problem
   */
  public static <T extends Record> T read(
      String yaml, Map<String, String> environment, Class<T> type) {
    Problems problems = new Problems();
    JsonNode tree = new YamlTree(environment, problems).read(yaml);
    problems.refuse();
    T record = new RecordBinder(problems).bind(tree, type, Path.ROOT);
    problems.refuse();
    return Objects.requireNonNull(record);
  }
}
