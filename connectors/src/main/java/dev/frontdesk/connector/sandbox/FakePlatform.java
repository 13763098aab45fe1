// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.sandbox;

import dev.frontdesk.connector.sandbox.PlatformApi.Call;
import dev.frontdesk.connector.sandbox.PlatformApi.Reply;
import dev.frontdesk.connector.sandbox.PlatformApi.Sent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One HTTP server on 127.0.0.1 that stands in for the send APIs of all platforms: {@code
 * /telegram/…}, {@code /twilio/…}. It records what each took and fails on demand. What is read from
 * it may be read from any thread.
 */
public final class FakePlatform {

  /** Messages kept per platform; the counts go on. */
  public static final int MAX_KEPT = 200_000;

  private static final int MAX_BODY = 1 << 20;

  private final Vertx vertx;
  private final InstantSource clock;
  private final HttpServer server;
  private final Map<String, Mount> mounts = new ConcurrentHashMap<>();

  private FakePlatform(Vertx vertx, InstantSource clock) {
    this.vertx = vertx;
    this.clock = clock;
    this.server =
        vertx
            .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0))
            .requestHandler(this::read);
  }

  /** Starts on a free port. */
  public static Future<FakePlatform> start(
      Vertx vertx, InstantSource clock, List<? extends PlatformApi> apis) {
    FakePlatform platform = new FakePlatform(vertx, clock);
    apis.forEach(platform::mount);
    return platform.server.listen().map(platform);
  }

  /** Adds a platform, or replaces the one of the same name with everything it recorded. */
  public void mount(PlatformApi api) {
    mounts.put(api.name(), new Mount(api));
  }

  public int port() {
    return server.actualPort();
  }

  /** The {@code apiBaseUrl} of a platform. */
  public String url(String name) {
    return "http://127.0.0.1:" + port() + "/" + name;
  }

  /** What a platform took, oldest first; at most the last {@value #MAX_KEPT}. */
  public List<Sent> sent(String name) {
    return List.copyOf(of(name).sent);
  }

  /** How many messages a platform took. */
  public long sentCount(String name) {
    return of(name).sentCount.get();
  }

  /** How many calls reached a platform, refused and failed ones among them. */
  public long callCount(String name) {
    return of(name).callCount.get();
  }

  /** The next {@code calls} calls to a platform fail this way. */
  public void inject(String name, Fault fault, int calls) {
    for (int i = 0; i < calls; i++) {
      of(name).faults.add(fault);
    }
  }

  /** The next call to a platform gets this answer. */
  public void inject(String name, Reply reply) {
    of(name).faults.add(reply);
  }

  /** From now on a platform takes this long before it answers; what it takes, it takes at once. */
  public void delay(String name, Duration time) {
    of(name).delayMillis = time.toMillis();
  }

  /** Forgets the faults that were not used up. */
  public void heal(String name) {
    of(name).faults.clear();
  }

  public Future<Void> close() {
    return server.close();
  }

  private Mount of(String name) {
    Mount mount = mounts.get(name);
    if (mount == null) {
      throw new IllegalArgumentException("no platform " + name + ", expected " + mounts.keySet());
    }
    return mount;
  }

  private void read(HttpServerRequest request) {
    String[] path = request.path().split("/", 3);
    Mount mount = path.length < 2 ? null : mounts.get(path[1]);
    if (mount == null) {
      respond(request.response().setStatusCode(404).end());
      return;
    }
    Buffer body = Buffer.buffer();
    request.handler(
        chunk -> {
          if (body.length() + chunk.length() > MAX_BODY) {
            respond(request.connection().close());
          } else {
            body.appendBuffer(chunk);
          }
        });
    request.endHandler(end -> answer(mount, request, path.length < 3 ? "" : "/" + path[2], body));
  }

  private void answer(Mount mount, HttpServerRequest request, String path, Buffer body) {
    Call call =
        new Call(
            request.method().name(),
            path,
            request.query() == null ? "" : request.query(),
            request.headers(),
            body,
            clock.instant());
    if (!mount.api.isSend(call)) {
      reply(mount, request, mount.api.answer(call));
      return;
    }
    mount.callCount.incrementAndGet();
    Object injected = mount.faults.poll();
    if (injected instanceof Fault fault) {
      fail(mount, fault, request, call);
    } else {
      reply(mount, request, injected instanceof Reply reply ? reply : mount.api.answer(call));
    }
  }

  private void fail(Mount mount, Fault fault, HttpServerRequest request, Call call) {
    Reply taken = fault.takes() ? mount.record(mount.api.answer(call)) : Reply.json(200, "");
    switch (fault) {
      case THROTTLED -> reply(mount, request, mount.api.throttled(Duration.ofSeconds(30)));
      case SERVER_ERROR -> reply(mount, request, mount.api.broken(500));
      case UNAVAILABLE -> reply(mount, request, mount.api.broken(503));
      case GATEWAY_TIMEOUT -> reply(mount, request, mount.api.broken(504));
      case GARBAGE ->
          reply(mount, request, new Reply(200, "text/html", Map.of(), "<html>busy</html>", null));
      case REDIRECT ->
          reply(
              mount,
              request,
              Reply.json(302, "").withHeader("Location", url(mount.api.name()) + "/elsewhere"));
      case SILENCE, TAKEN_THEN_SILENCE -> {}
      case DROP, TAKEN_THEN_DROP -> respond(request.connection().close());
      case SLOW_BODY -> drip(request.response(), taken);
    }
  }

  private void reply(Mount mount, HttpServerRequest request, Reply reply) {
    HttpServerResponse response = request.response();
    mount.record(reply);
    response.setStatusCode(reply.status()).putHeader("Content-Type", reply.contentType());
    reply.headers().forEach(response::putHeader);
    long delay = mount.delayMillis;
    if (delay == 0) {
      respond(response.end(reply.body()));
    } else {
      vertx.setTimer(delay, late -> respond(response.end(reply.body())));
    }
  }

  private void drip(HttpServerResponse response, Reply reply) {
    response.setStatusCode(reply.status()).setChunked(true);
    Deque<Character> rest = new ArrayDeque<>();
    reply.body().chars().forEach(c -> rest.add((char) c));
    vertx.setPeriodic(
        100,
        timer -> {
          Character next = rest.poll();
          if (next == null || response.closed()) {
            vertx.cancelTimer(timer);
            respond(response.ended() || response.closed() ? done() : response.end());
          } else {
            respond(response.write(next.toString()));
          }
        });
  }

  /** A caller that went away is a part of the game: nothing is done about it. */
  private static void respond(Future<Void> write) {
    write.onFailure(gone -> {});
  }

  private static Future<Void> done() {
    return Future.succeededFuture();
  }

  /** One platform and what happened to it. */
  private static final class Mount {
    private final PlatformApi api;
    private final Deque<Sent> sent = new ConcurrentLinkedDeque<>();
    private final Queue<Object> faults = new ConcurrentLinkedQueue<>();
    private final AtomicLong sentCount = new AtomicLong();
    private final AtomicLong callCount = new AtomicLong();
    private volatile long delayMillis;

    Mount(PlatformApi api) {
      this.api = api;
    }

    Reply record(Reply reply) {
      if (reply.taken() != null) {
        sent.add(reply.taken());
        if (sentCount.incrementAndGet() > MAX_KEPT) {
          sent.poll();
        }
      }
      return reply;
    }
  }
}
