// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.connector.sandbox.FakePlatform;
import dev.frontdesk.connector.sandbox.InboundSample;
import dev.frontdesk.connector.sandbox.PlatformApi;
import dev.frontdesk.gateway.client.ApiClient;
import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.CrashRun;
import dev.frontdesk.load.LoadConfig;
import dev.frontdesk.load.RedisProcess;
import dev.frontdesk.load.WebhookRequests;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * What a row may use: Redis servers, gateways as users start them, proxies, stand-ins for
 * platforms, customers who write. Everything it started is gone when it is closed. Used by one
 * thread.
 */
public final class Rig implements AutoCloseable {

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Path folder;
  private final long seed;
  private final Random random;
  private final Vertx vertx = Vertx.vertx();
  private final List<AutoCloseable> started = new ArrayList<>();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private int number;

  Rig(Path folder, long seed) {
    this.folder = folder;
    this.seed = seed;
    this.random = new Random(seed);
  }

  /** The row's own folder. */
  public Path folder() {
    return folder;
  }

  /** What its choices come from. */
  public long seed() {
    return seed;
  }

  public Random random() {
    return random;
  }

  public Vertx vertx() {
    return vertx;
  }

  public HttpClient http() {
    return http;
  }

  /** Something that has to be closed at the end. */
  public <T extends AutoCloseable> T ends(T thing) {
    started.add(0, thing);
    return thing;
  }

  /** A Redis with {@code appendfsync always}; {@code options} win. */
  public RedisProcess redis(String... options) {
    return ends(RedisProcess.start(folder.resolve("redis" + number++), options));
  }

  /** A proxy before a port of 127.0.0.1. */
  public TcpProxy proxy(int port) {
    return ends(new TcpProxy(vertx, port, seed));
  }

  /** A configuration that keeps its files in a folder of that name. */
  public LoadConfig config(String name) {
    return new LoadConfig(folder.resolve(name));
  }

  /** A gateway on a store, with nothing else configured. */
  public GatewayProcess gateway(String name, String redisUrl) {
    return gateway(name, config(name).redis(redisUrl));
  }

  public GatewayProcess gateway(String name, LoadConfig config) {
    return gateway(name, config, Map.of());
  }

  /** A gateway as users start it; its log is {@code NAME.log}. */
  public GatewayProcess gateway(String name, LoadConfig config, Map<String, String> environment) {
    Path file = config.write("gateway.yaml");
    GatewayProcess gateway = GatewayProcess.start(file, folder.resolve(name + ".log"), environment);
    Path data = folder.resolve(name).resolve("data");
    ends(() -> end(gateway, data));
    return gateway;
  }

  /** Killed: what is of interest was asked before. The server it embeds goes with it. */
  private static void end(GatewayProcess gateway, Path data) {
    if (gateway.isAlive()) {
      gateway.kill();
    }
    RedisProcess.of(data).ifPresent(ProcessHandle::destroyForcibly);
  }

  /** Stand-ins for platforms. */
  public FakePlatform platform(PlatformApi... apis) {
    FakePlatform platform =
        CrashRun.await(FakePlatform.start(vertx, Clock.systemUTC(), List.of(apis)), 10);
    ends(() -> CrashRun.await(platform.close(), 10));
    return platform;
  }

  /** Customers who write to these gateways as soon as {@link Writers#begin} says so. */
  public Writers writers(GatewayProcess... gateways) {
    return writers(1, gateways);
  }

  /** The same, who rest so long between two messages, ms. */
  public Writers writers(int pauseMillis, GatewayProcess... gateways) {
    Writers writers = new Writers(vertx, pauseMillis);
    ends(writers::halt);
    writers.to(List.of(gateways).stream().map(GatewayProcess::publicUrl).toArray(URI[]::new));
    return writers;
  }

  /** A customer's message, once; the status of the answer, 0 when none came. */
  public int send(GatewayProcess gateway, String contact, String id, String text) {
    return send(gateway, "/webhooks/load/hook", LoadConfig.SECRET, contact, id, text);
  }

