// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.chat;

import dev.frontdesk.gateway.domain.Conversation;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The visitors' sockets of one workspace, by the conversation they follow. Thread-safe. */
final class Followers {

  private static final String PREFIX = "c:";

  private final Map<Conversation.Id, Set<Runnable>> byConversation = new ConcurrentHashMap<>();

  /** Calls {@code look} on any thread whenever the conversation may have changed. */
  void follow(Conversation.Id id, Runnable look) {
    byConversation.compute(
        id,
        (key, others) -> {
          Set<Runnable> all = others == null ? ConcurrentHashMap.newKeySet() : others;
          all.add(look);
          return all;
        });
  }

  void leave(Conversation.Id id, Runnable look) {
    byConversation.computeIfPresent(
        id,
        (key, all) -> {
          all.remove(look);
          return all.isEmpty() ? null : all;
        });
  }

  /** Topics of a commit. */
  void hear(Set<String> topics) {
    if (topics.contains("*")) {
      byConversation.values().forEach(all -> all.forEach(Runnable::run));
      return;
    }
    for (String topic : topics) {
      if (topic.startsWith(PREFIX)) {
        byConversation
            .getOrDefault(new Conversation.Id(topic.substring(PREFIX.length())), Set.of())
            .forEach(Runnable::run);
      }
    }
  }
}
