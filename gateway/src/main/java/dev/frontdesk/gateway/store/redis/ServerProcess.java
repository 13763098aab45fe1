// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import dev.frontdesk.gateway.process.OwnSession;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running redis-server of ours, in a session of its own: Ctrl-C in the gateway's terminal must
 * not end it before the gateway has drained. It ends with this process, however that ends, except
 * by SIGKILL. Blocking: for worker threads.
 *
 * <p>A server survives {@code kill -9} of the gateway that started it. The next start on its folder
 * stops it by SHUTDOWN (which finishes the append-only file) and starts afresh: unlike adopting it,
 * that puts the present configuration in force and makes the server a child again, whose death is
 * noticed.
 */
record ServerProcess(Process process, Path socket) {

  private static final Logger LOG = LoggerFactory.getLogger(ServerProcess.class);
  private static final long START_MILLIS = 30_000;
  private static final long STOP_SECONDS = 10;

  /** Starts a server and waits until it answers; loading a large file takes its time. */
  static ServerProcess start(RedisBinary binary, DataFolder folder) {
    Process process;
    try {
      Files.deleteIfExists(folder.socket());
      process =
          new ProcessBuilder(
                  OwnSession.of(
                      List.of(binary.path().toString(), folder.configuration().toString())))
              .directory(folder.redis().toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.log().toFile()))
              .start();
      endAtExit(process);
      process.getOutputStream().close();
      Files.writeString(folder.processFile(), process.pid() + "\n" + folder.socket() + "\n");
    } catch (IOException e) {
      throw new EmbeddedRedisException("redis-server cannot be started: " + e.getMessage());
    }
    ServerProcess server = new ServerProcess(process, folder.socket());
    server.awaitReady(folder);
    return server;
  }

  /** SIGTERM at the end of this JVM, for a gateway that ends without stopping its server. */
  private static void endAtExit(Process process) {
    Thread end = new Thread(process::destroy, "frontdesk-redis-exit");
    try {
      Runtime.getRuntime().addShutdownHook(end);
    } catch (IllegalStateException e) {
      process.destroyForcibly();
      throw new EmbeddedRedisException("redis-server is not started: the gateway is ending");
    }
    var unused = process.onExit().thenRun(() -> forget(end));
  }

  private static void forget(Thread atExit) {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      LOG.atDebug().log("The gateway is ending already");
    }
  }

  private void awaitReady(DataFolder folder) {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MILLIS);
    while (System.nanoTime() < deadline) {
      String answer = say(socket, "PING");
      if ("+PONG".equals(answer)) {
        return;
      }
      if (answer != null && answer.startsWith("-LOADING")) {
        deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MILLIS);
      }
      if (!process.isAlive()) {
        throw new EmbeddedRedisException(
            "redis-server ended at start: " + lastLine(folder.log()) + " (" + folder.log() + ")");
      }
      pause(process.toHandle(), 10);
    }
    process.destroyForcibly();
    throw new EmbeddedRedisException(
        "redis-server did not answer within " + START_MILLIS / 1_000 + " s, see " + folder.log());
  }

  /** Stops one that an earlier gateway left behind on this folder. */
  static boolean stopLeftBehind(DataFolder folder) {
    try {
      if (!Files.exists(folder.processFile())) {
        return false;
      }
      List<String> lines = Files.readAllLines(folder.processFile());
      Optional<ProcessHandle> left =
          lines.isEmpty() ? Optional.empty() : ProcessHandle.of(Long.parseLong(lines.get(0)));
      if (left.isEmpty() || lines.size() < 2 || !isOurs(left.get(), lines.get(1))) {
        return false;
      }
      stop(left.get(), Path.of(lines.get(1)));
      return true;
    } catch (IOException | NumberFormatException e) {
      throw new EmbeddedRedisException(folder.processFile() + " cannot be read: " + e);
    }
  }

  /**
   * A process id may have been given to another program since: its command must name our socket.
   */
  private static boolean isOurs(ProcessHandle handle, String socket) {
    Path command = Path.of("/proc", Long.toString(handle.pid()), "cmdline");
    try {
      String line =
          Files.exists(command)
              ? Files.readString(command).replace('\0', ' ')
              : handle.info().commandLine().orElse("");
      // redis rewrites its title to "redis-server unixsocket:PATH"; before that it names the file
      return line.contains(socket)
          || line.contains(Path.of(socket).resolve("../..").normalize() + "/redis.conf");
    } catch (IOException e) {
      return false;
    }
  }

  void stop() {
    stop(process.toHandle(), socket);
  }

  private static void stop(ProcessHandle handle, Path socket) {
    // a server that is stopped or busy does not read: asking must not wait for it
    CompletableFuture<@Nullable String> asked =
        CompletableFuture.supplyAsync(() -> say(socket, "SHUTDOWN"));
    if (!pause(handle, STOP_SECONDS * 1_000)) {
      handle.destroyForcibly();
      pause(handle, STOP_SECONDS * 1_000);
    }
    asked.cancel(true);
  }

  /** Waits for the end of a process, at most so long; says whether it ended. */
  private static boolean pause(ProcessHandle handle, long millis) {
    try {
      handle.onExit().get(millis, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      return !handle.isAlive();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return !handle.isAlive();
    }
  }

  /** One inline command and the first line of its answer; null when nobody answers. */
  private static @Nullable String say(Path socket, String command) {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      channel.write(ByteBuffer.wrap((command + "\r\n").getBytes(StandardCharsets.US_ASCII)));
      ByteBuffer answer = ByteBuffer.allocate(256);
      int read = channel.read(answer);
      return read <= 0
          ? null
          : new String(answer.array(), 0, read, StandardCharsets.US_ASCII).strip();
    } catch (IOException e) {
      return null;
    }
  }

  private static String lastLine(Path log) {
    try {
      List<String> lines = Files.readAllLines(log);
      return lines.isEmpty() ? "it says nothing" : lines.get(lines.size() - 1);
    } catch (IOException e) {
      return "its log cannot be read";
    }
  }
}
