// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import dev.frontdesk.gateway.conversation.JsonCodec;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.store.memory.InMemoryStore;
import dev.frontdesk.gateway.store.memory.VirtualTime;
import dev.frontdesk.gateway.telemetry.GatewayMetrics;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What everybody in one simulation shares: time, dice, the store, and what happened. */
final class World {

  static final Instant START = Instant.parse("2026-11-21T23:58:00Z");

  final long seed;
  final Random random;
  final VirtualTime time = new VirtualTime(START);
  final InMemoryStore store = new InMemoryStore(time);
  final Workspace workspace;
  final Trail trail = new Trail(time);
  final Journal journal;
  final Faults faults;
  final GatewayMetrics metrics;
  final List<Node> nodes = new ArrayList<>();
  private int names;
  private @Nullable AssertionError problem;

  World(long seed, GatewayMetrics metrics) {
    this.seed = seed;
    this.random = new Random(seed);
    this.workspace = Desk.workspace(seed);
    this.metrics = metrics;
    this.journal = new Journal(this, new JsonCodec());
    this.faults = new Faults(this);
    store.faults(faults);
  }

  /** A name never given before. */
  String name(String prefix) {
    return prefix + ++names;
  }

  /** Something does not hold, found where throwing would only fail a future. */
  void fail(AssertionError error) {
    if (problem == null) {
      problem = error;
      trail.freeze();
    }
  }

  /** Throws the first thing that did not hold. */
  void check() {
    if (problem != null) {
      throw problem;
    }
  }

  boolean chance(double share) {
    return random.nextDouble() < share;
  }

  Duration between(int fromMillis, int toMillis) {
    return Duration.ofMillis(fromMillis + random.nextInt(toMillis - fromMillis));
  }

  <T> T oneOf(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  Node anyNode() {
    return oneOf(nodes);
  }

  void later(Duration delay, Runnable task) {
    time.after(delay, task);
  }

  /** What a client sees: an answer, or none within its patience (the node may be gone). */
  <T> Future<T> patiently(Future<T> answer) {
    Promise<T> seen = Promise.promise();
    var limit = time.after(Duration.ofSeconds(20), () -> seen.tryFail(new TimeoutException()));
    answer.onComplete(
        done -> {
          limit.cancel();
          if (done.succeeded()) {
            seen.tryComplete(done.result());
          } else {
            seen.tryFail(done.cause());
          }
        });
    return seen.future();
  }
}
