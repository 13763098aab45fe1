// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** The index of scenarios and of other products' defects says where the tests are. */
class ScenarioIndexTest {

  private static final String ROOT = "dev.frontdesk.gateway.";
  private static final Set<String> TESTS = tests();

  /** One line of the index, its columns. */
  private static List<List<String>> lines(boolean scenarios) {
    try (InputStream index = ScenarioIndexTest.class.getResourceAsStream("/scenarios.txt")) {
      return new String(Objects.requireNonNull(index).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> List.of(line.split(" *\\| *", -1)))
          .filter(columns -> scenarios == columns.get(0).matches("\\d+"))
          .toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Every test of this module as {@code package.Class#method}. */
  private static Set<String> tests() {
    try {
      return new ClassFileImporter()
              .importLocations(
                  List.of(
                      Location.of(
                          ScenarioIndexTest.class
                              .getProtectionDomain()
                              .getCodeSource()
                              .getLocation()
                              .toURI())))
              .stream()
              .filter(one -> one.getName().startsWith(ROOT))
              .map(JavaClass::getMethods)
              .flatMap(Set::stream)
              .filter(ScenarioIndexTest::isTest)
              .map(m -> m.getOwner().getName().substring(ROOT.length()) + '#' + m.getName())
              .collect(Collectors.toSet());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isTest(JavaMethod method) {
    return method.isAnnotatedWith(Test.class) || method.isAnnotatedWith(ParameterizedTest.class);
  }

  @Test
  void scenarios_areNumberedFrom1To23() {
    assertThat(lines(true))
        .extracting(columns -> Integer.valueOf(columns.get(0)))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 23).boxed().toList());
  }

  @Test
  void scenarios_areTestsByNumber_whereTheIndexSays() {
    List<String> missing = new ArrayList<>();
    for (List<String> columns : lines(true)) {
      for (String place : columns.get(2).split(" +", -1)) {
        String prefix = place + "#scenario" + columns.get(0) + "_";
        if (TESTS.stream().noneMatch(test -> test.startsWith(prefix))) {
          missing.add(prefix);
        }
      }
    }

    assertThat(missing).as("named in scenarios.txt, but there is no such test").isEmpty();
  }

  @Test
  void defectsOfOtherProducts_areTests() {
    assertThat(TESTS).containsAll(lines(false).stream().map(columns -> columns.get(1)).toList());
  }
}
