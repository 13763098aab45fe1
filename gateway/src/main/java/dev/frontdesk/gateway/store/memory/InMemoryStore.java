// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.memory;

import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.CommitCheck;
import dev.frontdesk.gateway.store.CommitResult;
import dev.frontdesk.gateway.store.CommitTooLargeException;
import dev.frontdesk.gateway.store.Guard;
import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.LoadRequest;
import dev.frontdesk.gateway.store.Loaded;
import dev.frontdesk.gateway.store.Pointer;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.Scored;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.StoreClock;
import dev.frontdesk.gateway.store.StoreUnavailableException;
import dev.frontdesk.gateway.store.StreamEntry;
import dev.frontdesk.gateway.store.Write;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The store in memory, for simulation and unit tests: the same guards and writes, interpreted;
 * every future is complete when it is returned; wake-ups are told before it is. Single-threaded.
 * Longer than most rooms because the port is wide; what a commit means is in {@link Rows}.
 */
public final class InMemoryStore implements Store {

  private final AtomicLong breaks = new AtomicLong();
  private static final String EPOCH = "1-memory";
  private static final long MAX_DISTANCE_MILLIS = 1_000;
  private static final int MAX_CLAIM = 1_000;

  private final StoreClock clock;
  private final Rows rows = new Rows();
  private final Map<String, List<Consumer<Set<String>>>> listeners = new HashMap<>();
  private CommitFaults faults = CommitFaults.NEVER;
  private boolean full;
  private boolean quarantined;
  private long commits;
  private long loads;

  public InMemoryStore(StoreClock clock) {
    this.clock = clock;
  }

  /** From now on commits go wrong as this says. */
  public void faults(CommitFaults next) {
    this.faults = next;
  }

  /** Behaves as at {@code maxmemory}: intake is refused, releasing work passes. */
  public void full(boolean now) {
    this.full = now;
  }

  /** Behaves as another incarnation of the store. */
  public void quarantined(boolean now) {
    this.quarantined = now;
  }

  /** Commits asked for so far, whatever became of them. */
  public long commits() {
    return commits;
  }

  /** Loads asked for so far. */
  public long loads() {
    return loads;
  }

  /** Keys that exist, as a measure of what is left behind. */
  public int keys() {
    return rows.size();
  }

  @Override
  public StoreClock clock(String workspace) {
    return clock;
  }

  private long now() {
    return clock.now().toEpochMilli();
  }

  @Override
  public Future<CommitResult> commit(Commit commit) {
    CommitFaults.Fault fault = faults.at(++commits, commit);
    return switch (fault) {
      case UNKNOWN_NOT_APPLIED -> Future.failedFuture(unavailable("answer lost (simulated)", true));
      case UNAVAILABLE -> Future.failedFuture(unavailable("down (simulated)", false));
      case UNKNOWN_APPLIED ->
          guarded(() -> decide(commit))
              .compose(result -> Future.failedFuture(unavailable("answer lost (simulated)", true)));
      case STALE -> Future.succeededFuture(new CommitResult.Stale(clock.now()));
      case CONFLICT ->
          commit.guards().isEmpty()
              ? guarded(() -> decide(commit))
              : Future.succeededFuture(new CommitResult.Conflict(0, commit.guards().get(0)));
      case FULL ->
          commit.urgency() == Commit.Urgency.INTAKE
              ? Future.succeededFuture(new CommitResult.Full())
              : guarded(() -> decide(commit));
      case NONE -> guarded(() -> decide(commit));
    };
  }

