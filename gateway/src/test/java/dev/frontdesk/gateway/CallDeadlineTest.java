// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.connector.SendResult;
import dev.frontdesk.connector.TransportFailure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.ext.web.client.WebClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The client of a channel with one connection, against servers that do not answer as they ought.
 */
class CallDeadlineTest {

  private static final Pattern PATH = Pattern.compile("POST (/\\S*) HTTP");

  private final Vertx vertx = Vertx.vertx();
  private final List<String> seen = new CopyOnWriteArrayList<>();
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();
  private final WebClient client =
      ChannelFactory.client(
          vertx,
          new FrontdeskConfig.Outbox(
              Duration.ofSeconds(2), 8, Duration.ofSeconds(1), Duration.ofMinutes(5), 1, 10));

  @AfterEach
  void close() {
    TestGateway.await(vertx.close());
  }

  private int serve(BiConsumer<NetSocket, String> answer) {
    NetServer server =
        vertx
            .createNetServer(new NetServerOptions().setHost("127.0.0.1"))
            .connectHandler(
                socket -> {
                  opened.incrementAndGet();
                  socket.closeHandler(gone -> closed.incrementAndGet());
                  socket.handler(
                      bytes ->
                          PATH.matcher(bytes.toString("ISO-8859-1"))
                              .results()
                              .map(found -> found.group(1))
                              .forEach(
                                  path -> {
                                    seen.add(path);
                                    answer.accept(socket, path);
                                  }));
                });
    return TestGateway.await(server.listen(0)).actualPort();
  }

  private Future<SendResult> call(String url) {
    return client
        .postAbs(url)
        .send()
        .<SendResult>map(answer -> new SendResult.Accepted(answer.bodyAsString()))
        .otherwise(TransportFailure::classify);
  }

  @Test
  void call_thatWaitedForAConnectionInVain_isRetried_andItsBytesNeverLeave() {
    int port = serve((socket, path) -> {});
    Future<SendResult> sent = call("http://127.0.0.1:" + port + "/sent");
    Awaitility.await().until(() -> seen.size() == 1);

    Future<SendResult> waiting = call("http://127.0.0.1:" + port + "/waiting");

    assertThat(TestGateway.await(waiting)).isInstanceOf(SendResult.Retry.class);
    assertThat(TestGateway.await(sent)).isInstanceOf(SendResult.Unknown.class);
    Future<SendResult> next = call("http://127.0.0.1:" + port + "/next");
    Awaitility.await("the place of the first is free").until(() -> seen.size() == 2);
    assertThat(TestGateway.await(next)).isInstanceOf(SendResult.Unknown.class);
    Awaitility.await().until(() -> closed.get() == 2);
    assertThat(seen).containsExactly("/sent", "/next");
  }

  @Test
  void call_whoseAnswerDrips_isUnknownAtItsEnd_andItsConnectionIsClosed() {
    int port =
        serve(
            (socket, path) -> {
              drip(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
              vertx.setPeriodic(50, tick -> drip(socket, "x"));
            });

    Future<SendResult> dripping = call("http://127.0.0.1:" + port + "/drips");

    assertThat(TestGateway.await(dripping)).isInstanceOf(SendResult.Unknown.class);
    Awaitility.await().until(() -> closed.get() == 1);
  }

  private static void drip(NetSocket socket, String bytes) {
    socket.write(bytes).onFailure(gone -> {});
  }

  @Test
  void call_whoseTlsIsNeverAgreedOn_isRetried() {
    int port = serve((socket, path) -> {});

    Future<SendResult> greeting = call("https://127.0.0.1:" + port + "/secret");

    assertThat(TestGateway.await(greeting)).isInstanceOf(SendResult.Retry.class);
  }

  @Test
  void calls_thatAreAnswered_shareTheirConnection_longerThanOneMayTake() {
    int port =
        serve((socket, path) -> drip(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
    String url = "http://127.0.0.1:" + port + "/";

    assertThat(TestGateway.await(call(url + 1))).isEqualTo(new SendResult.Accepted("ok"));
    long over = System.nanoTime() + Duration.ofMillis(2_200).toNanos();
    Awaitility.await().until(() -> System.nanoTime() > over);
    assertThat(TestGateway.await(call(url + 2))).isEqualTo(new SendResult.Accepted("ok"));

    assertThat(opened).hasValue(1);
  }
}
