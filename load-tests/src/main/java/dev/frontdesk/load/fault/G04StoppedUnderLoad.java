// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.CrashRun;
import dev.frontdesk.load.Ledger;
import dev.frontdesk.load.LoadConfig;
import dev.frontdesk.load.RedisProcess;
import dev.frontdesk.load.WebhookRequests;
import io.vertx.core.Promise;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * SIGTERM under load, with a poll that waits, a visitor's socket and a signed message whose body is
 * still arriving: it is stored and answered all the same.
 */
final class G04StoppedUnderLoad extends ProcessRow {

  private static final String LATE = "late-0";

  /** Bytes of its body that arrive before the signal. */
  private static final int HALF = 40;

  G04StoppedUnderLoad() {
    super(
        "G-04",
        "SIGTERM under load",
        "kill -9 instead of SIGTERM",
        "requestUnderWay",
        "poll",
        "socketClosedWith");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) throws Exception {
    RedisProcess redis = rig.redis();
    LoadConfig config =
        rig.config("gateway")
            .redis(redis.url())
            .channel(
                "chat",
                "{ connector: webchat, settings: { identitySecret: a-secret-of-the-visitors-0 } }");
    GatewayProcess gateway = rig.gateway("gateway", config);
    Desk supervisor = rig.supervisor(gateway);
    String path = "/api/v1/agent/conversations?wait=";
    String cursor = Desk.ok(supervisor.api().get(path + 0)).path("cursor").asText();
    CompletableFuture<Integer> poll =
        CompletableFuture.supplyAsync(
            () -> supervisor.api().get(path + 50 + "&cursor=" + cursor).status());
    // held until the end: a client that is collected closes what it opened, with 1000
    WebSocketClient visitors = rig.vertx().createWebSocketClient();
    rig.ends(() -> CrashRun.await(visitors.close(), 10));
    Promise<Integer> socket = visitor(visitors, gateway.publicUrl());
    Writers writers = rig.writers(gateway).withoutRepeating().begin("c", 16);
    rig.awaitAccepted(writers, 200);
    List<Seen> health = new CopyOnWriteArrayList<>();
    Thread watch = watch(rig, gateway, health);
    Slow slow = new Slow(gateway.publicUrl());
    long asked = System.nanoTime();
    CompletableFuture<Integer> stopping =
        CompletableFuture.supplyAsync(
            () -> {
              if (control) {
                gateway.kill();
                return 137;
              }
              return gateway.stop();
            });
    rig.rest(1_000);
    int late = slow.finish();
    int polled = poll.handle((status, failure) -> failure == null ? status : 0).get();
    int code = stopping.get();
    double seconds = (System.nanoTime() - asked) / 1e9;
    watch.join(5_000);
    writers.stop();
    report(found, health, writers, asked);
    found.equal("requestUnderWay", 200, late);
    found.equal("poll", 204, polled);
    found.equal("socketClosedWith", 1001, CrashRun.await(socket.future(), 10));
    found.equal("exit", 0, code);
    found.atMost("seconds", 30.0, seconds);
    if (control) {
      return;
    }
    writers.ledger().sent(LATE, late == 200 ? Ledger.Outcome.ACCEPTED : Ledger.Outcome.REFUSED);
    GatewayProcess next = rig.gateway("next", redis.url());
    found.ledger(Audit.of(next.publicUrl(), writers.ledger()));
  }

  private static void report(Findings found, List<Seen> health, Writers writers, long asked) {
    long said =
        health.stream()
            .filter(seen -> seen.status() == 503)
            .mapToLong(Seen::nanos)
            .min()
            .orElse(Long.MAX_VALUE);
    found.holds("readinessSaid503", said != Long.MAX_VALUE);
    double refused = writers.firstAfter(asked, call -> call.status() < 100);
    found.holds(
        "readinessBeforeTheFirstRefusal",
        said == Long.MAX_VALUE || (said - asked) / 1e6 <= refused);
    found.equal(
        "resetsOfCallsBefore",
        0,
        writers.count(
            call ->
                call.status() == 0
                    && call.sentNanos() - asked < 0
                    && call.answeredNanos() - asked > 0));
    found.note(
        "resetsOfCallsDuring",
        writers.count(call -> call.status() == 0 && call.sentNanos() - asked >= 0));
  }

  private record Seen(long nanos, int status) {}

  private static Thread watch(Rig rig, GatewayProcess gateway, List<Seen> seen) {
    Thread thread =
        new Thread(
            () -> {
              int status;
              do {
                long at = System.nanoTime();
                status = rig.ready(gateway).status();
                seen.add(new Seen(at, status));
                rig.rest(5);
              } while (status != 0);
            });
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Completes with the code its socket was closed with. */
  private static Promise<Integer> visitor(WebSocketClient client, URI gateway) {
    Promise<Integer> closed = Promise.promise();
    Promise<Void> greeted = Promise.promise();
    client
        .connect(
            new WebSocketConnectOptions()
                .setHost(gateway.getHost())
                .setPort(gateway.getPort())
                .setURI("/chat/load/chat")
                .setAllowOriginHeader(false))
        .onFailure(greeted::tryFail)
        .onSuccess(
            socket -> {
              socket.textMessageHandler(frame -> greeted.tryComplete());
              socket.closeHandler(
                  v -> {
                    Short code = socket.closeStatusCode();
                    closed.complete(code == null ? 0 : code.intValue());
                  });
              socket
                  .writeTextMessage("{\"type\":\"hello\",\"name\":\"Ana\"}")
                  .onFailure(greeted::tryFail);
            });
    CrashRun.await(greeted.future(), 10);
    return closed;
  }

  /** A signed message whose body arrives in two parts. */
  private static final class Slow {
    private static final String GO_ON = "HTTP/1.1 100 Continue\r\n\r\n";

    private final Socket socket;
    private final byte[] body;

    Slow(URI gateway) throws IOException {
      WebhookRequests.Signed signed =
          new WebhookRequests(LoadConfig.WORKSPACE, LoadConfig.CHANNEL, LoadConfig.SECRET)
              .message(
                  LATE, "late", "it took a while", Clock.systemUTC().instant().getEpochSecond());
      body = signed.body().getBytes();
      socket = new Socket(gateway.getHost(), gateway.getPort());
      socket.setSoTimeout(10_000);
      String head =
          String.join(
              "\r\n",
              "POST " + signed.path() + " HTTP/1.1",
              "Host: localhost",
              "Content-Type: application/json",
              "Content-Length: " + body.length,
              "Expect: 100-continue",
              "webhook-id: " + signed.id(),
              "webhook-timestamp: " + signed.timestamp(),
              "webhook-signature: " + signed.signature(),
              "\r\n");
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      // under load a head may wait in the kernel: only a call that the gateway has seen is under
      // way
      byte[] seen = socket.getInputStream().readNBytes(GO_ON.length());
      if (!GO_ON.equals(new String(seen, StandardCharsets.US_ASCII))) {
        throw new IOException("no 100 Continue but " + new String(seen, StandardCharsets.US_ASCII));
      }
      socket.getOutputStream().write(body, 0, HALF);
    }

    /** The status of the answer; 0: none came. */
    int finish() throws IOException {
      try (socket) {
        socket.getOutputStream().write(body, HALF, body.length - HALF);
        byte[] head = socket.getInputStream().readNBytes(12);
        return head.length < 12
            ? 0
            : Integer.parseInt(new String(head, 9, 3, StandardCharsets.US_ASCII));
      } catch (SocketException gone) {
        return 0;
      }
    }
  }
}
