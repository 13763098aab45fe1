// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import dev.frontdesk.gateway.store.StoreUnavailableException;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How the live server is set, read from it and not from a file: an effective setting may differ
 * from what was written down.
 *
 * @param version of Redis, by its own words
 * @param appendOnly whether it keeps an append-only file
 * @param appendFsync always, everysec, no; empty when the server does not tell
 * @param eviction what it does at {@code maxMemory}; empty when it does not tell
 * @param maxMemory bytes, 0: no bound
 */
public record StoreSettings(
    String version, boolean appendOnly, String appendFsync, String eviction, long maxMemory) {

  private static final Pattern VERSION = Pattern.compile("redis_version:(\\S+)");
  private static final String UNKNOWN = "";

  /**
   * Asks the server.
   *
   * @return fails with {@link StoreUnavailableException} when it evicts: it would throw away timers
   *     and conversations when memory runs out, silently
   */
  public static Future<StoreSettings> read(RedisConnection connection) {
    return readAll(connection).map(all -> all.get(0));
  }

  /** The same of every server that takes writes: one, unless it is a cluster. */
  public static Future<List<StoreSettings>> readAll(RedisConnection connection) {
    List<Future<StoreSettings>> each = new ArrayList<>();
    connection.shards().forEach(shard -> each.add(read(connection, shard)));
    return each.isEmpty()
        ? Future.failedFuture(new StoreUnavailableException("store: no master", false, null))
        : Future.all(each).map(all -> all.list());
  }

  private static Future<StoreSettings> read(RedisConnection connection, Links.Shard shard) {
    Future<String> version =
        connection.<String>ask(shard, redis -> redis.info("server")).map(StoreSettings::version);
    Future<String> appendOnly = setting(connection, shard, "appendonly");
    Future<String> fsync = setting(connection, shard, "appendfsync");
    Future<String> eviction = setting(connection, shard, "maxmemory-policy");
    Future<String> maxMemory = setting(connection, shard, "maxmemory");
    return Future.all(List.of(version, appendOnly, fsync, eviction, maxMemory))
        .map(
            all ->
                new StoreSettings(
                    all.resultAt(0),
                    "yes".equals(all.<String>resultAt(1)),
                    all.resultAt(2),
                    all.resultAt(3),
                    all.<String>resultAt(4).isEmpty() ? 0 : Long.parseLong(all.resultAt(4))))
        .compose(StoreSettings::refuseEviction);
  }

  private static String version(String server) {
    Matcher matcher = VERSION.matcher(server);
    return matcher.find() ? matcher.group(1) : UNKNOWN;
  }

  /** Some hosted servers do not let anyone read their settings: then it is unknown, not wrong. */
  static Future<String> setting(RedisConnection connection, Links.Shard shard, String name) {
    return connection
        .ask(shard, redis -> redis.configGet(name))
        .map(answer -> answer.getOrDefault(name, UNKNOWN))
        .recover(
            cause ->
                cause instanceof StoreUnavailableException refused && !refused.outcomeUnknown()
                    ? Future.succeededFuture(UNKNOWN)
                    : Future.failedFuture(cause));
  }

  private static Future<StoreSettings> refuseEviction(StoreSettings settings) {
    return settings.eviction().isEmpty() || settings.eviction().equals("noeviction")
        ? Future.succeededFuture(settings)
        : Future.failedFuture(
            new StoreUnavailableException(
                "store: maxmemory-policy is "
                    + settings.eviction()
                    + ", which throws away timers and conversations when memory runs out; expected"
                    + " noeviction",
                false,
                null));
  }

  /** One line for people: what each says of itself, once where several say the same. */
  public static String statement(List<StoreSettings> masters) {
    String said =
        masters.stream().map(StoreSettings::statement).distinct().collect(Collectors.joining("; "));
    return masters.size() == 1 ? said : masters.size() + " masters of a cluster: " + said;
  }

  /** One line for people: version, durability, and what an acknowledged message survives. */
  public String statement() {
    String policy = eviction.isEmpty() ? "unknown" : eviction;
    return "Redis "
        + version
        + ", "
        + durability()
        + ", maxmemory-policy "
        + policy
        + ": "
        + survives();
  }

  private String durability() {
    if (appendFsync.isEmpty()) {
      return "durability not told";
    }
    return appendOnly ? "appendonly yes, appendfsync " + appendFsync : "appendonly no";
  }

  private String survives() {
    if (appendFsync.isEmpty()) {
      return "what an acknowledged message survives is for the server's operator to say";
    }
    if (!appendOnly) {
      return "an acknowledged message survives a crash of the gateway, but NOT of Redis";
    }
    return switch (appendFsync) {
      case "always" ->
          "an acknowledged message survives a crash of the gateway, of Redis, and a loss of power";
      case "everysec" ->
          "an acknowledged message survives a crash of the gateway and of Redis; a loss of power may"
              + " take the last 2 seconds";
      default ->
          "an acknowledged message survives a crash of the gateway and of Redis; a loss of power may"
              + " take the last 30 seconds";
    };
  }
}
