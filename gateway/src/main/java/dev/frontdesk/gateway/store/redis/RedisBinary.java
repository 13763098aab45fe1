// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;
import redis.embedded.model.OsArchitecture;

/**
 * A redis-server that runs on this machine and the version it states itself. Chosen in this order:
 * the configured one; one on PATH that is newer than the bundled one; the bundled one. Blocking.
 */
record RedisBinary(Path path, Version version) {

  private static final Pattern STATED = Pattern.compile("v=(\\d+)\\.(\\d+)\\.(\\d+)");
  private static final long PATIENCE_SECONDS = 10;

  /** A version of Redis; ordered. */
  record Version(int major, int minor, int patch) implements Comparable<Version> {

    static @Nullable Version find(String text) {
      Matcher matcher = STATED.matcher(text.startsWith("v=") ? text : " " + text);
      return matcher.find()
          ? new Version(
              Integer.parseInt(matcher.group(1)),
              Integer.parseInt(matcher.group(2)),
              Integer.parseInt(matcher.group(3)))
          : null;
    }

    /** Whether files written by {@code other} may be beyond this version: patches do not matter. */
    boolean isOlderThan(Version other) {
      return major != other.major ? major < other.major : minor < other.minor;
    }

    @Override
    public int compareTo(Version other) {
      int byMajor = Integer.compare(major, other.major);
      int byMinor = byMajor != 0 ? byMajor : Integer.compare(minor, other.minor);
      return byMinor != 0 ? byMinor : Integer.compare(patch, other.patch);
    }

    @Override
    public String toString() {
      return major + "." + minor + "." + patch;
    }
  }

  /**
   * Chooses and tries one.
   *
   * @param configured {@code redis.embedded.binary}, or null
   * @param folder where the bundled one is unpacked, once
   * @param searchPath the value of PATH, or null
   * @throws EmbeddedRedisException in one line: what cannot run, and the way out
   */
  static RedisBinary choose(@Nullable String configured, Path folder, @Nullable String searchPath) {
    if (configured != null && !configured.isEmpty()) {
      return tried(Path.of(configured), "redis.embedded.binary " + configured);
    }
    Version bundled = bundledVersion();
    Path installed = onPath(searchPath);
    if (installed != null) {
      try {
        RedisBinary found = tried(installed, installed.toString());
        if (bundled == null || found.version().compareTo(bundled) > 0) {
          return found;
        }
      } catch (EmbeddedRedisException e) {
        // one that cannot run is as good as none: the bundled one follows
      }
    }
    return tried(unpacked(folder), "the bundled redis-server");
  }

  private static @Nullable Path onPath(@Nullable String searchPath) {
    if (searchPath == null) {
      return null;
    }
    for (String folder : searchPath.split(java.io.File.pathSeparator, -1)) {
      Path candidate = folder.isEmpty() ? null : Path.of(folder, "redis-server");
      if (candidate != null && Files.isExecutable(candidate)) {
        return candidate;
      }
    }
    return null;
  }

  /** By its file name: {@code redis-server-6.2.6-v5-linux-amd64}. */
  private static @Nullable Version bundledVersion() {
    String name = bundledName();
    return name == null ? null : Version.find(name.replace("redis-server-", "v="));
  }

  private static @Nullable String bundledName() {
    try {
      Map<OsArchitecture, String> names = ExecutableProvider.newProvidedVersionsMap();
      return names.get(OsArchitecture.detectOSandArchitecture());
    } catch (RuntimeException e) {
      return null; // an architecture the library does not know has no bundled binary
    }
  }

  private static Path unpacked(Path folder) {
    String name = bundledName();
    if (name == null) {
      throw new EmbeddedRedisException(
          "no redis-server is bundled for this machine: install redis-server, or set redis.url");
    }
    Path target = folder.resolve(name.substring(name.lastIndexOf('/') + 1));
    if (Files.isExecutable(target)) {
      return target;
    }
    try (InputStream in =
        ExecutableProvider.class.getResourceAsStream(name.startsWith("/") ? name : "/" + name)) {
      if (in == null) {
        throw new EmbeddedRedisException(
            "the jar lacks " + name + ": install redis-server, or set redis.url");
      }
      Files.createDirectories(folder);
      place(in, target);
      return target;
    } catch (IOException e) {
      throw new EmbeddedRedisException("the bundled redis-server cannot be unpacked: " + e);
    }
  }

  /** Whole or not at all, by a name of its own: another process may unpack here just now. */
  private static void place(InputStream in, Path target) throws IOException {
    Path partial =
        Files.createTempFile(target.getParent(), target.getFileName().toString(), ".part");
    try {
      Files.copy(in, partial, StandardCopyOption.REPLACE_EXISTING);
      if (!partial.toFile().setExecutable(true, true)) {
        throw new EmbeddedRedisException(partial + " cannot be made executable");
      }
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private static RedisBinary tried(Path path, String what) {
    String said;
    try {
      Process process =
          new ProcessBuilder(path.toString(), "--version").redirectErrorStream(true).start();
      process.getOutputStream().close();
      said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      said = String.valueOf(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      said = "interrupted";
    }
    Version version = Version.find(said);
    if (version == null) {
      throw new EmbeddedRedisException(
          what
              + " cannot run here ("
              + said.lines().findFirst().orElse("it says nothing")
              + "): install redis-server, or set redis.url");
    }
    return new RedisBinary(path, version);
  }
}
