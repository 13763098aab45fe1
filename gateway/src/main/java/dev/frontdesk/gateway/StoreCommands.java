// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway;

import static dev.frontdesk.gateway.ServerProcess.await;
import static dev.frontdesk.gateway.ServerProcess.stated;

import dev.frontdesk.config.ConfigLoader;
import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.config.LoadedConfig;
import dev.frontdesk.gateway.backup.BackupFile;
import dev.frontdesk.gateway.backup.BackupLabel;
import dev.frontdesk.gateway.store.StoreAlarms;
import dev.frontdesk.gateway.store.redis.BackupTurn;
import dev.frontdesk.gateway.store.redis.EmbeddedFiles;
import dev.frontdesk.gateway.store.redis.EmbeddedRedis;
import dev.frontdesk.gateway.store.redis.EmbeddedRedisException;
import dev.frontdesk.gateway.store.redis.EmbeddedSnapshot;
import dev.frontdesk.gateway.store.redis.RedisAddress;
import dev.frontdesk.gateway.store.redis.RedisConnection;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What an operator does to a store as a whole: {@code adopt}, {@code backup}, {@code restore}. Each
 * answers lines to print, or fails with one sentence (an {@link IOException}). Blocking.
 */
final class StoreCommands {

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** A snapshot or a load of tens of gigabytes; an answer of Redis is waited for much shorter. */
  private static final int SNAPSHOT_SECONDS = 3_600;

  /** Of one command of a backup: nobody waits for it, and forking stops a large server a while. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ConfigLoader loader;
  private final ConnectorCatalog catalog;
  private final InstantSource clock;

  StoreCommands(ConfigLoader loader, ConnectorCatalog catalog, InstantSource clock) {
    this.clock = clock;
    this.loader = loader;
    this.catalog = catalog;
  }

  /** Takes the store of a configuration for ours in every workspace. */
  List<String> adopt(Path file) throws Exception {
    LoadedConfig loaded = loader.load(file);
    return with(
        vertx -> {
          StoreRoom room =
              stated(
                  StoreRoom.open(vertx, loaded.config(), StoreAlarms.NONE, nanos -> {}),
                  "the store did not open within");
          return adopted(vertx, room, loaded.config(), "the store was taken for ours again")
              .stream()
              .map(Adoption.Taken::line)
              .toList();
        });
  }

  private List<Adoption.Taken> adopted(
      Vertx vertx, StoreRoom room, FrontdeskConfig config, String why) throws Exception {
    Adoption adoption = new Adoption(vertx, room.store(), catalog, config);
    List<Adoption.Taken> taken = new ArrayList<>();
    for (String workspace : config.workspaces().keySet()) {
      taken.add(
          stated(
              adoption.take(workspace, why + ": it may have been sent before"),
              "the store was not adopted within",
              SNAPSHOT_SECONDS));
    }
    stated(room.close(), "the store did not close within");
    return taken;
  }

  /** Writes a backup of the store, whether a gateway runs on it or not. */
  List<String> backup(Path file, @Nullable Path to) throws Exception {
    FrontdeskConfig config = embedded(loader.load(file).config(), "backup");
    Path dataDir = Path.of(config.dataDir());
    if (EmbeddedFiles.isUnfinished(dataDir)) {
      throw new IOException(
          "dataDir " + dataDir + " holds a restore that did not end: run frontdesk restore again");
    }
    if (!Files.isDirectory(dataDir.resolve("redis"))) {
      throw new IOException("dataDir " + dataDir + " holds no store: nothing to back up");
    }
    refuse(to);
    BackupTurn turn = BackupTurn.await(dataDir, Duration.ofSeconds(SNAPSHOT_SECONDS));
    try {
      return with(vertx -> backup(vertx, config, dataDir, to));
    } finally {
      turn.close();
    }
  }

  /** A name that no backup can have; better said before the snapshot than after it. */
  private static void refuse(@Nullable Path to) throws IOException {
    if (to == null) {
      return;
    }
    if (to.toString().isEmpty() || Files.isDirectory(to)) {
      throw new IOException("--to is \"" + to + "\", expected the name of a file, not of a folder");
    }
    if (Files.exists(to)) {
      throw new IOException(to + " exists already and was left as it is");
    }
  }

  private static List<String> backup(
      Vertx vertx, FrontdeskConfig config, Path dataDir, @Nullable Path to) throws Exception {
    Optional<RedisAddress> running = EmbeddedFiles.running(dataDir);
    EmbeddedRedis own =
        running.isPresent()
            ? null
            : stated(
                EmbeddedRedis.start(vertx, dataDir, config.redis().embedded(), StoreAlarms.NONE),
                "the store did not open within");
    RedisAddress address = own == null ? running.orElseThrow() : own.address();
    try {
      RedisConnection connection =
          stated(
              RedisConnection.open(vertx, address, PATIENCE, 1_000, nanos -> {}),
              "the store did not answer within");
      try {
        return written(vertx, connection, config, dataDir, to);
      } finally {
        await(connection.close(), 10);
      }
    } finally {
      if (own != null) {
        await(own.close(), 30);
      }
    }
  }

