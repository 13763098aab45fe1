// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.desk;

import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.CommitResult;
import dev.frontdesk.gateway.store.Guard;
import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.LoadRequest;
import dev.frontdesk.gateway.store.Loaded;
import dev.frontdesk.gateway.store.Scored;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.StoreClock;
import dev.frontdesk.gateway.store.StoreUnavailableException;
import dev.frontdesk.gateway.store.StreamEntry;
import dev.frontdesk.gateway.store.Write;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Hashes, sorted sets and streams in maps; answers at once; can be told to fail or stay silent. */
public final class PlainStore implements Store {

  private final VirtualTime time;
  private final Map<Key, Map<String, String>> hashes = new HashMap<>();
  private final Map<Key, Map<String, Double>> sets = new HashMap<>();
  private final Map<Key, List<StreamEntry>> streams = new HashMap<>();
  private final List<Consumer<Set<String>>> listeners = new ArrayList<>();
  public final Map<String, Integer> calls = new HashMap<>();
  public boolean down;
  public boolean silent;

  /** Nothing that is asked is done before this. */
  public Future<Void> until = Future.succeededFuture();

  public String epoch = "epoch-1";
  private long number;

  public PlainStore(VirtualTime time) {
    this.time = time;
  }

  @Override
  public StoreClock clock(String workspace) {
    return time;
  }

  @Override
  public Future<CommitResult> commit(Commit commit) {
    return answer(
        "commit",
        () -> {
          for (int i = 0; i < commit.guards().size(); i++) {
            if (!holds(commit.guards().get(i))) {
              return new CommitResult.Conflict(i, commit.guards().get(i));
            }
          }
          commit.writes().forEach(this::write);
          if (!silent && !commit.wakeUps().isEmpty()) {
            List.copyOf(listeners).forEach(l -> l.accept(commit.wakeUps()));
          }
          return new CommitResult.Done(time.now());
        });
  }

  private boolean holds(Guard guard) {
    Map<String, String> hash = hashes.getOrDefault(guard.key(), Map.of());
    if (guard instanceof Guard.Absent g) {
      return !hash.containsKey(g.field());
    } else if (guard instanceof Guard.Present g) {
      return hash.containsKey(g.field());
    } else if (guard instanceof Guard.Equals g) {
      return g.value().equals(hash.get(g.field()));
    } else if (guard instanceof Guard.AtLeast g) {
      return Long.parseLong(hash.getOrDefault(g.field(), "0")) >= g.value();
    } else if (guard instanceof Guard.Within g) {
      return Long.parseLong(hash.getOrDefault(g.field(), "0")) + g.delta() <= g.bound();
    }
    throw new AssertionError(guard);
  }

  /** One write, as a commit does it. */
  public void write(Write write) {
    if (write instanceof Write.HashSet w) {
      hashes.computeIfAbsent(w.key(), k -> new HashMap<>()).put(w.field(), w.value());
    } else if (write instanceof Write.HashDelete w) {
      hashes.getOrDefault(w.key(), new HashMap<>()).remove(w.field());
    } else if (write instanceof Write.HashAdd w) {
      hashes
          .computeIfAbsent(w.key(), k -> new HashMap<>())
          .merge(
              w.field(),
              String.valueOf(w.delta()),
              (a, b) -> String.valueOf(Long.parseLong(a) + Long.parseLong(b)));
    } else if (write instanceof Write.SortedAdd w) {
      sets.computeIfAbsent(w.key(), k -> new HashMap<>()).put(w.member(), w.score());
    } else if (write instanceof Write.SortedRemove w) {
      sets.getOrDefault(w.key(), new HashMap<>()).remove(w.member());
    } else if (write instanceof Write.Append w) {
      List<StreamEntry> rows = streams.computeIfAbsent(w.key(), k -> new ArrayList<>());
      rows.add(new StreamEntry(time.now().toEpochMilli() + "-" + number++, w.value()));
      while (rows.size() > w.maxLength()) {
        rows.remove(0);
      }
    } else if (write instanceof Write.AppendExisting w) {
      if (streams.containsKey(w.key())) {
        write(new Write.Append(w.key(), w.value(), w.maxLength()));
      }
    } else if (!(write instanceof Write.Expire || write instanceof Write.ExpireNew)) {
      throw new AssertionError(write);
    }
  }

