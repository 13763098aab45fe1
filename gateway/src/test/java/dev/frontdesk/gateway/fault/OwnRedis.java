// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.fault;

import dev.frontdesk.gateway.store.redis.TestRedis;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/**
 * A redis-server of a test's own on a TCP port, append-only file with {@code appendfsync always}:
 * several gateways share it, and the test may kill, pause or fill it.
 */
public final class OwnRedis implements AutoCloseable {

  private final int port = freePort();
  private final List<String> command = new ArrayList<>();
  private final Path folder;
  private Process process;

  /** Starts one; {@code options} are further ones of the command line. */
  public OwnRedis(Path folder, String... options) {
    this.folder = folder;
    command.addAll(
        List.of(
            TestRedis.binary(folder).toString(),
            "--port",
            Integer.toString(port),
            "--bind",
            "127.0.0.1",
            "--dir",
            folder.toString(),
            "--appendonly",
            "yes",
            "--appendfsync",
            "always",
            "--save",
            ""));
    command.addAll(List.of(options));
    start();
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts the server, again after {@link #kill}; returns when it serves. */
  void start() {
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(
                  ProcessBuilder.Redirect.appendTo(folder.resolve("redis.log").toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptions()
        .until(() -> ask("PING").startsWith("+PONG") || command.contains("--requirepass"));
  }

  public String url() {
    return "redis://127.0.0.1:" + port;
  }

  /** The first line of the answer to an inline command. */
  public String ask(String words) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write((words + "\r\n").getBytes(StandardCharsets.UTF_8));
      String line =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
              .readLine();
      return line == null ? "" : line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As {@code kill -STOP}: connections stay, nothing answers. */
  void pause() {
    signal("STOP");
  }

  /** As {@code kill -CONT}. */
  void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      String pid = Long.toString(process.pid());
      new ProcessBuilder("kill", "-" + name, pid).start().onExit().join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As {@code kill -9}; returns when the process is gone. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }
}
