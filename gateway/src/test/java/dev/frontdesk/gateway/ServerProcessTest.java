// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.frontdesk.config.ConfigLoader;
import dev.frontdesk.gateway.intake.Conditions;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people are told when a command cannot do its work. */
class ServerProcessTest {

  @TempDir private Path folder;

  @Test
  void adopt_whileAGatewayRuns_isRefusedInOneSentence() throws IOException {
    ConnectorCatalog catalog = ConnectorCatalog.ofClassPath();
    Path data = folder.resolve("data");
    Path file = Files.writeString(folder.resolve("frontdesk.yaml"), TestGateway.yaml(data, "", ""));
    StoreCommands process =
        new StoreCommands(
            new ConfigLoader(Map.of(), catalog, new Conditions()), catalog, InstantSource.system());
    try (TestGateway running = new TestGateway(data)) {
      assertThatThrownBy(() -> process.adopt(file))
          .isExactlyInstanceOf(IOException.class)
          .hasMessage(
              "dataDir "
                  + data.toAbsolutePath()
                  + " is in use by another gateway: stop it, or set another dataDir");
      assertThat(running.message("c1", "m1", "still served")).isEqualTo(200);
    }
  }

  @Test
  void start_thatTakesTooLong_isOneSentence() {
    assertThatThrownBy(
            () ->
                ServerProcess.stated(
                    Promise.promise().future(), "the gateway did not start within", 1))
        .isExactlyInstanceOf(IOException.class)
        .hasMessageStartingWith("the gateway did not start within 1 s;");
  }
}
