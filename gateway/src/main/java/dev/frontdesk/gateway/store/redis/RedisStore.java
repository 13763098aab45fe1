// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.CommitCheck;
import dev.frontdesk.gateway.store.CommitResult;
import dev.frontdesk.gateway.store.CommitTooLargeException;
import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.LoadRequest;
import dev.frontdesk.gateway.store.Loaded;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.Scored;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.StoreAlarms;
import dev.frontdesk.gateway.store.StoreClock;
import dev.frontdesk.gateway.store.StoreUnavailableException;
import dev.frontdesk.gateway.store.StreamEntry;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.ScoredValue;
import io.lettuce.core.StreamMessage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The store on one Redis: scripts for what decides, plain commands for what reads. */
public final class RedisStore implements Store {

  private static final Logger LOG = LoggerFactory.getLogger(RedisStore.class);
  private static final long RESYNC_MILLIS = 1_000;

  private final Vertx vertx;
  private final RedisConnection connection;
  private final PrimaryClocks clocks;
  private final StoreEpochs epochs;
  private final WakeUps wakeUps;
  private final Map<String, StorePulse> pulses = new ConcurrentHashMap<>();
  private final Set<Key> epochKeys = ConcurrentHashMap.newKeySet();
  private final HighWaterBeat beat;
  private final CommitShapes shapes;
  private final long resync;

  private RedisStore(
      Vertx vertx,
      RedisConnection connection,
      PrimaryClocks clocks,
      StoreEpochs epochs,
      CommitShapes shapes,
      Duration beatEvery) {
    this.vertx = vertx;
    this.connection = connection;
    this.shapes = shapes;
    this.clocks = clocks;
    this.epochs = epochs;
    this.wakeUps = new WakeUps(vertx, connection);
    this.beat = new HighWaterBeat(vertx, this, epochs, beatEvery);
    this.resync = vertx.setPeriodic(RESYNC_MILLIS, timer -> resync());
  }

  /**
   * Opens the store: reads its time and the epochs this gateway remembers. Each workspace is looked
   * at by {@link #open(String)} or at its first commit. The connection stays the caller's to close.
   *
   * @param dataDir where {@code epoch} remembers which store this gateway knows
   */
  public static Future<RedisStore> open(
      Vertx vertx, RedisConnection connection, Path dataDir, StoreAlarms alarms) {
    return open(vertx, connection, dataDir, HighWater.LOSS_BOUND, HighWater.BEAT, alarms);
  }

  /** The same for tests that cannot wait a minute. */
  static Future<RedisStore> open(
      Vertx vertx,
      RedisConnection connection,
      Path dataDir,
      Duration lossBound,
      Duration beatEvery,
      StoreAlarms alarms) {
    return open(vertx, connection, dataDir, lossBound, beatEvery, new CommitShapes(), alarms);
  }

  /** The same for tests of scripts that a shape gets. */
  static Future<RedisStore> open(
      Vertx vertx,
      RedisConnection connection,
      Path dataDir,
      Duration lossBound,
      Duration beatEvery,
      CommitShapes shapes,
      StoreAlarms alarms) {
    return StoreEpochs.open(vertx, connection, dataDir, lossBound, beatEvery, alarms)
        .compose(
            epochs ->
                connection
                    .ask(0, redis -> redis.time())
                    .map(
                        time ->
                            new RedisStore(
                                vertx,
                                connection,
                                new PrimaryClocks(
                                    millis(time),
                                    System::nanoTime,
                                    Clock.systemUTC(),
                                    drift -> alarm(alarms, drift),
                                    workspace ->
                                        connection.shardOf(new RedisKeys(workspace).epoch())),
                                epochs,
                                shapes,
                                beatEvery)));
  }

  /** Looks whether this store is the one we know for a workspace; creates what is new to both. */
  public Future<Boolean> open(String workspace) {
    Key key = new RedisKeys(workspace).epoch();
    epochKeys.add(key);
    pulses.computeIfAbsent(connection.shardOf(key), name -> new StorePulse(System::nanoTime, name));
    beat.follow(workspace);
    return connection
        .ask(key, redis -> redis.time())
        .onSuccess(time -> clocks.of(workspace).restart(millis(time)))
        .compose(time -> epochs.look(workspace))
        .map(epoch -> !epoch.quarantined());
  }

