// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A gateway as its own process, started as users start it. Its log goes to a file; what Vert.x says
 * about blocked threads is counted ({@link HeldLoops}).
 */
public final class GatewayProcess implements AutoCloseable {

  /** What fails a run when an event loop is held longer, ms (issue: 100). */
  public static final String LOOP_LIMIT = "-Dfrontdesk.maxEventLoopMillis=100";

  private static final String JAR = "gateway/target/frontdesk-all.jar";
  private static final String OPTIONS = "FRONTDESK_JAVA_OPTS";
  private static final String LISTENING = "frontdesk listening public=";

  private final Process process;
  private final URI publicUrl;
  private final URI managementUrl;
  private final long startMillis;
  private final HeldLoops loops;

  private GatewayProcess(
      Process process, URI publicUrl, URI managementUrl, long startMillis, HeldLoops loops) {
    this.process = process;
    this.publicUrl = publicUrl;
    this.managementUrl = managementUrl;
    this.startMillis = startMillis;
    this.loops = loops;
  }

  /** The project's {@code frontdesk} script, found from this folder or one above it. */
  private static Path script() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path script = at.resolve("frontdesk");
      if (Files.isExecutable(script) && Files.exists(at.resolve(JAR))) {
        return script;
      }
    }
    throw new IllegalStateException(JAR + " is absent, build it first: ./frontdesk --version");
  }

  /** The project's folder. */
  public static Path root() {
    return Objects.requireNonNull(script().getParent());
  }

  /**
   * Starts a gateway by the script that users start it with, so with its options of the JVM, and
   * waits until it listens, at most 30 s. Options in {@code FRONTDESK_JAVA_OPTS} of the environment
   * and of this process are added, as for a user.
   *
   * @param config its configuration; ports 0 pick free ones
   * @param log where its output goes, appended
   */
  public static GatewayProcess start(Path config, Path log, Map<String, String> environment) {
    return start(List.of(), config, log, environment);
  }

  /**
   * The same by another command, such as {@code nice -n 5}, which gets the script and its
   * arguments.
   */
  public static GatewayProcess start(
      List<String> by, Path config, Path log, Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(environment);
    String own = environment.getOrDefault(OPTIONS, "");
    String added = own + " " + System.getenv().getOrDefault(OPTIONS, "");
    all.put(OPTIONS, (LOOP_LIMIT + " " + HeldLoops.STOPS + " " + added).trim());
    all.put("JAVA_HOME", System.getProperty("java.home"));
    List<String> command = new ArrayList<>(by);
    command.addAll(
        List.of(script().toString(), "run", "--config", config.toAbsolutePath().toString()));
    return launch(command, log, all);
  }

  /**
   * Starts a process that says like a gateway where it listens, and waits until it does, at most 30
   * s.
   */
  public static GatewayProcess launch(
      List<String> command, Path log, Map<String, String> environment) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    long began = System.nanoTime();
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new IllegalStateException("the gateway did not start", e);
    }
    try {
      HeldLoops loops = new HeldLoops();
      CompletableFuture<String> line = new CompletableFuture<>();
      Thread reader = new Thread(() -> follow(process, log, line, loops), "gateway-output");
      reader.setDaemon(true);
      reader.start();
      String[] urls =
          line.get(30, TimeUnit.SECONDS)
              .substring(LISTENING.length())
              .trim()
              .split(" management=", 2);
      long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
      return new GatewayProcess(process, URI.create(urls[0]), URI.create(urls[1]), took, loops);
    } catch (ExecutionException | TimeoutException e) {
      // the script may be building what is older than its sources
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new IllegalStateException("the gateway did not start, see " + log, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void follow(
      Process process, Path log, CompletableFuture<String> listening, HeldLoops loops) {
    try (BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        var out =
            Files.newBufferedWriter(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (loops.sees(line)) {
          continue;
        }
        out.write(line);
        out.newLine();
        out.flush();
        if (line.startsWith(LISTENING)) {
          listening.complete(line);
        }
      }
      listening.completeExceptionally(new IOException("the gateway ended before it listened"));
    } catch (IOException e) {
      listening.completeExceptionally(e);
    }
  }

  public URI publicUrl() {
    return publicUrl;
  }

  public URI managementUrl() {
    return managementUrl;
  }

  /** From the start of the process until it listened, ms. */
  public long startMillis() {
    return startMillis;
  }

  /**
   * Warnings so far of event loops that our code held; a run with one is not clean. Those that a
   * stop of the JVM explains are in {@link #stops}.
   */
  public int blockedWarnings() {
    return loops.byCode();
  }

  /** How many more warnings stops of the JVM explain, for people: {@code stops=3 longest=191ms}. */
  public String stops() {
    return "stops=" + loops.byJvm() + " longest=" + loops.longestStopMillis() + "ms";
  }

  /** Whether its process runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  public long pid() {
    return process.pid();
  }

  /** {@code kill -9}. */
  public void kill() {
    process.destroyForcibly();
    await(10);
  }

  /** SIGTERM; returns the exit code. */
  public int stop() {
    process.destroy();
    return await(40);
  }

  private int await(int seconds) {
    try {
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("the gateway did not end within " + seconds + " s");
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Resident memory of the process, bytes (Linux). */
  public long residentBytes() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid() + "/status"))) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
        }
      }
      return -1;
    } catch (IOException e) {
      return -1;
    }
  }

  /** Ends it as an operator would, if it still runs: killed, it would leave its Redis behind. */
  @Override
  public void close() {
    if (process.isAlive()) {
      stop();
    }
  }
}
