// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.StoreUnavailableException;
import io.lettuce.core.RedisException;
import io.lettuce.core.SetArgs;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The bridge to one Redis: the only class where futures of Lettuce become futures of Vert.x.
 *
 * <ol>
 *   <li>A future completes on the context it was asked from; without a context, where it is.
 *   <li>It fails only with {@link StoreUnavailableException}, at the time-out at the latest (plus
 *       the 100 ms tick of the timer).
 *   <li>Nothing is sent twice: not connected means refused, and what was under way when a
 *       connection broke fails as unknown. (With Lettuce's defaults 1,581 of 81,856 increments ran
 *       twice over ten connection cuts; with rejecting and the replay filter none did.)
 *   <li>Commands waiting for an answer are bounded, and while the server is silent few are sent;
 *       the others are refused at once.
 *   <li>Nothing is said about the order of calls that do not wait for each other.
 * </ol>
 */
public final class RedisConnection {

  /** A mark is looked at by nobody; so long it stands in memory. */
  private static final long MARK_MILLIS = 60_000;

  private static final int NO_SLOT = -1;

  private final LettuceClients clients;
  private final Links links;
  private final boolean awaitsReplicas;
  private final StatefulRedisPubSubConnection<String, String> subscriber;
  private final LongConsumer latencyNanos;

  /** Of connections that are open. */
  RedisConnection(
      LettuceClients clients,
      Links links,
      boolean awaitsReplicas,
      StatefulRedisPubSubConnection<String, String> subscriber,
      LongConsumer latencyNanos) {
    this.clients = clients;
    this.links = links;
    this.awaitsReplicas = awaitsReplicas;
    this.subscriber = subscriber;
    this.latencyNanos = latencyNanos;
  }

  /** The same without waiting for replicas. */
  public static Future<RedisConnection> open(
      Vertx vertx,
      RedisAddress address,
      Duration timeout,
      int requestQueue,
      LongConsumer latencyNanos) {
    return open(vertx, address, timeout, requestQueue, Copies.NONE, latencyNanos);
  }

  /**
   * Connects once; fails with {@link StoreUnavailableException} naming the reason (no retry).
   *
   * @param timeout of one command and of connecting
   * @param requestQueue commands that may wait for an answer, all connections together
   * @param copies what commits wait for
   * @param latencyNanos told the time each answer took; called on a store thread
   */
  public static Future<RedisConnection> open(
      Vertx vertx,
      RedisAddress address,
      Duration timeout,
      int requestQueue,
      Copies copies,
      LongConsumer latencyNanos) {
    return RedisOpening.open(vertx, address, timeout, requestQueue, copies, latencyNanos);
  }

  /**
   * Runs a script that only reads, or whose writes may be lost, by its digest; where the server
   * does not know it, the same call with its text.
   */
  Future<List<@Nullable Object>> run(ScriptCall call, int affinity) {
    String key = call.keys()[0];
    ScriptCall whole = call.script().equals(LoadScript.SCRIPT) ? call : whole(call, key);
    return ask(false, affinity, key, link -> evaluated(link, whole));
  }

  /** The same for a commit: what it wrote is where it must be before it is answered. */
  Future<List<@Nullable Object>> commit(ScriptCall call, int affinity) {
    String key = call.keys()[0];
    ScriptCall whole = whole(call, key);
    return ask(true, affinity, key, link -> committed(link, whole));
  }

  private ScriptCall whole(ScriptCall call, String key) {
    String absent = links.absentKey(key);
    return absent == null ? call : call.with(absent);
  }

  private static CompletionStage<List<@Nullable Object>> evaluated(
      RedisLink link, ScriptCall call) {
    Script script = call.script();
    return evaluate(link, CommandType.EVALSHA, script.sha(), call)
        .exceptionallyCompose(
            cause ->
                RedisFailures.isNoScript(cause)
                    ? evaluate(link, CommandType.EVAL, script.text(), call)
                    : RedisFailures.failed(cause));
  }

  private static CompletionStage<List<@Nullable Object>> evaluate(
      RedisLink link, CommandType command, String script, ScriptCall call) {
    return link.commands()
        .dispatch(command, new NestedMultiOutput<>(StringCodec.UTF8), new ScriptArgs(script, call));
  }

  private CompletionStage<List<@Nullable Object>> committed(RedisLink link, ScriptCall call) {
    long breaks = breaks();
    CompletionStage<List<@Nullable Object>> answer = evaluated(link, call);
    return link.replicas() == null
        ? answer
        : answer.thenCompose(
            rows ->
                "ok".equals(rows.get(0))
                    ? confirmed(link, breaks).thenApply(have -> rows)
                    : CompletableFuture.completedFuture(rows));
  }

  /**
   * Completes when replicas have what was answered on a link; fails, outcome unknown, when some
   * connection broke since: the one that answered may be another's now, and so may its replicas.
   */
  private CompletionStage<@Nullable Void> confirmed(RedisLink link, long breaks) {
    return Objects.requireNonNull(link.replicas())
        .confirmed()
        .thenCompose(
            have ->
                breaks == breaks()
                    ? CompletableFuture.completedFuture(null)
                    : CompletableFuture.failedFuture(
                        new StoreUnavailableException(
                            "store: a connection broke before replicas had the write",
                            true,
                            null)));
  }

  /**
   * The answer of a script that only reads, once replicas have everything it may have seen, by
   * whomever: it is asked where commits go, and a small write of our own behind it is confirmed,
   * for replicas get writes in order. Where commits go, because another connection may still lead
   * to a master that was replaced: what that one knows its successor need not have.
   *
   * @param mark a key for that write, of the same slot
   */
  Future<List<@Nullable Object>> settled(Key mark, ScriptCall call) {
    return settledRead(mark, link -> evaluated(link, call));
  }

