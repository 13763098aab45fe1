// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.flush.FlushConsolidationHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The clients of Lettuce, one per event loop, with the options that the guarantees of {@link
 * RedisConnection} rest on. They share timer and executor.
 */
final class LettuceClients {

  /** How long a connection may be silent: without acknowledgements, and without answers. */
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(5);

  private static final Delay RECONNECT =
      Delay.fullJitter(Duration.ofMillis(20), Duration.ofSeconds(4), 50, TimeUnit.MILLISECONDS);

  private final ClientResources shared;
  private final List<OnLoop> each;

  private LettuceClients(ClientResources shared, List<OnLoop> each) {
    this.shared = shared;
    this.each = each;
  }

  /**
   * A client whose connections live on one event loop.
   *
   * @param loop null: on threads of Lettuce
   */
  record OnLoop(
      @Nullable EventLoop loop,
      RedisClient client,
      ClientResources resources,
      RedisAddress address) {

    CompletableFuture<StatefulRedisConnection<String, String>> connect() {
      return client.connectAsync(StringCodec.UTF8, address.uri()).toCompletableFuture();
    }

    CompletableFuture<StatefulRedisPubSubConnection<String, String>> subscribe() {
      return client.connectPubSubAsync(StringCodec.UTF8, address.uri()).toCompletableFuture();
    }
  }

  /**
   * Makes the clients; connects nothing.
   *
   * @param timeout of one command and of connecting
   * @param requestQueue commands that may wait on one connection
   * @param loops where connections may live; empty: on threads of Lettuce
   */
  static LettuceClients start(
      RedisAddress address, Duration timeout, int requestQueue, List<EventLoop> loops) {
    ClientResources shared = resources().ioThreadPoolSize(2).computationThreadPoolSize(2).build();
    ClientOptions options = options(address, timeout, requestQueue);
    List<OnLoop> each = new ArrayList<>();
    for (EventLoop loop : loops) {
      ClientResources own =
          resources()
              .timer(shared.timer())
              .eventExecutorGroup(shared.eventExecutorGroup())
              .eventLoopGroupProvider(new SharedLoop(loop))
              .build();
      each.add(new OnLoop(loop, client(own, address, options), own, address));
    }
    if (each.isEmpty()) {
      each.add(new OnLoop(null, client(shared, address, options), shared, address));
    }
    return new LettuceClients(shared, List.copyOf(each));
  }

  private static ClientResources.Builder resources() {
    return ClientResources.builder()
        .reconnectDelay(RECONNECT)
        .nettyCustomizer(new OneFlushPerBatch())
        .commandLatencyRecorder(CommandLatencyRecorder.disabled());
  }

  private static RedisClient client(
      ClientResources resources, RedisAddress address, ClientOptions options) {
    RedisClient client = RedisClient.create(resources, address.uri());
    client.setOptions(options);
    return client;
  }

  private static ClientOptions options(RedisAddress address, Duration timeout, int requestQueue) {
    SocketOptions.Builder socket = SocketOptions.builder().connectTimeout(timeout);
    if (address.tcp()) {
      socket
          .keepAlive(true)
          .tcpUserTimeout(
              SocketOptions.TcpUserTimeoutOptions.builder()
                  .enable()
                  .tcpUserTimeout(LONGEST_SILENCE)
                  .build());
    } else {
      socket.keepAlive(false).tcpNoDelay(false);
    }
    return ClientOptions.builder()
        .protocolVersion(ProtocolVersion.RESP2)
        .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
        .replayFilter(command -> true)
        // the links refuse earlier and quietly; this bound also counts what timed out already
        .requestQueueSize(requestQueue)
        .timeoutOptions(TimeoutOptions.enabled(timeout))
        .maintNotificationsConfig(MaintNotificationsConfig.disabled())
        .socketOptions(socket.build())
        .build();
  }

  List<OnLoop> each() {
    return each;
  }

  /** Closes all connections and stops what is shared; completes within 3 s. */
  CompletionStage<@Nullable Void> close() {
    CompletableFuture<?>[] closed =
        each.stream()
            .map(one -> one.client().shutdownAsync(0, 1, TimeUnit.SECONDS))
            .toArray(CompletableFuture[]::new);
    return CompletableFuture.allOf(closed)
        .handle((done, failure) -> failure) // closed or not, the threads must go
        .thenCompose(ignored -> stopped());
  }

  /** The same for a thread that may wait. */
  void stop() throws InterruptedException {
    for (OnLoop one : each) {
      one.client().shutdown(0, 1, TimeUnit.SECONDS);
      one.resources().shutdown(0, 1, TimeUnit.SECONDS).await(1, TimeUnit.SECONDS);
    }
    shared.shutdown(0, 1, TimeUnit.SECONDS).await(1, TimeUnit.SECONDS);
  }

  private CompletionStage<@Nullable Void> stopped() {
    CompletableFuture<?>[] own =
        each.stream().map(one -> stopped(one.resources())).toArray(CompletableFuture[]::new);
    return CompletableFuture.allOf(own).thenCompose(done -> stopped(shared));
  }

  /** Completes when they are stopped; that they would not stop leaves nothing to do. */
  private static CompletableFuture<@Nullable Void> stopped(ClientResources resources) {
    CompletableFuture<@Nullable Void> stopped = new CompletableFuture<>();
    resources.shutdown(0, 1, TimeUnit.SECONDS).addListener(done -> stopped.complete(null));
    return stopped;
  }

  /**
   * Commands that are written together leave in one system call, not one each; a connection that
   * passes nothing on is closed.
   */
  private static final class OneFlushPerBatch implements NettyCustomizer {
    private static final int MOST_WRITES_PER_FLUSH = 64;

    @Override
    public void afterChannelInitialized(Channel channel) {
      channel
          .pipeline()
          .addFirst(
              new SilenceCut(LONGEST_SILENCE),
              new FlushConsolidationHandler(MOST_WRITES_PER_FLUSH, true));
    }
  }
}
