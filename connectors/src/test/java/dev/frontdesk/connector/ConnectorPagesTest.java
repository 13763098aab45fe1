// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every connector has a page for operators, and every page a connector. */
class ConnectorPagesTest {

  private static final Path DOCS = Path.of("docs");

  private static final List<String> HEADINGS =
      List.of(
          "## What it is",
          "## Credentials",
          "## Configuration",
          "## Webhook set-up",
          "## What maps to what",
          "## Limits and retries",
          "## Not supported");

  @Test
  void pages_areThoseOfTheFactories() throws Exception {
    Set<String> connectors = new TreeSet<>();
    factories().forEach(factory -> connectors.add(factory.name()));
    Set<String> pages;
    try (Stream<Path> files = Files.list(DOCS)) {
      pages =
          files
              .map(file -> String.valueOf(file.getFileName()).replaceFirst("\\.md$", ""))
              .collect(Collectors.toCollection(TreeSet::new));
    }

    assertThat(connectors).contains("webhook");
    assertThat(pages).isEqualTo(connectors);
  }

  @Test
  void pages_haveTheSameHeadingsAndEveryKey() throws Exception {
    for (ConnectorFactory<?> factory : factories()) {
      Path page = DOCS.resolve(factory.name() + ".md");
      if (Files.exists(page)) { // one that is absent fails above
        requirePage(factory, Files.readString(page));
      }
    }
  }

  /** Fails unless the page has the headings in order and names each key of the settings. */
  static void requirePage(ConnectorFactory<?> factory, String page) throws IOException {
    List<String> lines = page.lines().toList();
    assertThat(lines.get(0)).startsWith("# " + factory.name());
    assertThat(lines.stream().filter(line -> line.startsWith("## ")))
        .as(factory.name())
        .containsExactlyElementsOf(HEADINGS);
    String configuration =
        page.substring(page.indexOf("## Configuration"), page.indexOf("## Webhook set-up"));
    for (RecordComponent key : factory.settings().getRecordComponents()) {
      assertThat(configuration).as(factory.name()).contains("`" + key.getName());
    }
  }

  private static List<ConnectorFactory<?>> factories() {
    return ServiceLoader.load(ConnectorFactory.class).stream()
        .<ConnectorFactory<?>>map(ServiceLoader.Provider::get)
        .toList();
  }
}
