// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.generator;

import dev.frontdesk.config.YamlRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where scenarios are: in a file of the operator's, or shipped by name. */
final class ScenarioFile {

  private static final String ENDING = ".yaml";

  private ScenarioFile() {}

  /**
   * Finds one.
   *
   * @param shipped the folder of those that have names
   * @throws IllegalArgumentException when there is none, with the names there are
   */
  static Path find(String fileOrName, Path shipped) {
    Path file = Path.of(fileOrName);
    if (Files.isRegularFile(file)) {
      return file;
    }
    Path named = shipped.resolve(fileOrName + ENDING);
    if (fileOrName.matches("[A-Za-z0-9_-]+") && Files.isRegularFile(named)) {
      return named;
    }
    throw new IllegalArgumentException(
        fileOrName
            + ": no such file, expected one, or one of "
            + String.join(", ", names(shipped)));
  }

  /** Names of those that are shipped, in order. */
  static List<String> names(Path shipped) {
    try (Stream<Path> files = Files.list(shipped)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.endsWith(ENDING))
          .map(name -> name.substring(0, name.length() - ENDING.length()))
          .sorted()
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /**
   * Reads one.
   *
   * @throws dev.frontdesk.config.InvalidConfigurationException with every problem and its path
   */
  static Scenario read(Path file) throws IOException {
    return YamlRecords.read(Files.readString(file), System.getenv(), Scenario.class);
  }
}