  private CommitResult decide(Commit commit) {
    if (quarantined) {
      return new CommitResult.Quarantined();
    }
    CommitCheck.check(commit);
    if (full && commit.urgency() == Commit.Urgency.INTAKE) {
      return new CommitResult.Full();
    }
    long now = now();
    if (Math.abs(commit.now().toEpochMilli() - now) > MAX_DISTANCE_MILLIS) {
      return new CommitResult.Stale(Instant.ofEpochMilli(now));
    }
    List<Guard> guards = commit.guards();
    for (int index = 0; index < guards.size(); index++) {
      if (!rows.holds(guards.get(index), now)) {
        return new CommitResult.Conflict(index, guards.get(index));
      }
    }
    rows.check(commit.writes(), now);
    List<Write> writes =
        commit.writes().stream()
            .map(
                write ->
                    write instanceof Write.ExpireNew made && rows.look(made.key(), now) == null
                        ? new Write.Expire(made.key(), made.ttlMillis())
                        : write)
            .toList();
    writes.forEach(write -> rows.apply(write, now));
    if (!commit.wakeUps().isEmpty()) {
      listeners
          .getOrDefault(commit.workspace(), List.of())
          .forEach(listener -> listener.accept(commit.wakeUps()));
    }
    return new CommitResult.Done(Instant.ofEpochMilli(now));
  }

  @Override
  public Future<Claimed> claimDue(String workspace, Key sortedSet, Duration lease, int limit) {
    return guarded(
        () -> {
          if (quarantined) {
            throw new IllegalStateException("workspace " + workspace + " is in quarantine");
          }
          if (limit < 1 || limit > MAX_CLAIM || lease.toMillis() < 1) {
            throw new IllegalArgumentException("claim of " + limit + " for " + lease);
          }
          long now = now();
          if (!(rows.look(sortedSet, now) instanceof SortedRows set)) {
            return new Claimed(List.of(), -1, now);
          }
          List<Scored> due = set.upTo((double) now, limit);
          for (Scored row : due) {
            set.put(row.member(), (double) (now + lease.toMillis()));
          }
          Scored next = set.first();
          return new Claimed(due, next == null ? -1 : (long) next.score(), now);
        });
  }

  @Override
  public Future<Loaded> load(LoadRequest request) {
    loads++;
    return guarded(
        () -> {
          long now = now();
          RedisKeys glossary = new RedisKeys(request.workspace());
          String pointer =
              request.contact() == null ? null : pointer(glossary.pointer(request.contact()), now);
          Key conversation =
              request.contact() == null
                  ? glossary.conversation(Objects.requireNonNull(request.conversation()))
                  : new Key(glossary.conversationPrefix() + pointer);
          Map<String, String> row =
              request.contact() != null && pointer == null ? Map.of() : copyOf(conversation, now);
          List<@Nullable String> known = new ArrayList<>();
          for (String digest : request.digests()) {
            known.add(remembered(request, glossary, digest, now));
          }
          List<List<String>> parked = new ArrayList<>();
          for (String target : request.parkedFor()) {
            parked.add(listOf(glossary.parked(target), now));
          }
          String version = row.get("v");
          return new Loaded(
              Instant.ofEpochMilli(now),
              pointer,
              version == null ? 0 : Long.parseLong(version),
              row.get("s"),
              known,
              parked,
              customer(request, glossary::link, now),
              customer(request, glossary::lookup, now));
        });
  }

  private @Nullable String pointer(Pointer pointer, long now) {
    return pointer.field() == null
        ? rows.string(pointer.key(), now)
        : field(pointer.key(), pointer.field(), now);
  }

  private @Nullable String customer(LoadRequest request, Function<String, Key> row, long now) {
    return request.customer() && request.contact() != null
        ? rows.string(row.apply(request.contact().identity()), now)
        : null;
  }