  private static List<String> written(
      Vertx vertx,
      RedisConnection connection,
      FrontdeskConfig config,
      Path dataDir,
      @Nullable Path to)
      throws Exception {
    List<String> workspaces = List.copyOf(config.workspaces().keySet());
    List<String> found =
        stated(EmbeddedSnapshot.epochs(connection, workspaces), "the store did not answer within");
    EmbeddedSnapshot.Taken taken =
        stated(
            EmbeddedSnapshot.take(vertx, connection, dataDir),
            "the snapshot was not written within",
            SNAPSHOT_SECONDS);
    try {
      Map<String, String> epochs = new TreeMap<>();
      for (int i = 0; i < workspaces.size(); i++) {
        if (!found.get(i).isEmpty()) {
          epochs.put(workspaces.get(i), found.get(i));
        }
      }
      BackupLabel label =
          new BackupLabel(
              taken.at(),
              version(),
              taken.redis(),
              epochs,
              Files.size(taken.file()),
              BackupFile.digestOf(taken.file()));
      Path target =
          to == null ? Path.of("backups", "frontdesk-" + STAMP.format(taken.at()) + ".zip") : to;
      BackupFile written = BackupFile.write(target, label, taken.file());
      return List.of(
          "backup "
              + target
              + ": of "
              + written.label().madeAt()
              + ", workspaces "
              + written.label().epochs().keySet()
              + ", "
              + Files.size(target)
              + " bytes, Redis "
              + written.label().redis()
              + ", Frontdesk "
              + written.label().frontdesk(),
          "it is whole (sha256 "
              + written.label().sha256()
              + " of its snapshot); it holds messages in plain text, only its owner may read it");
    } catch (FileAlreadyExistsException e) {
      throw new IOException(e.getMessage() + " exists already and was left as it is", e);
    } finally {
      Files.deleteIfExists(taken.file());
    }
  }

  /** Puts a backup in the place of the store, and holds what it would send again. */
  List<String> restore(Path file, Path archive, boolean replace) throws Exception {
    FrontdeskConfig config = embedded(loader.load(file).config(), "restore");
    Path dataDir = Path.of(config.dataDir());
    BackupFile backup = BackupFile.checked(archive);
    refuseMissing(archive, backup.label(), config);
    if (EmbeddedFiles.isInUse(dataDir)) {
      throw new IOException(
          "dataDir " + dataDir + " is in use by a gateway: stop it, or set another dataDir");
    }
    boolean empty = EmbeddedFiles.isEmpty(dataDir);
    if (!empty && !replace) {
      throw new IOException(
          "dataDir "
              + dataDir
              + " is not empty and was left as it is: set an empty one, or say --replace");
    }
    Instant now = clock.instant();
    Path aside = dataDir.resolve("replaced-" + STAMP.format(now));
    try {
      EmbeddedFiles.plant(
          dataDir, config.redis().embedded(), backup.label().redis(), aside, backup::unpack);
    } catch (EmbeddedRedisException e) {
      throw new IOException(e.getMessage(), e);
    }
    List<Adoption.Taken> taken =
        with(
            vertx -> {
              StoreRoom room =
                  stated(
                      StoreRoom.openUnfinished(vertx, config),
                      "the store did not open within",
                      SNAPSHOT_SECONDS);
              return adopted(vertx, room, config, "restored from a backup");
            });
    EmbeddedFiles.finished(dataDir);
    List<String> lines = new ArrayList<>();
    lines.add(
        "restored "
            + archive
            + " into "
            + dataDir
            + ": as of "
            + backup.label().madeAt()
            + ", "
            + age(backup.label().madeAt(), now)
            + " ago");
    taken.forEach(one -> lines.add("restored " + one.line()));
    if (Files.isDirectory(aside)) {
      lines.add("what was there is in " + aside);
    }
    return lines;
  }

  /** As {@code 26h3m20s}. */
  private static String age(Instant madeAt, Instant now) {
    Duration age = Duration.between(madeAt, now).truncatedTo(ChronoUnit.SECONDS);
    return age.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
  }

  private static void refuseMissing(Path archive, BackupLabel label, FrontdeskConfig config)
      throws IOException {
    TreeSet<String> missing = new TreeSet<>(label.epochs().keySet());
    missing.removeAll(config.workspaces().keySet());
    if (!missing.isEmpty()) {
      throw new IOException(
          archive
              + " holds workspaces that the configuration lacks: "
              + missing
              + "; add them, or what they have to send would not be held back");
    }
  }

  private static FrontdeskConfig embedded(FrontdeskConfig config, String command)
      throws IOException {
    if (!config.redis().url().isEmbedded()) {
      throw new IOException(
          "redis.url is set: "
              + command
              + " is for the embedded Redis; use the means of that server, then frontdesk adopt");
    }
    return config;
  }

  private static String version() {
    String version = StoreCommands.class.getPackage().getImplementationVersion();
    return version == null ? "(not from a jar)" : version;
  }

  /** Something that needs a Vert.x for as long as it lasts. */
  @FunctionalInterface
  private interface Work<T> {
    T with(Vertx vertx) throws Exception;
  }

  private static <T> T with(Work<T> work) throws Exception {
    Vertx vertx = Vertx.vertx(ServerProcess.options());
    try {
      return work.with(vertx);
    } finally {
      Future<Void> closed = vertx.close();
      await(closed, 10);
    }
  }
}
