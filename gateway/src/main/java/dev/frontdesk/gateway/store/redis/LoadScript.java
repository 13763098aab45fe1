// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.LoadRequest;
import dev.frontdesk.gateway.store.Loaded;
import dev.frontdesk.gateway.store.RedisKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The twin of {@code load.lua}. */
final class LoadScript {

  static final Script SCRIPT = Script.load("load");

  /**
   * Close to midnight another node may already have written into tomorrow's hash: our clock is a
   * lower bound of the store's, and never this far behind.
   */
  private static final Duration NEAR_MIDNIGHT = Duration.ofSeconds(5);

  private LoadScript() {}

  static ScriptCall call(LoadRequest request, Instant now) {
    RedisKeys glossary = new RedisKeys(request.workspace());
    boolean byPointer = request.contact() != null;
    List<String> keys = new ArrayList<>();
    keys.add(
        byPointer
            ? glossary.pointer(Objects.requireNonNull(request.contact())).name()
            : conversation(glossary, request.conversation()).name());
    long today = dayOf(now);
    long newest = dayOf(now.plus(NEAR_MIDNIGHT));
    int days = (int) (newest - today) + LoadRequest.DEDUPE_DAYS;
    for (String digest : request.digests()) {
      int bucket = LoadRequest.bucketOf(digest, request.dedupeBuckets());
      for (Key key : glossary.dedupe(newest, days, bucket)) {
        keys.add(key.name());
      }
    }
    for (String target : request.parkedFor()) {
      keys.add(glossary.parked(target).name());
    }
    List<String> arguments = new ArrayList<>(4 + request.digests().size());
    arguments.add(byPointer ? "p" : "c");
    arguments.add(glossary.conversationPrefix());
    arguments.add(Integer.toString(days));
    arguments.add(Integer.toString(request.digests().size()));
    arguments.addAll(request.digests());
    return new ScriptCall(SCRIPT, keys.toArray(String[]::new), arguments.toArray(String[]::new));
  }

  @SuppressWarnings("unchecked") // the shape is stated by load.lua
  static Loaded read(List<@Nullable Object> answer) {
    long ms = (Long) Objects.requireNonNull(answer.get(0));
    String version = (String) answer.get(2);
    return new Loaded(
        Instant.ofEpochMilli(ms),
        (String) answer.get(1),
        version == null ? 0 : Long.parseLong(version),
        (String) answer.get(3),
        (List<@Nullable String>) Objects.requireNonNull(answer.get(4)),
        (List<List<String>>) Objects.requireNonNull(answer.get(5)));
  }

  private static Key conversation(RedisKeys glossary, Conversation.@Nullable Id id) {
    if (id == null) {
      throw new IllegalArgumentException("load names neither a contact nor a conversation");
    }
    return glossary.conversation(id);
  }

  private static long dayOf(Instant instant) {
    return Math.floorDiv(instant.toEpochMilli(), Duration.ofDays(1).toMillis());
  }
}