  /** Takes the store for ours again; the operator's answer to a quarantine. Answers the epoch. */
  public Future<String> adopt(String workspace) {
    return epochs.adopt(workspace).map(StoreEpochs.Epoch::value);
  }

  /**
   * Works with what is found, in quarantine or not, until {@link #adopt}: for an operator's command
   * that has to change it first. False when the store knows nothing of the workspace.
   */
  public Future<Boolean> takeAsFound(String workspace) {
    return epochs.takeAsFound(workspace);
  }

  /** Whether nothing may be accepted or sent for a workspace now. */
  public boolean isQuarantined(String workspace) {
    StoreEpochs.Epoch epoch = epochs.known(workspace);
    return epoch != null && epoch.quarantined();
  }

  /**
   * What keeps the store from being worked with: no answer for 3 s, or no memory for what is new.
   * Found out by two commands a second, whoever asks; known within a second of its end. In a
   * cluster only when that is so of every master that has a workspace: while one of them works,
   * this gateway does.
   */
  public Optional<String> trouble() {
    Optional<String> first = Optional.empty();
    for (StorePulse pulse : pulses.values()) {
      Optional<String> trouble = pulse.trouble();
      if (trouble.isEmpty()) {
        return trouble;
      }
      first = trouble;
    }
    return first;
  }

  /** Stops following the store's time. */
  public Future<Void> close() {
    vertx.cancelTimer(resync);
    beat.stop();
    return epochs.close();
  }

  @Override
  public StoreClock clock(String workspace) {
    return clocks.of(workspace);
  }

  /** The clock of the primary that is asked when it does not matter which. */
  public StoreClock clockOfFirst() {
    return clocks.first();
  }

  @Override
  public Future<Loaded> load(LoadRequest request) {
    ScriptCall call = LoadScript.call(request, clocks.of(request.workspace()).now());
    Future<Loaded> read =
        connection
            .run(call, call.keys()[0].hashCode())
            .map(answer -> loaded(request.workspace(), answer));
    return connection.awaitsReplicas()
        ? read.compose(loaded -> settled(request.workspace(), call, loaded))
        : read;
  }

  /** A message that is known already is told as stored only when replicas have it. */
  private Future<Loaded> settled(String workspace, ScriptCall call, Loaded loaded) {
    return loaded.known().stream().anyMatch(Objects::nonNull)
        ? connection
            .settled(new RedisKeys(workspace).replicaMark(), call)
            .map(answer -> loaded(workspace, answer))
        : Future.succeededFuture(loaded);
  }

  private Loaded loaded(String workspace, List<@Nullable Object> answer) {
    Loaded loaded = LoadScript.read(answer);
    clocks.of(workspace).heard(loaded.at().toEpochMilli());
    return loaded;
  }

  @Override
  public Future<CommitResult> commit(Commit commit) {
    StoreEpochs.Epoch epoch = epochs.trusted(commit.workspace());
    if (epoch == null || (epoch.quarantined() && epochs.isOld(epoch))) {
      return epochs.look(commit.workspace()).compose(looked -> commit(commit, looked));
    }
    return commit(commit, epoch);
  }

  private Future<CommitResult> commit(Commit commit, StoreEpochs.Epoch epoch) {
    if (epoch.quarantined()) {
      return Future.succeededFuture(new CommitResult.Quarantined());
    }
    try {
      CommitCheck.check(commit);
    } catch (CommitTooLargeException e) {
      return Future.failedFuture(e);
    } catch (IllegalArgumentException e) {
      return Future.failedFuture(
          new StoreUnavailableException(String.valueOf(e.getMessage()), false, e));
    }
    return connection
        .commit(CommitScript.call(commit, epoch.value(), shapes), affinity(commit))
        .compose(answer -> answered(commit, epoch, answer));
  }

