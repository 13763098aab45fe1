// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import dev.frontdesk.gateway.store.StoreUnavailableException;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
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
 *   <li>Calls with the same affinity take effect in the order they were made.
 * </ol>
 */
public final class RedisConnection {

  /**
   * Redis reads at most 16 KiB of one connection between two fsyncs, so several connections make
   * larger group commits.
   */
  private static final int CONNECTIONS = 4;

  private static final Duration TCP_USER_TIMEOUT = Duration.ofSeconds(5);
  private static final Delay RECONNECT =
      Delay.fullJitter(Duration.ofMillis(20), Duration.ofSeconds(4), 50, TimeUnit.MILLISECONDS);

  private final ClientResources resources;
  private final RedisClient client;
  private final List<RedisLink> links;
  private final StatefulRedisPubSubConnection<String, String> subscriber;
  private final LongConsumer latencyNanos;

  private RedisConnection(
      Lettuce lettuce,
      List<RedisLink> links,
      StatefulRedisPubSubConnection<String, String> subscriber,
      LongConsumer latencyNanos) {
    this.resources = lettuce.resources();
    this.client = lettuce.client();
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
    // loading the client, its native transport and its first command takes up to 2 s on a busy
    // machine, once: on a worker, an event loop would stand still
    return vertx.executeBlocking(
        () -> {
          Lettuce lettuce = start(address, timeout, requestQueue);
          try {
            return connect(lettuce, address, timeout, requestQueue / CONNECTIONS, latencyNanos);
          } catch (ExecutionException | TimeoutException | RuntimeException e) {
            lettuce.client().shutdown(0, 1, TimeUnit.SECONDS);
            lettuce.resources().shutdown(0, 1, TimeUnit.SECONDS).await(1, TimeUnit.SECONDS);
            throw notConnected(address, e);
          }
        },
        false);
  }

  private record Lettuce(ClientResources resources, RedisClient client) {}

  private static Lettuce start(RedisAddress address, Duration timeout, int requestQueue) {
    ClientResources resources =
        ClientResources.builder()
            .ioThreadPoolSize(2)
            .computationThreadPoolSize(2)
            .reconnectDelay(RECONNECT)
            .nettyCustomizer(new OneFlushPerBatch())
            .build();
    RedisClient client = RedisClient.create(resources, address.uri());
    SocketOptions.Builder socket = SocketOptions.builder().connectTimeout(timeout);
    if (address.tcp()) {
      socket
          .keepAlive(true)
          .tcpUserTimeout(
              SocketOptions.TcpUserTimeoutOptions.builder()
                  .enable()
                  .tcpUserTimeout(TCP_USER_TIMEOUT)
                  .build());
    } else {
      socket.keepAlive(false).tcpNoDelay(false);
    }
    client.setOptions(
        ClientOptions.builder()
            .protocolVersion(ProtocolVersion.RESP2)
            .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
            .replayFilter(command -> true)
            // the links refuse earlier and quietly; this bound also counts what timed out already
            .requestQueueSize(requestQueue)
            .timeoutOptions(TimeoutOptions.enabled(timeout))
            .maintNotificationsConfig(MaintNotificationsConfig.disabled())
            .socketOptions(socket.build())
            .build());
    return new Lettuce(resources, client);
  }

  private static RedisConnection connect(
      Lettuce lettuce,
      RedisAddress address,
      Duration timeout,
      int mostWaiting,
      LongConsumer latencyNanos)
      throws ExecutionException, TimeoutException, InterruptedException {
    long patience = timeout.toMillis() * 2;
    List<RedisLink> open = new ArrayList<>();
    // one after the other, so that a wrong password is tried once
    for (int n = 0; n < CONNECTIONS; n++) {
      StatefulRedisConnection<String, String> connection =
          lettuce
              .client()
              .connectAsync(StringCodec.UTF8, address.uri())
              .toCompletableFuture()
              .get(patience, TimeUnit.MILLISECONDS);
      open.add(new RedisLink(connection.async(), Math.max(1, mostWaiting)));
    }
    for (Script script : List.of(CommitScript.SCRIPT, LoadScript.SCRIPT, ClaimDueScript.SCRIPT)) {
      String sha =
          open.get(0).commands().scriptLoad(script.text()).get(patience, TimeUnit.MILLISECONDS);
      if (!sha.equals(script.sha())) {
        throw new IllegalStateException("Redis knows " + script.name() + " by another digest");
      }
    }
    StatefulRedisPubSubConnection<String, String> subscriber =
        lettuce
            .client()
            .connectPubSubAsync(StringCodec.UTF8, address.uri())
            .toCompletableFuture()
            .get(patience, TimeUnit.MILLISECONDS);
    return new RedisConnection(lettuce, List.copyOf(open), subscriber, latencyNanos);
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
            commands
                .<List<@Nullable Object>>evalsha(
                    script.sha(), ScriptOutputType.MULTI, call.keys(), call.arguments())
                .exceptionallyCompose(
                    cause ->
                        isNoScript(cause)
                            ? commands.eval(
                                script.text(),
                                ScriptOutputType.MULTI,
                                call.keys(),
                                call.arguments())
                            : failed(cause)));
  }

  /** One command. */
  <T extends @Nullable Object> Future<T> ask(
      int affinity,
      Function<RedisAsyncCommands<String, String>, ? extends CompletionStage<T>> command) {
    RedisLink link = links.get(Math.floorMod(affinity, links.size()));
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

  Future<@Nullable Void> unsubscribe(String channel) {
    return onContext(subscriber.async().unsubscribe(channel));
  }

  /** Closes all connections; what is under way fails. */
  public Future<@Nullable Void> close() {
    return Future.<@Nullable Void>future(
            done -> onContext(client.shutdownAsync(0, 1, TimeUnit.SECONDS)).onComplete(done))
        .eventually(() -> stop(resources));
  }

  private static Future<@Nullable Void> stop(ClientResources resources) {
    Promise<@Nullable Void> stopped = Promise.promise();
    resources
        .shutdown(0, 1, TimeUnit.SECONDS)
        .addListener(ignored -> stopped.complete()); // its failure leaves nothing to do
    return stopped.future();
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

  /** Commands that are written together leave in one system call, not one each. */
  private static final class OneFlushPerBatch implements NettyCustomizer {
    private static final int MOST_WRITES_PER_FLUSH = 64;

    @Override
    public void afterChannelInitialized(Channel channel) {
      channel.pipeline().addFirst(new FlushConsolidationHandler(MOST_WRITES_PER_FLUSH, true));
    }
  }
}