  /** The same by any channel of the {@code webhook} connector. */
  public int send(
      GatewayProcess gateway, String path, String secret, String contact, String id, String text) {
    long seconds = Clock.systemUTC().instant().getEpochSecond();
    WebhookRequests.Signed signed =
        new WebhookRequests(LoadConfig.WORKSPACE, LoadConfig.CHANNEL, secret)
            .message(id, contact, text, seconds);
    return post(gateway.publicUrl().resolve(path), signed).status();
  }

  /** Any signed call. */
  Web.Reply post(URI address, WebhookRequests.Signed signed) {
    return Web.send(
        http,
        HttpRequest.newBuilder(address)
            .timeout(Duration.ofSeconds(20))
            .header("content-type", "application/json")
            .header("webhook-id", signed.id())
            .header("webhook-timestamp", signed.timestamp())
            .header("webhook-signature", signed.signature())
            .POST(HttpRequest.BodyPublishers.ofByteArray(signed.body().getBytes()))
            .build());
  }

  /** A call of a platform as a stand-in made it. */
  Web.Reply post(URI address, InboundSample sample) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address + sample.path()))
            .timeout(Duration.ofSeconds(20))
            .POST(HttpRequest.BodyPublishers.ofByteArray(sample.body().getBytes()));
    sample.headers().forEach(request::header);
    return Web.send(http, request.build());
  }

  /** The API as an agent, supervisor or operator sees it. */
  public Desk desk(GatewayProcess gateway, String token) {
    return new Desk(this, new ApiClient(http, gateway.publicUrl(), token));
  }

  public Desk operator(GatewayProcess gateway) {
    return desk(gateway, LoadConfig.OPERATOR);
  }

  public Desk supervisor(GatewayProcess gateway) {
    return desk(gateway, LoadConfig.SUPERVISOR);
  }

  /** Agent {@code a0}, {@code a1} … */
  public Desk agent(GatewayProcess gateway, int which) {
    return desk(gateway, LoadConfig.agentToken(which));
  }

  /** Lets time pass. */
  public void rest(long millis) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  /** Waits until something holds; fails when it does not in time. Returns how long it took, ms. */
  public double await(String what, Duration atMost, BooleanSupplier condition) {
    double took = within(atMost, condition);
    if (took == Double.POSITIVE_INFINITY) {
      throw new IllegalStateException(what + ": not within " + atMost.toSeconds() + " s");
    }
    return took;
  }

  /** How long it takes until something holds, ms; infinite when it does not in time. */
  public double within(Duration atMost, BooleanSupplier condition) {
    long began = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - began > atMost.toNanos()) {
        return Double.POSITIVE_INFINITY;
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return (System.nanoTime() - began) / 1e6;
  }

  /** Waits until so many messages that are sent from now on were accepted. */
  public void awaitAccepted(Writers writers, int count) {
    long since = System.nanoTime();
    double took =
        await(
            count + " accepted",
            Duration.ofSeconds(30),
            () -> writers.acceptedSince(since) >= count);
    assert took >= 0;
  }

  /** Sends a signal to a process: {@code STOP}, {@code CONT}, {@code HUP}, {@code TERM}. */
  public static void signal(long pid, String name) {
    try {
      int code = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
      if (code != 0) {
        throw new IllegalStateException("kill -" + name + " " + pid + " ended with " + code);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Status and body of {@code /health/ready}; 0 when nobody answers. */
  public Health ready(GatewayProcess gateway) {
    Web.Reply reply = Web.get(http, gateway.managementUrl().resolve("/health/ready"));
    return new Health(reply.status(), reply.body());
  }

  /** What readiness said. */
  public record Health(int status, String body) {}

  /** Ends everything, the last started first. */
  @Override
  public void close() {
    for (AutoCloseable thing : started) {
      try {
        thing.close();
      } catch (Exception e) {
        // the next one has to end all the same
        System.getLogger("faults").log(System.Logger.Level.WARNING, "did not end", e);
      }
    }
    CrashRun.await(vertx.close(), 20);
  }
}