  /** The same for one command. */
  <T extends @Nullable Object> Future<T> settled(
      Key mark,
      Function<RedisClusterAsyncCommands<String, String>, ? extends CompletionStage<T>> command) {
    return settledRead(mark, link -> command.apply(link.commands()));
  }

  private <T extends @Nullable Object> Future<T> settledRead(
      Key mark, Function<RedisLink, ? extends CompletionStage<T>> reading) {
    return ask(
        true,
        mark.hashCode(),
        mark.name(),
        link -> {
          long breaks = breaks();
          return reading
              .apply(link)
              .thenCompose(
                  read ->
                      link.commands()
                          .set(mark.name(), "", SetArgs.Builder.px(MARK_MILLIS))
                          .thenCompose(ok -> confirmed(link, breaks))
                          .thenApply(have -> read));
        });
  }

  /** Whether commits wait for replicas. */
  boolean awaitsReplicas() {
    return awaitsReplicas;
  }

  /** One command on a key. */
  <T extends @Nullable Object> Future<T> ask(
      Key key,
      Function<RedisClusterAsyncCommands<String, String>, ? extends CompletionStage<T>> command) {
    return ask(false, key.hashCode(), key.name(), link -> command.apply(link.commands()));
  }

  /** One command that any server may answer. */
  <T extends @Nullable Object> Future<T> ask(
      int affinity,
      Function<RedisClusterAsyncCommands<String, String>, ? extends CompletionStage<T>> command) {
    return ask(false, affinity, null, link -> command.apply(link.commands()));
  }

  /** One command to one server; not repeated. */
  <T extends @Nullable Object> Future<T> ask(
      Links.Shard shard,
      Function<RedisClusterAsyncCommands<String, String>, ? extends CompletionStage<T>> command) {
    return once(shard.link(), link -> command.apply(link.commands()));
  }

  /** Every server that takes writes, as known now: one, unless it is a cluster. */
  List<Links.Shard> shards() {
    return links.shards();
  }

  /** The name of the server that holds a key now. */
  String shardOf(Key key) {
    return links.shardOf(key.name());
  }

  private <T extends @Nullable Object> Future<T> ask(
      boolean writing,
      int affinity,
      @Nullable String key,
      Function<RedisLink, ? extends CompletionStage<T>> command) {
    SlotPatience patience = links.patience();
    return patience == null
        ? once(link(writing, affinity, key), command)
        : patience.ask(
            key == null ? NO_SLOT : SlotHash.getSlot(key),
            () -> once(link(writing, affinity, key), command));
  }

  private @Nullable RedisLink link(boolean writing, int affinity, @Nullable String key) {
    return writing && key != null ? links.writing(affinity, key) : links.link(affinity, key);
  }

  private <T extends @Nullable Object> Future<T> once(
      @Nullable RedisLink link, Function<RedisLink, ? extends CompletionStage<T>> command) {
    String refusal = link == null ? "store: its server is not connected" : link.enter();
    if (link == null || refusal != null) {
      return Future.failedFuture(
          new StoreUnavailableException(String.valueOf(refusal), false, null));
    }
    long sent = System.nanoTime();
    CompletionStage<T> answer;
    try {
      answer = command.apply(link);
    } catch (RedisException e) {
      link.leave(e);
      return Future.failedFuture(RedisFailures.unavailable(e));
    }
    return onContext(
        answer.whenComplete(
            (value, cause) -> {
              left(link, cause == null ? null : RedisFailures.unwrap(cause));
              latencyNanos.accept(System.nanoTime() - sent);
            }));
  }

  private void left(RedisLink link, @Nullable Throwable cause) {
    link.leave(cause);
    if (cause != null && String.valueOf(cause.getMessage()).contains(SlotPatience.READ_ONLY)) {
      links.misplaced(link);
    }
  }

  /**
   * Tells {@code listener} channel and payload of what is published on the subscribed channels, and
   * each (re)subscription of a channel with a null payload: before it something may have been
   * missed. Called on a thread of the connection.
   */
  void onPublished(BiConsumer<String, @Nullable String> listener) {
    subscriber.addListener(
        new RedisPubSubAdapter<>() {
          @Override
          public void message(String channel, String message) {
            listener.accept(channel, message);
          }

          @Override
          public void subscribed(String channel, long count) {
            listener.accept(channel, null);
          }
        });
  }

  Future<@Nullable Void> subscribe(String channel) {
    return onContext(subscriber.async().subscribe(channel));
  }

  /** Asks for a sign on the connection that otherwise only listens: a dead one is then noticed. */
  Future<String> pingSubscriber() {
    return onContext(subscriber.async().ping());
  }

  Future<@Nullable Void> unsubscribe(String channel) {
    return onContext(subscriber.async().unsubscribe(channel));
  }

  /** How often a connection broke: after each time another server may answer. */
  long breaks() {
    return clients.breaks();
  }

  /** Closes all connections; what is under way fails. */
  public Future<@Nullable Void> close() {
    return onContext(clients.close());
  }

  private static <T extends @Nullable Object> Future<T> onContext(CompletionStage<T> stage) {
    Context context = Vertx.currentContext();
    Promise<T> promise = Promise.promise();
    stage.whenComplete(
        (value, cause) -> {
          if (context == null) {
            settle(promise, value, cause);
          } else {
            context.runOnContext(ignored -> settle(promise, value, cause));
          }
        });
    return promise.future();
  }

  private static <T extends @Nullable Object> void settle(
      Promise<T> promise, T value, @Nullable Throwable cause) {
    if (cause == null) {
      promise.complete(value);
    } else {
      promise.fail(RedisFailures.unavailable(cause));
    }
  }
}
