// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import dev.frontdesk.gateway.store.RedisKeys;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners what commits of other nodes and of this one changed. One subscription per
 * workspace on the connection's own subscriber; after each (re)subscription listeners hear {@code
 * "*"}, because before it something may have been missed. Thread-safe.
 */
final class WakeUps {

  private static final Logger LOG = LoggerFactory.getLogger(WakeUps.class);
  private static final Set<String> ANYTHING = Set.of("*");
  private static final long RETRY_MILLIS = 1_000;

  private final Vertx vertx;
  private final RedisConnection connection;
  private final Map<String, List<Consumer<Set<String>>>> listeners = new ConcurrentHashMap<>();

  WakeUps(Vertx vertx, RedisConnection connection) {
    this.vertx = vertx;
    this.connection = connection;
    connection.onPublished(this::published);
  }

  Runnable listen(String workspace, Consumer<Set<String>> listener) {
    String channel = RedisKeys.wakeChannel(workspace);
    listeners.computeIfAbsent(channel, key -> new CopyOnWriteArrayList<>()).add(listener);
    subscribe(channel);
    return () -> forget(channel, listener);
  }

  private void forget(String channel, Consumer<Set<String>> listener) {
    List<Consumer<Set<String>>> left =
        listeners.computeIfPresent(
            channel,
            (key, all) -> {
              all.remove(listener);
              return all.isEmpty() ? null : all;
            });
    if (left == null) {
      connection
          .unsubscribe(channel)
          .onFailure(cause -> LOG.atDebug().setCause(cause).log("Not unsubscribed"));
    }
  }

  // a refused subscription is not repeated by the client: only confirmed ones come back by
  // themselves
  private void subscribe(String channel) {
    connection
        .subscribe(channel)
        .onFailure(
            cause ->
                vertx.setTimer(
                    RETRY_MILLIS,
                    timer -> {
                      if (listeners.containsKey(channel)) {
                        subscribe(channel);
                      }
                    }));
  }

  private void published(String channel, @Nullable String payload) {
    List<Consumer<Set<String>>> told = listeners.get(channel);
    if (told == null) {
      return;
    }
    Set<String> topics = payload == null ? ANYTHING : Set.copyOf(Set.of(payload.split(" ", -1)));
    told.forEach(listener -> listener.accept(topics));
  }
}