  private Future<CommitResult> answered(
      Commit commit, StoreEpochs.Epoch epoch, List<@Nullable Object> answer) {
    String outcome = (String) Objects.requireNonNull(answer.get(0));
    if (outcome.equals("ok")) {
      long ms = (Long) Objects.requireNonNull(answer.get(1));
      clocks.of(commit.workspace()).heard(ms);
      return Future.succeededFuture(new CommitResult.Done(Instant.ofEpochMilli(ms)));
    } else if (outcome.equals("guard")) {
      int index = ((Long) Objects.requireNonNull(answer.get(1))).intValue();
      return Future.succeededFuture(new CommitResult.Conflict(index, commit.guards().get(index)));
    } else if (outcome.equals("stale")) {
      long ms = (Long) Objects.requireNonNull(answer.get(1));
      clocks.of(commit.workspace()).restart(ms);
      return Future.succeededFuture(new CommitResult.Stale(Instant.ofEpochMilli(ms)));
    } else if (outcome.equals("full")) {
      return Future.succeededFuture(new CommitResult.Full());
    }
    return epochs
        .look(commit.workspace())
        .compose(
            looked ->
                looked.quarantined() || looked.value().equals(epoch.value())
                    ? Future.succeededFuture(new CommitResult.Quarantined())
                    : commit(commit, looked));
  }

  private static int affinity(Commit commit) {
    if (!commit.guards().isEmpty()) {
      return commit.guards().get(0).key().hashCode();
    }
    return commit.writes().isEmpty() ? 0 : commit.writes().get(0).key().hashCode();
  }

  @Override
  public Future<Claimed> claimDue(String workspace, Key sortedSet, Duration lease, int limit) {
    StoreEpochs.Epoch epoch = epochs.trusted(workspace);
    if (epoch == null || (epoch.quarantined() && epochs.isOld(epoch))) {
      return epochs
          .look(workspace)
          .compose(looked -> claim(workspace, sortedSet, lease, limit, looked));
    }
    return claim(workspace, sortedSet, lease, limit, epoch);
  }

  private Future<Claimed> claim(
      String workspace, Key sortedSet, Duration lease, int limit, StoreEpochs.Epoch epoch) {
    if (epoch.quarantined()) {
      return Future.failedFuture(quarantined(workspace));
    }
    ScriptCall call = ClaimDueScript.call(workspace, sortedSet, lease, limit, epoch.value());
    return connection
        .run(call, sortedSet.hashCode())
        .compose(
            answer -> {
              if (!"ok".equals(answer.get(0))) {
                return epochs
                    .look(workspace)
                    .compose(l -> Future.failedFuture(quarantined(workspace)));
              }
              Claimed claimed = ClaimDueScript.read(answer);
              clocks.of(workspace).heard(claimed.atMillis());
              return Future.succeededFuture(claimed);
            });
  }

  private static StoreUnavailableException quarantined(String workspace) {
    return new StoreUnavailableException(
        "store: workspace " + workspace + " is in quarantine", false, null);
  }

  @Override
  public Future<@Nullable String> get(Key key) {
    Future<@Nullable String> read = connection.ask(key, redis -> redis.get(key.name()));
    return connection.awaitsReplicas() && RedisKeys.isAnswer(key)
        ? read.compose(
            found ->
                found == null
                    ? Future.succeededFuture(null)
                    : connection.settled(
                        RedisKeys.replicaMarkBeside(key), redis -> redis.get(key.name())))
        : read;
  }

  @Override
  public Future<@Nullable String> hashGet(Key key, String field) {
    return connection.ask(key, redis -> redis.hget(key.name(), field));
  }

  @Override
  public Future<Map<String, String>> hashAll(Key key) {
    return connection.ask(key, redis -> redis.hgetall(key.name()));
  }

  @Override
  public Future<List<String>> list(Key key, long from, long to) {
    return connection.ask(key, redis -> redis.lrange(key.name(), from, to));
  }

  @Override
  public Future<List<Scored>> sorted(Key key, long from, long to) {
    return connection
        .ask(key, redis -> redis.zrangeWithScores(key.name(), from, to))
        .map(RedisStore::scored);
  }

  @Override
  public Future<List<Scored>> sortedDescending(Key key, double max, long offset, int limit) {
    return connection
        .ask(
            key,
            redis ->
                redis.zrevrangebyscoreWithScores(
                    key.name(),
                    Range.from(Range.Boundary.unbounded(), Range.Boundary.including(max)),
                    Limit.create(offset, limit)))
        .map(RedisStore::scored);
  }

