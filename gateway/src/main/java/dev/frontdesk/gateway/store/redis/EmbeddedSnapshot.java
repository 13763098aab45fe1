// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import dev.frontdesk.gateway.store.RedisKeys;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * A snapshot of a running embedded server: {@code BGSAVE}, which shows one moment of all keys
 * whatever form the append-only file has (one file in 6.2, a folder with a manifest from 7.0 on).
 * The server goes on meanwhile; a failed one changes nothing.
 */
public final class EmbeddedSnapshot {

  private static final long LOOK_MILLIS = 50;

  private final Vertx vertx;
  private final RedisConnection connection;
  private final Path dump;

  private EmbeddedSnapshot(Vertx vertx, RedisConnection connection, Path dump) {
    this.vertx = vertx;
    this.connection = connection;
    this.dump = dump;
  }

  /**
   * What was taken.
   *
   * @param file where Redis wrote it; whoever took it deletes it
   * @param at the store's time just before
   * @param redis the version of the server
   */
  public record Taken(Path file, Instant at, String redis) {}

  /** Takes one; fails when Redis cannot write it, an exception with one sentence. */
  public static Future<Taken> take(Vertx vertx, RedisConnection connection, Path dataDir) {
    EmbeddedSnapshot snapshot =
        new EmbeddedSnapshot(vertx, connection, EmbeddedFiles.dump(dataDir));
    return StoreSettings.read(connection)
        .compose(
            settings ->
                connection
                    .ask(0, redis -> redis.time())
                    .compose(
                        time ->
                            snapshot
                                .made()
                                .map(
                                    done ->
                                        new Taken(
                                            snapshot.dump,
                                            Instant.ofEpochSecond(Long.parseLong(time.get(0))),
                                            settings.version()))));
  }

  private Future<Void> made() {
    return ended()
        .compose(none -> vertx.executeBlocking(this::deleted))
        .compose(gone -> begun())
        .compose(answer -> written(answer.contains("started")));
  }

  /** Another snapshot on its way ends first: what it began with may be old. */
  private Future<Void> ended() {
    return running().compose(runs -> runs ? later().compose(v -> ended()) : nothing());
  }

  private Boolean deleted() {
    try {
      return Files.deleteIfExists(dump);
    } catch (IOException e) {
      throw new UncheckedIOException(dump + " of an earlier backup cannot be deleted", e);
    }
  }

  /** Begun at once, or by Redis itself when it has rewritten its file. */
  private Future<String> begun() {
    return connection.ask(
        0,
        redis ->
            redis.dispatch(
                CommandType.BGSAVE,
                new StatusOutput<>(StringCodec.UTF8),
                new CommandArgs<>(StringCodec.UTF8).add("SCHEDULE")));
  }

  /** Redis gives it its name when it is whole. */
  private Future<Void> written(boolean began) {
    return running()
        .compose(
            runs -> {
              if (runs) {
                return later().compose(v -> written(true));
              }
              return vertx
                  .executeBlocking(() -> Files.exists(dump))
                  .compose(
                      there -> {
                        if (there) {
                          return nothing();
                        }
                        return began
                            ? Future.failedFuture(
                                new IOException(
                                    "Redis could not write its snapshot, is the disk full? See "
                                        + dump.resolveSibling("redis.log")))
                            : later().compose(v -> written(false));
                      });
            });
  }

  private Future<Boolean> running() {
    return connection
        .<String>ask(0, redis -> redis.info("persistence"))
        .map(lines -> lines.contains("rdb_bgsave_in_progress:1"));
  }

  private Future<Void> later() {
    Promise<Void> later = Promise.promise();
    vertx.setTimer(LOOK_MILLIS, timer -> later.complete());
    return later.future();
  }

  private static Future<Void> nothing() {
    return Future.succeededFuture();
  }

  /** The epochs of workspaces that have one, in the order asked. */
  public static Future<List<String>> epochs(RedisConnection connection, List<String> workspaces) {
    String[] keys =
        workspaces.stream().map(id -> new RedisKeys(id).epoch().name()).toArray(String[]::new);
    return keys.length == 0
        ? Future.succeededFuture(List.of())
        : connection
            .ask(0, redis -> redis.mget(keys))
            .map(rows -> rows.stream().map(row -> row.getValueOrElse("")).toList());
  }
}
