// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.gateway.Main;
import dev.frontdesk.gateway.TestGateway;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows G-11 and R-16: a real process that must not start, and says why in a line that helps. */
class StartFaultsTest {

  private static final String WRONG = "wrong-password-1234";

  @TempDir Path folder;

  /** A process on its way, and its two streams. */
  private record Started(String name, Process process, Path out, Path err) {

    String errors() {
      try {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(name + " ended").isTrue();
        return Files.readString(err);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      } finally {
        process.destroyForcibly();
      }
    }
  }

  private Started run(String name, String yaml) {
    try {
      Path home = Files.createDirectory(folder.resolve(name));
      Path file = Files.writeString(home.resolve("frontdesk.yaml"), yaml);
      Path out = home.resolve("out");
      Path err = home.resolve("err");
      ProcessBuilder builder =
          new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-XX:TieredStopAtLevel=1",
              "-cp",
              System.getProperty("java.class.path"),
              Main.class.getName(),
              "run",
              "--config",
              file.toString());
      builder.redirectOutput(out.toFile()).redirectError(err.toFile());
      return new Started(name, builder.start(), out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void assertRefused(Started started, String... parts) throws IOException {
    String errors = started.errors();
    assertThat(started.process().exitValue()).as(errors).isEqualTo(1);
    assertThat(errors).as(started.name()).contains(parts).doesNotContain("\tat ");
    assertThat(Files.readString(started.out())).doesNotContain("listening");
    List<String> telling =
        errors.lines().filter(line -> List.of(parts).stream().allMatch(line::contains)).toList();
    assertThat(telling).as("one line that says it, in:\n" + errors).hasSize(1);
  }

  @Test
  void g11_r16_startThatCannotBe_isRefusedInOneLine_namingTheKey() throws IOException {
    String good = new DeskYaml().in(folder.resolve("embedded"));
    try (OwnRedis guarded =
            new OwnRedis(Files.createDirectory(folder.resolve("r")), "--requirepass", "right");
        ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      String locked = guarded.url().replace("redis://", "redis://:" + WRONG + "@");
      Started typo = run("typo", good.replace("firstResponse: 4h", "firstResponse: 4hours"));
      Started unknown = run("unknown", good.replace("capacity: 4", "capcity: 4"));
      Started secret =
          run("secret", good.replace(TestGateway.token("alice"), "${NOT_SET_ANYWHERE}"));
      Started busy = run("busy", good.replace("port: 0,", "port: " + port + ","));
      Started password =
          run(
              "password",
              good.replace("redis: { url: \"\" }", "redis: { url: \"" + locked + "\" }"));

      assertRefused(typo, "workspaces.acme.promises.normal.firstResponse", "4hours");
      assertRefused(unknown, "workspaces.acme.agents.alice.capcity");
      assertRefused(secret, "workspaces.acme.agents.alice.token", "NOT_SET_ANYWHERE");
      assertRefused(busy, "server.port", port);
      assertRefused(password, "redis.url", "password");
      assertThat(password.errors()).doesNotContain(WRONG);
      assertThat(refusesConnections(guarded)).as("the server is still there").isFalse();
    }
  }

  @Test
  void hangUp_whileStarting_reloadsAfterwards_andTermStillStops() throws Exception {
    Path store = folder.resolve("embedded");
    Started server = run("hup", new DeskYaml().in(store));
    try {
      // the folder is taken as the first thing of a start
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofMillis(10))
          .until(() -> Files.exists(store.resolve("lock")));
      assertThat(Files.readString(server.out())).doesNotContain("listening");
      signal("HUP", server);

      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () ->
                  assertThat(Files.readString(server.err()))
                      .as("stderr of %s", server.process())
                      .contains("Configuration reloaded"));
      assertThat(Files.readString(server.out())).contains("listening");
      signal("TERM", server);
      assertThat(server.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(server.process().exitValue()).isZero();
    } finally {
      server.process().destroyForcibly();
    }
  }

  private static void signal(String name, Started server) throws IOException {
    String pid = Long.toString(server.process().pid());
    new ProcessBuilder("kill", "-" + name, pid).start().onExit().join();
  }

  private static boolean refusesConnections(OwnRedis redis) {
    int port = Integer.parseInt(redis.url().substring(redis.url().lastIndexOf(':') + 1));
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) Duration.ofSeconds(1).toMillis());
      return false;
    } catch (IOException e) {
      return true;
    }
  }
}