  @Override
  public Future<Long> sortedCount(Key key) {
    return connection.ask(key, redis -> redis.zcard(key.name()));
  }

  @Override
  public Future<Long> sortedBelow(Key key, double score) {
    Range<Double> below = Range.from(Range.Boundary.unbounded(), Range.Boundary.excluding(score));
    return connection.ask(key, redis -> redis.zcount(key.name(), below));
  }

  @Override
  public Future<List<StreamEntry>> stream(Key key, String after, int limit) {
    return connection
        .ask(
            key,
            redis ->
                redis.xrange(
                    key.name(),
                    Range.from(Range.Boundary.excluding(after), Range.Boundary.unbounded()),
                    Limit.from(limit)))
        .map(RedisStore::entries);
  }

  @Override
  public Future<@Nullable StreamEntry> streamFirst(Key key) {
    return connection
        .ask(key, redis -> redis.xrange(key.name(), Range.<String>unbounded(), Limit.from(1)))
        .map(RedisStore::onlyEntry);
  }

  @Override
  public Future<@Nullable StreamEntry> streamLast(Key key) {
    return connection
        .ask(key, redis -> redis.xrevrange(key.name(), Range.<String>unbounded(), Limit.from(1)))
        .map(RedisStore::onlyEntry);
  }

  @Override
  public Runnable onWakeUp(String workspace, Consumer<Set<String>> listener) {
    return wakeUps.listen(workspace, listener);
  }

  @Override
  public long breaks() {
    return connection.breaks();
  }

  @Override
  public String epoch(String workspace) {
    StoreEpochs.Epoch epoch = epochs.known(workspace);
    if (epoch == null) {
      throw new IllegalStateException("workspace " + workspace + " was not opened");
    }
    return epoch.value();
  }

  private void resync() {
    List<Links.Shard> shards = connection.shards();
    clocks.follow(shards.stream().map(Links.Shard::name).toList());
    for (Links.Shard shard : shards) {
      connection
          .ask(shard, redis -> redis.time())
          .onSuccess(time -> clocks.heard(shard.name(), millis(time)))
          .onFailure(cause -> LOG.atDebug().setCause(cause).log("Store time not heard"));
    }
    Map<String, Key> byShard = new HashMap<>();
    epochKeys.forEach(key -> byShard.putIfAbsent(connection.shardOf(key), key));
    pulses.keySet().retainAll(byShard.keySet());
    byShard.forEach(
        (shard, key) -> {
          StorePulse pulse =
              pulses.computeIfAbsent(shard, name -> new StorePulse(System::nanoTime, name));
          // changes nothing, but is refused at maxmemory like every write that needs memory
          connection
              .ask(key, redis -> redis.setrange(key.name(), 0, ""))
              .onSuccess(length -> pulse.done())
              .onFailure(pulse::failed);
        });
    connection
        .pingSubscriber()
        .onFailure(silent -> LOG.atDebug().setCause(silent).log("No sign of the subscriber"));
  }

  private static void alarm(StoreAlarms alarms, long drift) {
    LOG.atWarn().addKeyValue("aheadMillis", drift).log("Host clock differs from the store's");
    alarms.hostDrift(drift);
  }

  /** TIME answers seconds and microseconds. */
  private static long millis(List<String> time) {
    return Long.parseLong(time.get(0)) * 1_000 + Long.parseLong(time.get(1)) / 1_000;
  }

  private static List<Scored> scored(List<ScoredValue<String>> rows) {
    return rows.stream().map(row -> new Scored(row.getValue(), row.getScore())).toList();
  }

  private static List<StreamEntry> entries(List<StreamMessage<String, String>> rows) {
    return rows.stream().map(RedisStore::entry).toList();
  }

  private static @Nullable StreamEntry onlyEntry(List<StreamMessage<String, String>> rows) {
    return rows.isEmpty() ? null : entry(rows.get(0));
  }

  private static StreamEntry entry(StreamMessage<String, String> row) {
    return new StreamEntry(row.getId(), row.getBody().getOrDefault("v", ""));
  }
}
