// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.config.ConfigLoader;
import dev.frontdesk.gateway.ConnectorCatalog;
import dev.frontdesk.gateway.intake.Conditions;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The demonstration notices an event loop that is held: proof that its check can fail. */
class BlockedLoopTest {

  private static final String BLOCK_LOOP = "frontdesk.blockLoopMillis";

  @BeforeEach
  void holdALoop() {
    System.setProperty(BLOCK_LOOP, "250");
  }

  @AfterEach
  void holdNone() {
    System.clearProperty(BLOCK_LOOP);
  }

  @Test
  void demo_whenALoopIsHeldFor250Millis_saysSo_andExitsWithOne() {
    StringWriter out = new StringWriter();
    ConfigLoader loader =
        new ConfigLoader(Map.of(), ConnectorCatalog.ofClassPath(), new Conditions());

    int code =
        new CommandLine(new DemoCommand(loader, InstantSource.system(), new PrintWriter(out, true)))
            .execute("--for", "1s");

    assertThat(code).as(out.toString()).isEqualTo(1);
    assertThat(out.toString())
        .contains("not clean: event loops were blocked for more than 100 ms: ");
  }
}
