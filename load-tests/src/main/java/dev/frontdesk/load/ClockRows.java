// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import dev.frontdesk.gateway.domain.ContactKey;
import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScoredValue;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Every row that a gateway wrote for one conversation, and copies of them: other ids, contacts and
 * times, all else to the byte. Rows are found by the conversation's id, not by knowing the layout;
 * counters of its workspace count the copies. The hashes that remember event ids are left out.
 */
final class ClockRows {

  private static final int BATCH = 500;
  private static final String PREFIX = "{" + LoadConfig.WORKSPACE + "}:";

  private final String id;
  private final String contact;
  private final String digest;
  private final long opened;
  private final long due;
  private final Map<String, Map<String, String>> hashes = new TreeMap<>();
  private final Map<String, List<String>> lists = new TreeMap<>();
  private final Map<String, List<ScoredValue<String>>> sorted = new TreeMap<>();
  private final Map<String, Map<String, Long>> counters = new TreeMap<>();

  /**
   * Reads the rows of the only conversation of the workspace.
   *
   * @param dueAfter from its opening until its clock is due
   */
  ClockRows(RedisCommands<String, String> redis, String contact, Duration dueAfter) {
    this.contact = contact;
    this.digest = new ContactKey(LoadConfig.CHANNEL, contact, null).digest();
    ScoredValue<String> only = redis.zrangeWithScores(PREFIX + "ix", 0, -1).get(0);
    this.id = only.getValue();
    this.opened = (long) only.getScore();
    this.due = opened + dueAfter.toMillis();
    for (String key : redis.keys(PREFIX + "*")) {
      read(redis, key);
    }
  }

  private void read(RedisCommands<String, String> redis, String key) {
    switch (redis.type(key)) {
      case "hash" -> hash(key, redis.hgetall(key));
      case "list" -> {
        if (key.contains(id)) {
          lists.put(key, redis.lrange(key, 0, -1));
        }
      }
      case "zset" -> {
        List<ScoredValue<String>> members =
            redis.zrangeWithScores(key, 0, -1).stream()
                .filter(one -> one.getValue().contains(id))
                .toList();
        if (!members.isEmpty()) {
          sorted.put(key, members);
        }
      }
      default -> {} // the pointer of the contact is written by itself; the others belong to nodes
    }
  }

  private void hash(String key, Map<String, String> fields) {
    if (key.startsWith(PREFIX + "d:")) {
      return;
    }
    if (key.contains(id)) {
      hashes.put(key, fields);
    } else if (fields.containsKey(id)) {
      hashes.put(key, Map.of(id, fields.get(id)));
    } else {
      Map<String, Long> counts = new HashMap<>();
      fields.forEach(
          (field, value) -> {
            if (value.equals("1")) {
              counts.put(field, 1L);
            }
          });
      if (!counts.isEmpty() && !key.startsWith(PREFIX + "a:")) {
        counters.put(key, counts);
      }
    }
  }

  /** The id of a copy: as a gateway makes them, the contact's digest first. */
  static String idOf(int number) {
    String own = new ContactKey(LoadConfig.CHANNEL, contactOf(number), null).digest();
    return own.substring(0, 8) + String.format(Locale.ROOT, "copy%010d", number);
  }

  private static String contactOf(int number) {
    return String.format(Locale.ROOT, "s%07d", number);
  }

  /**
   * Writes copies 0 to {@code copies} - 1. Their clocks are due from {@code firstDue} on, evenly
   * over a second.
   */
  void load(StatefulRedisConnection<String, String> connection, int copies, long firstDue) {
    connection.setAutoFlushCommands(false);
    RedisAsyncCommands<String, String> async = connection.async();
    for (int from = 0; from < copies; from += BATCH) {
      List<RedisFuture<?>> sent = new ArrayList<>();
      for (int i = from; i < Math.min(copies, from + BATCH); i++) {
        copy(async, i, firstDue + i % 1_000, sent);
      }
      connection.flushCommands();
      if (!LettuceFutures.awaitAll(
          Duration.ofSeconds(60), sent.toArray(new java.util.concurrent.Future<?>[0]))) {
        throw new IllegalStateException("copies were not written within 60 s");
      }
    }
    connection.setAutoFlushCommands(true);
    counters.forEach(
        (key, counts) ->
            counts.keySet().forEach(field -> connection.sync().hincrby(key, field, copies)));
  }

  private void copy(
      RedisAsyncCommands<String, String> async, int number, long itsDue, List<RedisFuture<?>> to) {
    Copy copy = new Copy(idOf(number), contactOf(number), itsDue - due);
    hashes.forEach(
        (key, fields) -> {
          Map<String, String> own = new HashMap<>();
          fields.forEach((field, value) -> own.put(copy.named(field), copy.text(value)));
          to.add(async.hset(copy.named(key), own));
        });
    lists.forEach(
        (key, rows) ->
            to.add(
                async.rpush(
                    copy.named(key), rows.stream().map(copy::text).toArray(String[]::new))));
    sorted.forEach(
        (key, members) ->
            members.forEach(
                one ->
                    to.add(
                        async.zadd(key, one.getScore() + copy.later, copy.named(one.getValue())))));
    to.add(async.set(PREFIX + "p:" + copy.digest, copy.id));
  }

  /** One copy: what stands for what, and by how many ms all its times are later. */
  private final class Copy {
    private final String id;
    private final String contact;
    private final String digest;
    private final long later;

    Copy(String id, String contact, long later) {
      this.id = id;
      this.contact = contact;
      this.digest = new ContactKey(LoadConfig.CHANNEL, contact, null).digest();
      this.later = later;
    }

    String named(String text) {
      return text.replace(ClockRows.this.id, id);
    }

    String text(String text) {
      return named(text)
          .replace(ClockRows.this.digest, digest)
          .replace(ClockRows.this.contact, contact)
          .replace(Long.toString(opened), Long.toString(opened + later))
          .replace(Long.toString(due), Long.toString(due + later));
    }
  }
}
