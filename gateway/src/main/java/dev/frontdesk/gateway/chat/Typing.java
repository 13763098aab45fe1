// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.chat;

import dev.frontdesk.gateway.domain.Conversation;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who is told that somebody is writing in a conversation: best effort, on this node, never stored.
 * Thread-safe.
 */
public final class Typing {

  private final Map<Conversation.Id, Set<Runnable>> listeners = new ConcurrentHashMap<>();

  /** Somebody who answers is writing. */
  public void in(Conversation.Id id) {
    listeners.getOrDefault(id, Set.of()).forEach(Runnable::run);
  }

  /** Calls {@code listener} on any thread until the result is run. */
  Runnable listen(Conversation.Id id, Runnable listener) {
    listeners.compute(
        id,
        (key, others) -> {
          Set<Runnable> all = others == null ? ConcurrentHashMap.newKeySet() : others;
          all.add(listener);
          return all;
        });
    return () ->
        listeners.computeIfPresent(
            id,
            (key, all) -> {
              all.remove(listener);
              return all.isEmpty() ? null : all;
            });
  }
}
