// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import dev.frontdesk.gateway.store.StoreUnavailableException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

  /**
   * Redis reads at most 16 KiB of one connection between two fsyncs, so several connections make
   * larger group commits. Of 4, 8, 16 and 32, 16 stored the most: what bounds intake is that
   * process, which computes and awaits its disk in turns.
   */
  private static final int CONNECTIONS = 16;

  private final LettuceClients clients;
  private final List<LoopLinks> links;
  private final StatefulRedisPubSubConnection<String, String> subscriber;
  private final LongConsumer latencyNanos;

  private RedisConnection(
      LettuceClients clients,
      List<LoopLinks> links,
      StatefulRedisPubSubConnection<String, String> subscriber,
      LongConsumer latencyNanos) {
    this.clients = clients;
    this.links = links;
    this.subscriber = subscriber;
    this.latencyNanos = latencyNanos;
  }

  /**
   * Connects once; fails with {@link StoreUnavailableException} naming the reason (no retry).
   *
   * @param timeout of one command and of connecting
   * @param requestQueue commands that may wait for an answer, all connections together
   * @param latencyNanos told the time each answer took; called on a store thread
   */
  public static Future<RedisConnection> open(
      Vertx vertx,
      RedisAddress address,
      Duration timeout,
      int requestQueue,
      LongConsumer latencyNanos) {
    List<EventLoop> loops = loopsOf(vertx);
    // loading the client, its native transport and its first command takes up to 2 s on a busy
    // machine, once: on a worker, an event loop would stand still
    return vertx.executeBlocking(
        () -> {
          LettuceClients clients = LettuceClients.start(address, timeout, requestQueue, loops);
          try {
            return connect(clients, timeout, requestQueue, latencyNanos);
          } catch (ExecutionException | TimeoutException | RuntimeException e) {
            clients.stop();
            throw notConnected(address, e);
          }
        },
        false);
  }

  /** The loops connections may live on: none where Vert.x has another transport than Lettuce. */
  private static List<EventLoop> loopsOf(Vertx vertx) {
    List<EventLoop> loops = new ArrayList<>();
    if (vertx.isNativeTransportEnabled() && vertx instanceof VertxInternal known) {
      known.nettyEventLoopGroup().forEach(executor -> loops.add((EventLoop) executor));
    }
    return loops;
  }

  private static RedisConnection connect(
      LettuceClients clients, Duration timeout, int requestQueue, LongConsumer latencyNanos)
      throws ExecutionException, TimeoutException, InterruptedException {
    long patience = timeout.toMillis() * 2;
    int each = Math.max(1, (CONNECTIONS + clients.each().size() - 1) / clients.each().size());
    int mostWaiting = Math.max(1, requestQueue / (each * clients.each().size()));
    List<LoopLinks> open = new ArrayList<>();
    // one after the other, so that a wrong password is tried once
    for (LettuceClients.OnLoop client : clients.each()) {
      List<RedisLink> links = new ArrayList<>();
      for (int n = 0; n < each; n++) {
        StatefulRedisConnection<String, String> connection =
            client.connect().get(patience, TimeUnit.MILLISECONDS);
        links.add(new RedisLink(connection, mostWaiting));
      }
      open.add(new LoopLinks(client.loop(), List.copyOf(links)));
    }
    for (Script script : List.of(CommitScript.SCRIPT, LoadScript.SCRIPT, ClaimDueScript.SCRIPT)) {
      String sha =
          open.get(0)
              .links()
              .get(0)
              .commands()
              .scriptLoad(script.text())
              .get(patience, TimeUnit.MILLISECONDS);
      if (!sha.equals(script.sha())) {
        throw new IllegalStateException("Redis knows " + script.name() + " by another digest");
      }
    }
    StatefulRedisPubSubConnection<String, String> subscriber =
        clients.each().get(0).subscribe().get(patience, TimeUnit.MILLISECONDS);
    return new RedisConnection(clients, List.copyOf(open), subscriber, latencyNanos);
  }

  /**
   * The connections of one event loop.
   *
   * @param loop null: of a thread of Lettuce
   */
  private record LoopLinks(@Nullable EventLoop loop, List<RedisLink> links) {}

  /**
   * On an event loop one of its own connections, elsewhere any; the same for one affinity. While it
   * is full or broken any that is not: after a restart of Redis they do not come back together.
   */
  private RedisLink link(int affinity) {
    LoopLinks chosen = links.get(Math.floorMod(affinity, links.size()));
    for (LoopLinks each : links) {
      if (each.loop() != null && each.loop().inEventLoop()) {
        chosen = each;
      }
    }
    RedisLink link = chosen.links().get(Math.floorMod(affinity >>> 8, chosen.links().size()));
    return link.hasRoom() ? link : anyWithRoom(link);
  }

  private RedisLink anyWithRoom(RedisLink otherwise) {
    for (LoopLinks each : links) {
      for (RedisLink link : each.links()) {
        if (link.hasRoom()) {
          return link;
        }
      }
    }
    return otherwise;
  }

  private static StoreUnavailableException notConnected(RedisAddress address, Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String why = root instanceof TimeoutException ? "no answer in time" : root.getMessage();
    return new StoreUnavailableException("cannot connect to " + address + ": " + why, false, cause);
  }

  /**
   * Runs a script by its digest; where the server does not know it, the same call with its text.
   */
  Future<List<@Nullable Object>> run(ScriptCall call, int affinity) {
    Script script = call.script();
    return ask(
        affinity,
        commands ->
            evaluate(commands, CommandType.EVALSHA, script.sha(), call)
                .exceptionallyCompose(
                    cause ->
                        isNoScript(cause)
                            ? evaluate(commands, CommandType.EVAL, script.text(), call)
                            : failed(cause)));
  }

  private static CompletionStage<List<@Nullable Object>> evaluate(
      RedisAsyncCommands<String, String> commands,
      CommandType command,
      String script,
      ScriptCall call) {
    return commands.dispatch(
        command, new NestedMultiOutput<>(StringCodec.UTF8), new ScriptArgs(script, call));
  }

  /** One command. */
  <T extends @Nullable Object> Future<T> ask(
      int affinity,
      Function<RedisAsyncCommands<String, String>, ? extends CompletionStage<T>> command) {
    RedisLink link = link(affinity);
    String refusal = link.enter();
    if (refusal != null) {
      return Future.failedFuture(new StoreUnavailableException(refusal, false, null));
    }
    long sent = System.nanoTime();
    CompletionStage<T> answer;
    try {
      answer = command.apply(link.commands());
    } catch (RedisException e) {
      link.leave(e);
      return Future.failedFuture(unavailable(e));
    }
    return onContext(
        answer.whenComplete(
            (value, cause) -> {
              link.leave(cause == null ? null : unwrap(cause));
              latencyNanos.accept(System.nanoTime() - sent);
            }));
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
      promise.fail(unavailable(cause));
    }
  }

  /** Whether the command may have run: not when the server refused it or it was never sent. */
  private static StoreUnavailableException unavailable(Throwable thrown) {
    Throwable cause = unwrap(thrown);
    String message = String.valueOf(cause.getMessage());
    boolean refused =
        cause instanceof RedisCommandExecutionException
            || message.startsWith("Currently not connected")
            || message.startsWith("Request queue size exceeded")
            || message.startsWith("Internal stack size exceeded");
    String what = cause instanceof RedisCommandTimeoutException ? "no answer in time" : message;
    return new StoreUnavailableException("store: " + what, !refused, cause);
  }

  private static Throwable unwrap(Throwable thrown) {
    return thrown instanceof CompletionException && thrown.getCause() != null
        ? thrown.getCause()
        : thrown;
  }

  private static boolean isNoScript(Throwable thrown) {
    return unwrap(thrown) instanceof RedisNoScriptException;
  }

  private static <T> CompletionStage<T> failed(Throwable cause) {
    return CompletableFuture.failedFuture(cause);
  }
}
