// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReferencePageTest {

  private static final Pattern TABLES =
      Pattern.compile("(?s)<!-- keys -->\\n(.*)\\n<!-- /keys -->");

  @Test
  void tables_areWhatTheRecordsSay() throws IOException {
    String page = Files.readString(Path.of("README.md"));
    String written =
        TABLES.matcher(page).results().map(found -> found.group(1)).findFirst().orElse("");

    assertThat(written)
        .as(
            "between <!-- keys --> and <!-- /keys --> of README.md belongs:\n%s\n",
            ReferencePage.tables())
        .isEqualTo(ReferencePage.tables());
  }

  @Test
  void everyKey_isDocumented() {
    List<Class<?>> records =
        Stream.concat(
                Stream.of(FrontdeskConfig.class),
                Stream.of(FrontdeskConfig.class.getDeclaredClasses()))
            .<Class<?>>map(type -> type)
            .filter(Class::isRecord)
            .toList();

    assertThat(records)
        .hasSizeGreaterThan(10)
        .flatMap(type -> List.of(type.getRecordComponents()))
        .allMatch(component -> component.getAnnotation(Doc.class) != null);
  }
}
