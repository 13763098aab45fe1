// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.CommitResult;
import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.LoadRequest;
import dev.frontdesk.gateway.store.Loaded;
import dev.frontdesk.gateway.store.Scored;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.StoreClock;
import dev.frontdesk.gateway.store.StreamEntry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One node's connection to the store: requests and answers take time, in order, so that the nodes
 * meet between a load and a commit. Cut when the node dies: answers are lost, and so may be
 * requests.
 */
final class Link implements Store {

  private final World world;
  private final Duration lag;
  private boolean cut;
  private Instant arrives = Instant.MIN;
  private Instant answers = Instant.MIN;

  Link(World world) {
    this.world = world;
    this.lag =
        world.faults.has(Faults.Kind.CLOCK_LAG) ? world.between(1, 25) : Duration.ofMillis(0);
  }

  void cut() {
    cut = true;
  }

  private <T> Future<T> call(Supplier<Future<T>> request) {
    Promise<T> answer = Promise.promise();
    arrives = later(arrives, world.time.now().plus(latency()));
    world.time.after(
        Duration.between(world.time.now(), arrives),
        () -> {
          if (cut && world.random.nextBoolean()) {
            return;
          }
          Future<T> done = request.get();
          answers = later(answers, world.time.now().plus(latency()));
          world.time.after(
              Duration.between(world.time.now(), answers),
              () -> {
                if (!cut) {
                  done.onComplete(answer);
                }
              });
        });
    return answer.future();
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private Duration latency() {
    int dice = world.random.nextInt(100);
    return Duration.ofNanos(dice < 95 ? 100_000L + dice * 10_000L : 1_000_000L * (dice - 90));
  }

  /** Never ahead of the store, behind it by a little. */
  @Override
  public StoreClock clock(String workspace) {
    return () -> world.time.now().minus(lag);
  }

  @Override
  public Future<CommitResult> commit(Commit commit) {
    return call(
        () -> {
          Commit sent = world.faults.maybeBroken(commit);
          world.journal.before(sent);
          Future<CommitResult> result = world.store.commit(sent);
          world.journal.after(sent);
          return result;
        });
  }

  @Override
  public Future<Loaded> load(LoadRequest request) {
    return call(() -> world.store.load(request));
  }

  @Override
  public Future<Claimed> claimDue(String workspace, Key sortedSet, Duration lease, int limit) {
    return call(() -> world.store.claimDue(workspace, sortedSet, lease, limit));
  }

  @Override
  public Future<@Nullable String> get(Key key) {
    return call(() -> world.store.get(key));
  }

  @Override
  public Future<@Nullable String> hashGet(Key key, String field) {
    return call(() -> world.store.hashGet(key, field));
  }

  @Override
  public Future<Map<String, String>> hashAll(Key key) {
    return call(() -> world.store.hashAll(key));
  }

  @Override
  public Future<List<String>> list(Key key, long from, long to) {
    return call(() -> world.store.list(key, from, to));
  }

  @Override
  public Future<List<Scored>> sorted(Key key, long from, long to) {
    return call(() -> world.store.sorted(key, from, to));
  }

  @Override
  public Future<List<Scored>> sortedDescending(Key key, double max, long offset, int limit) {
    return call(() -> world.store.sortedDescending(key, max, offset, limit));
  }

  @Override
  public Future<Long> sortedCount(Key key) {
    return call(() -> world.store.sortedCount(key));
  }

  @Override
  public Future<Long> sortedBelow(Key key, double score) {
    return call(() -> world.store.sortedBelow(key, score));
  }

  @Override
  public Future<List<StreamEntry>> stream(Key key, String after, int limit) {
    return call(() -> world.store.stream(key, after, limit));
  }

  @Override
  public Future<@Nullable StreamEntry> streamFirst(Key key) {
    return call(() -> world.store.streamFirst(key));
  }

  @Override
  public Future<@Nullable StreamEntry> streamLast(Key key) {
    return call(() -> world.store.streamLast(key));
  }

  /** Hints come late, and sometimes not at all. */
  @Override
  public Runnable onWakeUp(String workspace, Consumer<Set<String>> listener) {
    return world.store.onWakeUp(
        workspace,
        topics -> {
          boolean lost = world.faults.has(Faults.Kind.LOST_WAKE_UPS) && world.chance(0.2);
          if (!cut && !lost) {
            world.time.after(
                latency(),
                () -> {
                  if (!cut) {
                    listener.accept(topics);
                  }
                });
          }
        });
  }

  @Override
  public long breaks() {
    return world.store.breaks();
  }

  @Override
  public String epoch(String workspace) {
    return world.store.epoch(workspace);
  }
}
