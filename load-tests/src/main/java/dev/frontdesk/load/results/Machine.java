// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.results;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What figures depend on: this machine now, and the commit that runs. Linux. */
public final class Machine {

  private static final int SYNCS = 200;
  private static final int BYTES = 5_000;

  /** What {@code redis-server --version} says. */
  private static final Pattern STATED = Pattern.compile("v=([0-9.]+)");

  /** A run's own results, and pages, do not change what was measured. */
  private static final List<String> UNMEASURED = List.of(":!load-tests/results", ":!*.md");

  private final Path project;

  /** {@code project}: its folder. */
  public Machine(Path project) {
    this.project = project;
  }

  /** Commit and machine in one line, with what the disk takes at this moment. */
  public String line() {
    double[] syncs = syncMillis();
    String options = System.getenv().getOrDefault("FRONTDESK_JAVA_OPTS", "");
    return String.format(
        Locale.ROOT,
        "(commit %s; %d cores of %s, %d GiB; fdatasync of 5 kB %.1f ms (median), %.1f ms (p95);"
            + " Redis %s, Java %s%s)",
        commit(),
        Runtime.getRuntime().availableProcessors(),
        processor(),
        memoryGib(),
        syncs[SYNCS / 2],
        syncs[SYNCS * 95 / 100],
        redis(),
        System.getProperty("java.version"),
        options.isEmpty() ? "" : "; FRONTDESK_JAVA_OPTS=" + options);
  }

  /** The commit, and whether there are changes beside results and pages. */
  public String commit() {
    String commit = output("git", "rev-parse", "--short", "HEAD").orElse("unknown").strip();
    String[] status = {"git", "status", "--porcelain", "--", ".", UNMEASURED.get(0), ""};
    status[status.length - 1] = UNMEASURED.get(1);
    return commit + (output(status).orElse("").isBlank() ? "" : " with changes");
  }

  /** The server that gateways start: the one on PATH if it is newer than the bundled one. */
  private String redis() {
    String bundled = "6.2.6";
    Matcher stated = STATED.matcher(output("redis-server", "--version").orElse(""));
    return stated.find() && isNewer(stated.group(1), bundled) ? stated.group(1) : bundled;
  }

  /** Whether a version is above another, number by number. */
  static boolean isNewer(String version, String other) {
    String[] ours = version.split("\\.", -1);
    String[] theirs = other.split("\\.", -1);
    for (int i = 0; i < Math.min(ours.length, theirs.length); i++) {
      int compared = Integer.compare(Integer.parseInt(ours[i]), Integer.parseInt(theirs[i]));
      if (compared != 0) {
        return compared > 0;
      }
    }
    return ours.length > theirs.length;
  }

  private static String processor() {
    return field("/proc/cpuinfo", "model name").orElse(System.getProperty("os.arch"));
  }

  private static long memoryGib() {
    long kib =
        field("/proc/meminfo", "MemTotal")
            .map(value -> Long.parseLong(value.replaceAll("\\D", "")))
            .orElse(0L);
    return Math.round(kib / 1048576.0);
  }

  private static Optional<String> field(String file, String name) {
    try {
      return Files.readAllLines(Path.of(file)).stream()
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** How long each of many appends took to reach the disk that runs are on, ascending, ms. */
  private double[] syncMillis() {
    double[] millis = new double[SYNCS];
    try {
      Path file = Files.createTempFile("fd-load", "sync");
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.APPEND)) {
        for (int i = 0; i < SYNCS; i++) {
          long before = System.nanoTime();
          int written = channel.write(ByteBuffer.allocate(BYTES));
          assert written == BYTES;
          channel.force(false);
          millis[i] = (System.nanoTime() - before) / 1e6;
        }
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Arrays.sort(millis);
    return millis;
  }

  /** What a program prints; empty if there is none, or it fails. */
  private Optional<String> output(String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(project.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      boolean ended = process.waitFor(10, TimeUnit.SECONDS);
      return ended && process.exitValue() == 0 ? Optional.of(text) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
