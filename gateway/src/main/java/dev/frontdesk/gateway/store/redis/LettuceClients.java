// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
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
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The clients of Lettuce, one per event loop, with the options that the guarantees of {@link
 * RedisConnection} rest on. They share timer and executor.
 */
final class LettuceClients {

  private static final Duration TCP_USER_TIMEOUT = Duration.ofSeconds(5);

  /**
   * How long a connection may be without answers. A server that only pauses, for a slow disk or a
   * long script, seldom does so for longer, and its connections are worth keeping.
   */
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(8);

  private static final Delay RECONNECT =
      Delay.fullJitter(Duration.ofMillis(20), Duration.ofSeconds(4), 50, TimeUnit.MILLISECONDS);

  private static final Duration ADAPTIVE_REFRESH = Duration.ofSeconds(5);
  private static final Duration PERIODIC_REFRESH = Duration.ofSeconds(30);
  private static final int MOST_REDIRECTS = 5;

  /** How often a cluster's servers are read again while one of them fails. */
  private static final long LOOK_NANOS = Duration.ofMillis(500).toNanos();

  private final ClientResources shared;
  private final List<OnLoop> each;
  private final AtomicLong lookedAt = new AtomicLong(System.nanoTime());
  private final AtomicLong breaks = new AtomicLong();

  private LettuceClients(ClientResources shared, List<OnLoop> each) {
    this.shared = shared;
    this.each = each;
    RedisConnectionStateListener breaking =
        new RedisConnectionStateListener() {
          @Override
          public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
            breaks.incrementAndGet();
          }
        };
    each.forEach(one -> one.client().addListener(breaking));
  }

  /**
   * How often a connection broke. It rises on the connection's own thread before that connection is
   * made anew, so whoever is answered by another server reads a higher number first.
   */
  long breaks() {
    return breaks.get();
  }

  /**
   * A client whose connections live on one event loop.
   *
   * @param loop null: on threads of Lettuce
   */
  record OnLoop(
      @Nullable EventLoop loop,
      AbstractRedisClient client,
      ClientResources resources,
      RedisAddress address) {

    CompletableFuture<StatefulRedisConnection<String, String>> connect() {
      return ((RedisClient) client)
          .connectAsync(StringCodec.UTF8, address.uri())
          .toCompletableFuture();
    }

    /** The client of a cluster. */
    RedisClusterClient cluster() {
      return (RedisClusterClient) client;
    }

    CompletableFuture<StatefulRedisClusterConnection<String, String>> connectCluster() {
      return cluster()
          .refreshPartitionsAsync()
          .thenCompose(read -> cluster().connectAsync(StringCodec.UTF8))
          .toCompletableFuture();
    }

    CompletableFuture<? extends StatefulRedisPubSubConnection<String, String>> subscribe() {
      return client instanceof RedisClusterClient cluster
          ? cluster.connectPubSubAsync(StringCodec.UTF8)
          : ((RedisClient) client)
              .connectPubSubAsync(StringCodec.UTF8, address.uri())
              .toCompletableFuture();
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
    ClientResources shared =
        resources(timeout).ioThreadPoolSize(2).computationThreadPoolSize(2).build();
    ClientOptions options = options(address, timeout, requestQueue);
    List<OnLoop> each = new ArrayList<>();
    for (EventLoop loop : loops) {
      ClientResources own =
          resources(timeout)
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

  private static ClientResources.Builder resources(Duration timeout) {
    return ClientResources.builder()
        .reconnectDelay(RECONNECT)
        .nettyCustomizer(new OneFlushPerBatch(longestSilence(timeout)))
        .commandLatencyRecorder(CommandLatencyRecorder.disabled());
  }

  private static AbstractRedisClient client(
      ClientResources resources, RedisAddress address, ClientOptions options) {
    if (address.kind() == RedisAddress.Kind.CLUSTER) {
      RedisClusterClient cluster = RedisClusterClient.create(resources, address.uris());
      cluster.setOptions(clusterOptions(options));
      return cluster;
    }
    RedisClient client = RedisClient.create(resources, address.uri());
    client.setOptions(options);
    return client;
  }

  /** Never shorter than an answer may take. */
  private static Duration longestSilence(Duration timeout) {
    Duration patient = timeout.multipliedBy(2);
    return patient.compareTo(LONGEST_SILENCE) > 0 ? patient : LONGEST_SILENCE;
  }

  private static ClientOptions options(RedisAddress address, Duration timeout, int requestQueue) {
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
    ClientOptions.Builder options = ClientOptions.builder();
    if (address.caFile() != null) {
      options.sslOptions(
          SslOptions.builder().jdkSslProvider().trustManager(address.caFile().toFile()).build());
    }
    return options
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

  private static ClusterClientOptions clusterOptions(ClientOptions options) {
    return ClusterClientOptions.builder(options)
        .topologyRefreshOptions(
            // all adaptive triggers are on by default
            ClusterTopologyRefreshOptions.builder()
                .adaptiveRefreshTriggersTimeout(ADAPTIVE_REFRESH)
                .enablePeriodicRefresh(PERIODIC_REFRESH)
                .build())
        // a slot may move to a server that joined since the last look
        .validateClusterNodeMembership(false)
        .maxRedirects(MOST_REDIRECTS)
        .build();
  }

  /**
   * Reads again which server of a cluster has which slots, at most twice a second. The client's own
   * triggers do it each 5 s at most: with a failover under way that is most of the outage.
   */
  void lookAgain() {
    long last = lookedAt.get();
    long now = System.nanoTime();
    if (now - last < LOOK_NANOS || !lookedAt.compareAndSet(last, now)) {
      return;
    }
    for (OnLoop one : each) {
      if (one.client() instanceof RedisClusterClient cluster
          && !cluster.isTopologyRefreshInProgress()) {
        var unused = cluster.refreshPartitionsAsync();
      }
    }
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

    private final Duration longestSilence;

    OneFlushPerBatch(Duration longestSilence) {
      this.longestSilence = longestSilence;
    }

    @Override
    public void afterChannelInitialized(Channel channel) {
      channel
          .pipeline()
          .addFirst(
              new SilenceCut(longestSilence),
              new FlushConsolidationHandler(MOST_WRITES_PER_FLUSH, true));
    }
  }
}