  /** Wakes whoever listens, whatever {@link #silent} says. */
  public void wake(String... topics) {
    List.copyOf(listeners).forEach(l -> l.accept(Set.of(topics)));
  }

  /** Forgets a key. */
  public void forget(Key key) {
    streams.remove(key);
  }

  @Override
  public Future<String> hashGet(Key key, String field) {
    return answer("hashGet", () -> hashes.getOrDefault(key, Map.of()).get(field));
  }

  @Override
  public Future<Map<String, String>> hashAll(Key key) {
    return answer("hashAll", () -> Map.copyOf(hashes.getOrDefault(key, Map.of())));
  }

  @Override
  public Future<List<Scored>> sorted(Key key, long from, long to) {
    return answer("sorted", () -> members(key).stream().skip(from).limit(to - from + 1).toList());
  }

  /** All members of a sorted set. */
  public List<Scored> members(Key key) {
    return sets.getOrDefault(key, Map.of()).entrySet().stream()
        .map(e -> new Scored(e.getKey(), e.getValue()))
        .sorted(Comparator.comparingDouble(Scored::score).thenComparing(Scored::member))
        .toList();
  }

  /** One hash. */
  public Map<String, String> hash(Key key) {
    return hashes.getOrDefault(key, Map.of());
  }

  @Override
  public Future<Long> sortedCount(Key key) {
    return answer("sortedCount", () -> (long) members(key).size());
  }

  @Override
  public Future<Long> sortedBelow(Key key, double score) {
    return sorted(key, 0, -1).map(all -> all.stream().filter(one -> one.score() < score).count());
  }

  @Override
  public Future<List<StreamEntry>> stream(Key key, String after, int limit) {
    return answer(
        "stream",
        () ->
            streams.getOrDefault(key, List.of()).stream()
                .filter(row -> compare(row.id(), after) > 0)
                .limit(limit)
                .toList());
  }

  private static int compare(String id, String other) {
    String[] a = (id + "-0").split("-", -1);
    String[] b = (other + "-0").split("-", -1);
    int millis = Long.compare(Long.parseLong(a[0]), Long.parseLong(b[0]));
    return millis != 0 ? millis : Long.compare(Long.parseLong(a[1]), Long.parseLong(b[1]));
  }

  @Override
  public Future<StreamEntry> streamFirst(Key key) {
    return answer("streamFirst", () -> row(key, 0));
  }

  @Override
  public Future<StreamEntry> streamLast(Key key) {
    return answer("streamLast", () -> row(key, streams.getOrDefault(key, List.of()).size() - 1));
  }

  private StreamEntry row(Key key, int index) {
    List<StreamEntry> rows = streams.getOrDefault(key, List.of());
    return rows.isEmpty() ? null : rows.get(index);
  }

  @Override
  public Runnable onWakeUp(String workspace, Consumer<Set<String>> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  @Override
  public long breaks() {
    return 0;
  }

  @Override
  public String epoch(String workspace) {
    return epoch;
  }

  private <T> Future<T> answer(String call, Supplier<T> result) {
    calls.merge(call, 1, Integer::sum);
    return down
        ? Future.failedFuture(new StoreUnavailableException("down", false, null))
        : until.map(now -> result.get());
  }

  @Override
  public Future<Loaded> load(LoadRequest request) {
    throw new AssertionError();
  }

  @Override
  public Future<Claimed> claimDue(String workspace, Key sortedSet, Duration lease, int limit) {
    throw new AssertionError();
  }

  @Override
  public Future<String> get(Key key) {
    throw new AssertionError();
  }

  @Override
  public Future<List<String>> list(Key key, long from, long to) {
    throw new AssertionError();
  }

  @Override
  public Future<List<Scored>> sortedDescending(Key key, double max, long offset, int limit) {
    throw new AssertionError();
  }
}
