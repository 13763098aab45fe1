// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.bench;

import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.CommitResult;
import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.LoadRequest;
import dev.frontdesk.gateway.store.Loaded;
import dev.frontdesk.gateway.store.Scored;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.StoreClock;
import dev.frontdesk.gateway.store.StreamEntry;
import dev.frontdesk.gateway.store.memory.InMemoryStore;
import dev.frontdesk.gateway.store.redis.CommitWire;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A store that writes each commit to bytes as if for Redis, says at once that it is done and keeps
 * nothing. Whatever is read is not there. Single-threaded.
 */
final class AnsweringStore implements Store {

  private final Store empty;
  private final String epoch;
  private final ByteBuf out;
  private final CommitWire wire = new CommitWire();

  AnsweringStore(StoreClock clock, String epoch, ByteBuf out) {
    this.empty = new InMemoryStore(clock);
    this.epoch = epoch;
    this.out = out;
  }

  @Override
  public Future<CommitResult> commit(Commit commit) {
    out.clear();
    wire.encode(commit, epoch, out);
    return Future.succeededFuture(new CommitResult.Done(commit.now()));
  }

  @Override
  public StoreClock clock(String workspace) {
    return empty.clock(workspace);
  }

  @Override
  public Future<Loaded> load(LoadRequest request) {
    return empty.load(request);
  }

  @Override
  public Future<Claimed> claimDue(String workspace, Key sortedSet, Duration lease, int limit) {
    return empty.claimDue(workspace, sortedSet, lease, limit);
  }

  @Override
  public Future<@Nullable String> get(Key key) {
    return empty.get(key);
  }

  @Override
  public Future<@Nullable String> hashGet(Key key, String field) {
    return empty.hashGet(key, field);
  }

  @Override
  public Future<Map<String, String>> hashAll(Key key) {
    return empty.hashAll(key);
  }

  @Override
  public Future<List<String>> list(Key key, long from, long to) {
    return empty.list(key, from, to);
  }

  @Override
  public Future<List<Scored>> sorted(Key key, long from, long to) {
    return empty.sorted(key, from, to);
  }

  @Override
  public Future<List<Scored>> sortedDescending(Key key, double max, long offset, int limit) {
    return empty.sortedDescending(key, max, offset, limit);
  }

  @Override
  public Future<Long> sortedCount(Key key) {
    return empty.sortedCount(key);
  }

  @Override
  public Future<Long> sortedBelow(Key key, double score) {
    return empty.sortedBelow(key, score);
  }

  @Override
  public Future<List<StreamEntry>> stream(Key key, String after, int limit) {
    return empty.stream(key, after, limit);
  }

  @Override
  public Future<@Nullable StreamEntry> streamFirst(Key key) {
    return empty.streamFirst(key);
  }

  @Override
  public Future<@Nullable StreamEntry> streamLast(Key key) {
    return empty.streamLast(key);
  }

  @Override
  public Runnable onWakeUp(String workspace, Consumer<Set<String>> listener) {
    return empty.onWakeUp(workspace, listener);
  }

  @Override
  public long breaks() {
    return 0;
  }

  @Override
  public String epoch(String workspace) {
    return epoch;
  }
}
