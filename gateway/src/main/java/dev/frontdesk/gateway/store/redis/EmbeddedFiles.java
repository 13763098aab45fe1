// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import dev.frontdesk.config.FrontdeskConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The files of an embedded store, for whoever backs it up or puts a backup in its place. A folder
 * is {@code dataDir}; while {@code dataDir/restoring} is there nothing but a restore may start on
 * it. Blocking.
 */
public final class EmbeddedFiles {

  private static final String UNFINISHED = "restoring";

  /** What may be there before anything was stored. */
  private static final Set<String> NOTHING = Set.of("lock", "lost+found", "redis", UNFINISHED);

  private EmbeddedFiles() {}

  /** Where Redis puts a snapshot. */
  static Path dump(Path dataDir) {
    return dataDir.toAbsolutePath().normalize().resolve("redis").resolve("dump.rdb");
  }

  /** Where the server that runs on a folder listens; empty when no gateway runs on it. */
  public static Optional<RedisAddress> running(Path dataDir) throws IOException {
    if (!DataFolder.isTaken(dataDir)) {
      return Optional.empty();
    }
    Path process = dataDir.resolve("redis").resolve("redis.pid");
    List<String> lines = Files.exists(process) ? Files.readAllLines(process) : List.of();
    return lines.size() < 2
        ? Optional.empty() // of an external Redis, or not yet started
        : Optional.of(RedisAddress.of(Path.of(lines.get(1))));
  }

  /** Whether a gateway runs there. */
  public static boolean isInUse(Path dataDir) throws IOException {
    return DataFolder.isTaken(dataDir);
  }

  /** Whether nothing is stored there, but for what an unfinished restore left. */
  public static boolean isEmpty(Path dataDir) throws IOException {
    if (!Files.exists(dataDir) || isUnfinished(dataDir)) {
      return true;
    }
    try (Stream<Path> entries = Files.list(dataDir)) {
      if (!entries.allMatch(entry -> NOTHING.contains(String.valueOf(entry.getFileName())))) {
        return false;
      }
    }
    Path redis = dataDir.resolve("redis");
    if (!Files.isDirectory(redis)) {
      return true;
    }
    try (Stream<Path> entries = Files.list(redis)) {
      return entries.noneMatch(EmbeddedFiles::isStored);
    }
  }

  /** Whether a restore began there and did not end. */
  public static boolean isUnfinished(Path dataDir) {
    return Files.exists(dataDir.resolve(UNFINISHED));
  }

  /** Everything there is whole now. */
  public static void finished(Path dataDir) throws IOException {
    Files.deleteIfExists(dataDir.resolve(UNFINISHED));
  }

  /** How a snapshot comes to its place. */
  @FunctionalInterface
  public interface Unpacking {
    void to(Path target) throws IOException;
  }

  /**
   * Puts a snapshot where the next start reads it: as {@code appendonly.aof}, a form that 6.2 reads
   * as it is and 7.0 takes into its folder. What was there goes to {@code aside}. The folder stays
   * unfinished.
   *
   * @param version of the Redis that wrote the snapshot
   * @throws EmbeddedRedisException when a gateway runs there, or its Redis is older than that
   */
  public static void plant(
      Path dataDir, FrontdeskConfig.Embedded config, String version, Path aside, Unpacking snapshot)
      throws IOException {
    try (DataFolder folder = DataFolder.take(dataDir)) {
      boolean unused = ServerProcess.stopLeftBehind(folder);
      RedisBinary binary =
          RedisBinary.choose(config.binary(), folder.binaries(), System.getenv("PATH"));
      RedisBinary.Version written = RedisBinary.Version.find("v=" + version);
      if (written == null || binary.version().isOlderThan(written)) {
        throw new EmbeddedRedisException(
            "the backup was written by Redis "
                + version
                + ", "
                + binary.path()
                + " is "
                + binary.version()
                + ": install redis-server "
                + version
                + " or newer, or name one in redis.embedded.binary");
      }
      Files.writeString(dataDir.resolve(UNFINISHED), "", StandardOpenOption.CREATE);
      clear(folder.redis(), aside);
      Files.deleteIfExists(dataDir.resolve("seen"));
      snapshot.to(folder.redis().resolve("appendonly.aof"));
      Files.writeString(folder.redis().resolve("version"), version + "\n");
    }
  }

  /** Moves what Redis wrote; binaries and sockets stay. */
  private static void clear(Path redis, Path aside) throws IOException {
    List<Path> stored;
    try (Stream<Path> entries = Files.list(redis)) {
      stored = entries.filter(EmbeddedFiles::isStored).toList();
    }
    if (!stored.isEmpty()) {
      Path unused = DataFolder.owned(aside);
    }
    for (Path entry : stored) {
      Files.move(entry, aside.resolve(entry.getFileName()));
    }
  }

  private static boolean isStored(Path entry) {
    String name = String.valueOf(entry.getFileName());
    return name.startsWith("appendonly") || name.equals("version") || name.endsWith(".rdb");
  }
}