  private @Nullable String remembered(
      LoadRequest request, RedisKeys glossary, String digest, long now) {
    int bucket = LoadRequest.bucketOf(digest, request.dedupeBuckets());
    for (Key hash : glossary.dedupeHashes(Instant.ofEpochMilli(now), bucket)) {
      String found = field(hash, digest, now);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private Map<String, String> copyOf(Key key, long now) {
    return rows.look(key, now) == null ? Map.of() : new LinkedHashMap<>(rows.hash(key, now));
  }

  private @Nullable String field(Key key, String field, long now) {
    return rows.look(key, now) == null ? null : rows.hash(key, now).get(field);
  }

  private List<String> listOf(Key key, long now) {
    return rows.look(key, now) == null ? List.of() : List.copyOf(rows.list(key, now));
  }

  private List<Scored> sortedOf(Key key, long now) {
    return rows.look(key, now) == null ? List.of() : rows.sorted(key, now).all();
  }

  @Override
  public Future<@Nullable String> get(Key key) {
    return guardedNullable(() -> rows.string(key, now()));
  }

  @Override
  public Future<@Nullable String> hashGet(Key key, String field) {
    return guardedNullable(() -> field(key, field, now()));
  }

  @Override
  public Future<Map<String, String>> hashAll(Key key) {
    return guarded(() -> copyOf(key, now()));
  }

  @Override
  public Future<List<String>> list(Key key, long from, long to) {
    return guarded(
        () -> rows.look(key, now()) == null ? List.of() : slice(rows.list(key, now()), from, to));
  }

  @Override
  public Future<List<Scored>> sorted(Key key, long from, long to) {
    return guarded(() -> slice(sortedOf(key, now()), from, to));
  }

  private static <T> List<T> slice(List<T> all, long from, long to) {
    int size = all.size();
    int first = (int) Math.max(0, from < 0 ? size + from : from);
    int last = (int) Math.min(size - 1, to < 0 ? size + to : to);
    return first > last ? List.of() : List.copyOf(all.subList(first, last + 1));
  }

  @Override
  public Future<List<Scored>> sortedDescending(Key key, double max, long offset, int limit) {
    return guarded(
        () ->
            rows.look(key, now()) == null
                ? List.of()
                : rows.sorted(key, now()).downFrom(max, offset, limit));
  }

  @Override
  public Future<Long> sortedCount(Key key) {
    return guarded(() -> rows.look(key, now()) == null ? 0L : rows.sorted(key, now()).size());
  }

  @Override
  public Future<Long> sortedBelow(Key key, double score) {
    return sorted(key, 0, -1).map(all -> all.stream().filter(one -> one.score() < score).count());
  }

  @Override
  public Future<List<StreamEntry>> stream(Key key, String after, int limit) {
    return guarded(
        () ->
            rows.look(key, now()) == null
                ? List.of()
                : rows.stream(key, now()).after(after, limit));
  }

  @Override
  public Future<@Nullable StreamEntry> streamFirst(Key key) {
    return guardedNullable(
        () -> rows.look(key, now()) == null ? null : rows.stream(key, now()).first());
  }

  @Override
  public Future<@Nullable StreamEntry> streamLast(Key key) {
    return guardedNullable(
        () -> rows.look(key, now()) == null ? null : rows.stream(key, now()).last());
  }

  @Override
  public Runnable onWakeUp(String workspace, Consumer<Set<String>> listener) {
    List<Consumer<Set<String>>> all =
        listeners.computeIfAbsent(workspace, key -> new CopyOnWriteArrayList<>());
    all.add(listener);
    return () -> all.remove(listener);
  }

  @Override
  public long breaks() {
    return breaks.get();
  }

  /** A connection broke: another server may answer from now on. */
  public void breakConnection() {
    breaks.incrementAndGet();
  }

  @Override
  public String epoch(String workspace) {
    return EPOCH;
  }

  private static <T> Future<T> guarded(Supplier<T> work) {
    try {
      return Future.succeededFuture(work.get());
    } catch (CommitTooLargeException e) {
      return Future.failedFuture(e);
    } catch (IllegalStateException | IllegalArgumentException e) {
      return Future.failedFuture(unavailable(String.valueOf(e.getMessage()), false));
    }
  }

  private static <T> Future<@Nullable T> guardedNullable(Supplier<@Nullable T> work) {
    try {
      return Future.succeededFuture(work.get());
    } catch (IllegalStateException e) {
      return Future.failedFuture(unavailable(String.valueOf(e.getMessage()), false));
    }
  }

  private static StoreUnavailableException unavailable(String message, boolean outcomeUnknown) {
    return new StoreUnavailableException("store: " + message, outcomeUnknown, null);
  }
}
