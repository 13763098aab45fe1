// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which connection a command goes by; made once, thread-safe. */
interface Links {

  /**
   * The link of a command.
   *
   * @param affinity the same for commands whose order matters
   * @param key a key it names; null: any server may answer
   */
  RedisLink link(int affinity, @Nullable String key);

  /**
   * The link of a write that replicas must have; that of {@link #link} where none are asked. Null:
   * the server is not connected.
   */
  @Nullable RedisLink writing(int affinity, String key);

  /** Commands that are refused for a moment are repeated by this; null: nowhere. */
  @Nullable SlotPatience patience();

  /** What a script that writes gets as its last key, which never exists; null: nothing. */
  @Nullable String absentKey(String key);

  /** The name of the server that holds a key, as known now. */
  String shardOf(String key);

  /** Every server that takes writes, as known now. */
  List<Shard> shards();

  /** The server of a link says that it takes no writes (any more). */
  void misplaced(RedisLink link);

  /** A server that takes writes, with a link of its own. */
  record Shard(String name, RedisLink link) {}
}
