// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.LoadRequest;
import dev.frontdesk.gateway.store.Loaded;
import dev.frontdesk.gateway.store.Pointer;
import dev.frontdesk.gateway.store.RedisKeys;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The twin of {@code load.lua}. */
final class LoadScript {

  static final Script SCRIPT = Script.load("load");

  private LoadScript() {}

  static ScriptCall call(LoadRequest request, Instant now) {
    RedisKeys glossary = new RedisKeys(request.workspace());
    ContactKey contact = request.contact();
    Pointer pointer = contact == null ? null : glossary.pointer(contact);
    List<String> keys = new ArrayList<>();
    keys.add(
        pointer == null
            ? conversation(glossary, request.conversation()).name()
            : pointer.key().name());
    int periods = 0;
    for (String digest : request.digests()) {
      int bucket = LoadRequest.bucketOf(digest, request.dedupeBuckets());
      List<Key> hashes = glossary.dedupeHashes(now, bucket);
      hashes.forEach(key -> keys.add(key.name()));
      periods = hashes.size();
    }
    for (String target : request.parkedFor()) {
      keys.add(glossary.parked(target).name());
    }
    List<String> arguments = new ArrayList<>(5 + request.digests().size());
    arguments.add(pointer == null ? "c" : pointer.field() == null ? "p" : "f" + pointer.field());
    arguments.add(glossary.conversationPrefix());
    arguments.add(Integer.toString(periods));
    arguments.add(Integer.toString(request.digests().size()));
    arguments.addAll(request.digests());
    if (contact != null && request.customer()) {
      keys.add(glossary.link(contact.identity()).name());
      keys.add(glossary.lookup(contact.identity()).name());
      arguments.add("u");
    }
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
        (List<List<String>>) Objects.requireNonNull(answer.get(5)),
        (String) answer.get(6),
        (String) answer.get(7));
  }

  private static Key conversation(RedisKeys glossary, Conversation.@Nullable Id id) {
    if (id == null) {
      throw new IllegalArgumentException("load names neither a contact nor a conversation");
    }
    return glossary.conversation(id);
  }
}
