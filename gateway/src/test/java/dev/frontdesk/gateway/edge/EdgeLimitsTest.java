// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.connector.WebhookAnswer;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the public port refuses before anybody looks at it, over bare sockets. */
class EdgeLimitsTest {

  private static final int BODY = 65_536;
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final FrontdeskConfig.Limits SMALL =
      new FrontdeskConfig.Limits(
          BODY,
          2_048,
          1_024,
          64,
          Duration.ofSeconds(1),
          Duration.ofSeconds(2),
          30,
          2,
          2,
          2,
          65_536,
          262_144,
          Duration.ofSeconds(5));

  private EdgeFixture edge;

  @BeforeEach
  void start() {
    edge = new EdgeFixture(SMALL, List.of());
  }

  @AfterEach
  void stop() {
    edge.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /webhooks/acme/hook?x=%zz HTTP/1.1\r\nHost: x\r\n",
        "GET /webhooks/acme/hook?x=% HTTP/1.1\r\nHost: x\r\n",
        "GET /webhooks/acme/hook HTTP/1.1\r\n",
        "GET /webhooks/acme/hook HTTP/1.1\r\nHost: x\r\nHost: y\r\n",
        "GET /api/v1/conversations?cursor=%zz HTTP/1.1\r\nHost: x\r\n",
        "GET /api/v1/conversations/%zz HTTP/1.1\r\nHost: x\r\n",
        "GET /api/v1/conversations?token=secret&x=%u1234 HTTP/1.1\r\nHost: x\r\n",
        "GET /api/v1/conversations HTTP/1.1\r\n",
        "GET /api/v1/conversations HTTP/1.1\r\nHost: a b\r\n",
        "GET /chat/acme/site?x=%zz HTTP/1.1\r\nHost: x\r\n",
        "GET /openapi.yaml?x=%zz HTTP/1.1\r\nHost: x\r\n"
      })
  void head_thatCannotBeRead_isAProblem(String head) {
    String answer = answer(head + "\r\n");

    assertThat(answer).startsWith("HTTP/1.1 400").contains("application/problem+json");
    assertThat(answer).doesNotContain("zz", "secret");
  }

  @Test
  void host_maybeMissing_inHttp10() {
    assertThat(status("GET /api/v1/conversations HTTP/1.0\r\n\r\n")).contains(" 401 ");
    assertThat(status("GET /webhooks/acme/hook HTTP/1.0\r\n\r\n")).contains(" 200 ");
  }

  private static String head(String headers) {
    return "POST /webhooks/acme/hook HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n";
  }

  private String status(String request) {
    return answer(request).lines().findFirst().orElse("closed without an answer");
  }

  private String answer(String request) {
    try (RawClient client = new RawClient(edge.port)) {
      client.write(request);
      return client.readToEnd(SOON);
    }
  }

  /** W-09: announced too large is refused before a byte of the body is read. */
  @Test
  void body_announcedTooLarge() {
    assertThat(status(head("Content-Length: 10485760\r\n"))).startsWith("HTTP/1.1 413");
    assertThat(edge.webhooks).isEmpty();
  }

  /** W-09: a body without an end is read to the bound and not on. */
  @Test
  void body_endless() {
    try (RawClient client = new RawClient(edge.port)) {
      client.write(head("Transfer-Encoding: chunked\r\n"));
      byte[] chunk = ("1000\r\n" + "x".repeat(4_096) + "\r\n").getBytes(US_ASCII);
      while (client.write(chunk) && client.written < 100_000_000) {
        // as long as the server takes it
      }

      assertThat(client.written).as("bytes the kernels and the server took").isLessThan(30_000_000);
      assertThat(edge.webhooks).isEmpty();
    }
    Awaitility.await().until(() -> edge.server.connections() == 0);
  }

  @Test
  void body_chunkedTooLarge_isTold() {
    String chunk = "1000\r\n" + "x".repeat(4_096) + "\r\n";
    assertThat(status(head("Transfer-Encoding: chunked\r\n") + chunk.repeat(17)))
        .startsWith("HTTP/1.1 413");
  }

  @Test
  void body_exactlyAtTheBound() {
    var answer = edge.call("POST", "/webhooks/acme/hook", null, "x".repeat(BODY));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(edge.call("POST", "/webhooks/acme/hook", null, "x".repeat(BODY + 1)).statusCode())
        .isEqualTo(413);
    assertThat(edge.webhooks).hasSize(1);
  }

  /** W-09: less than announced never reaches the intake; the total deadline ends it. */
  @Test
  void body_shorterThanAnnounced() {
    try (RawClient client = new RawClient(edge.port)) {
      client.write(head("Content-Length: 100\r\n") + "{}");

      assertThat(client.readToEnd(SOON)).doesNotContain("200 OK");
      assertThat(edge.webhooks).isEmpty();
    }
  }

  /** W-12: nothing is unpacked. */
  @Test
  void body_compressed() {
    assertThat(
            edge.call("POST", "/webhooks/acme/hook", null, "x", Map.of("Content-Encoding", "gzip"))
                .statusCode())
        .isEqualTo(415);
    assertThat(edge.webhooks).isEmpty();
  }

  @Test
  void head_tooLarge() {
    assertThat(status(head("X: " + "y".repeat(3_000) + "\r\n"))).startsWith("HTTP/1.1 431");
    assertThat(status("GET /webhooks/acme/hook?" + "y".repeat(2_000) + " HTTP/1.1\r\n\r\n"))
        .matches("HTTP/1.[01] 414.*");
    assertThat(edge.webhooks).isEmpty();
  }

  /** W-13: what two parsers could read differently is refused, and nothing after it is read. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: identity, chunked, identity\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: +5\r\n",
        "Content-Length: -5\r\n",
        "Content-Length : 5\r\n",
        "Transfer-Encoding : chunked\r\n",
        "X: a\nTransfer-Encoding: chunked\r\n",
        "X\0: a\r\n",
      })
  void smuggling_headers(String headers) {
    String request =
        head(headers)
            + "0\r\n\r\nPOST /webhooks/acme/hook/second HTTP/1.1\r\nHost: x\r\n"
            + "Content-Length: 0\r\n\r\n";

    String answer = status(request);

    assertThat(answer).matches("HTTP/1.1 400.*|closed without an answer");
    assertThat(edge.webhooks)
        .as("the second request")
        .noneMatch(seen -> seen.path().equals("/second"));
  }

  /** W-13: a body that Netty takes for the next request gets no answer, well-formed or not. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0\r\n\r\n",
        "POST /webhooks/acme/hook/second HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
      })
  void smuggling_unknownEncoding_isAnsweredOnce(String body) {
    String answers;
    try (RawClient client = new RawClient(edge.port)) {
      client.write(head("Transfer-Encoding: xchunked\r\n") + body);
      answers = client.readToEnd(SOON);
    }

    assertThat(answers).startsWith("HTTP/1.1 400").containsOnlyOnce("HTTP/1.");
    assertThat(edge.webhooks).isEmpty();
  }

  /** W-13: chunk sizes that overflow, and line ends inside chunk extensions. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "100000004\r\nabcd\r\n0\r\n\r\n",
        "FFFFFFFFFFFFFFFFF\r\nabcd\r\n0\r\n\r\n",
        "-1\r\nabcd\r\n0\r\n\r\n",
        "4;a\nb\r\nabcd\r\n0\r\n\r\n",
        "4;a=\"\r\nabcd\r\n0\r\n\r\n\"",
        "z\r\nabcd\r\n0\r\n\r\n",
      })
  void smuggling_chunks(String chunks) {
    String second =
        "POST /webhooks/acme/hook/second HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n";
    String first;
    try (RawClient client = new RawClient(edge.port)) {
      client.write(head("Transfer-Encoding: chunked\r\n") + chunks + second);
      first = client.readToEnd(SOON);
    }

    boolean refused = first.isEmpty() || first.startsWith("HTTP/1.1 4");
    boolean readAsOneChunk =
        edge.webhooks.stream().anyMatch(seen -> seen.body().toString().equals("abcd"));
    assertThat(refused || readAsOneChunk).as(first).isTrue();
    if (refused) {
      assertThat(edge.webhooks).isEmpty();
    }
  }

  /** W-14: many slow clients are all closed at the deadline while others are served. */
  @Test
  void slow_headersAndBodies() {
    List<RawClient> slow = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      RawClient client = new RawClient(edge.port);
      client.write(i % 2 == 0 ? "POST /webhooks/acme/h" : head("Content-Length: 50\r\n") + "{");
      slow.add(client);
    }
    CompletableFuture<?> drip =
        CompletableFuture.runAsync(
            () ->
                Awaitility.await()
                    .pollInterval(Duration.ofMillis(100))
                    .atMost(SOON)
                    .until(() -> slow.stream().noneMatch(client -> client.write("x"))));

    assertThat(edge.call("POST", "/webhooks/acme/hook", null, "{}").statusCode()).isEqualTo(200);
    drip.join();
    assertThat(edge.webhooks).hasSize(1);
    slow.forEach(RawClient::close);
    Awaitility.await().until(() -> edge.server.connections() <= 1);
    assertThat(
            edge.registry
                .get("frontdesk_connections_closed")
                .tag("reason", "deadline")
                .counter()
                .count())
        .isGreaterThanOrEqualTo(20);
  }

  @Test
  void connections_tooMany() {
    List<RawClient> open = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      open.add(new RawClient(edge.port));
    }
    Awaitility.await().until(() -> edge.server.connections() == 30);

    try (RawClient one = new RawClient(edge.port)) {
      one.write("GET /openapi.yaml HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(one.readToEnd(SOON)).startsWith("HTTP/1.1 503").contains("retry-after");
    }
    open.forEach(RawClient::close);
    Awaitility.await().until(() -> edge.server.connections() == 0);
    assertThat(edge.call("POST", "/webhooks/acme/hook", null, "{}").statusCode()).isEqualTo(200);
  }

  @Test
  void webhooks_tooManyAtOnce() {
    Promise<WebhookAnswer> held = Promise.promise();
    edge.intake = request -> held.future();
    List<CompletableFuture<Integer>> first = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      first.add(
          CompletableFuture.supplyAsync(
              () -> edge.call("POST", "/webhooks/acme/hook", null, "{}").statusCode()));
    }
    Awaitility.await().until(() -> edge.webhooks.size() == 2);

    var refused = edge.call("POST", "/webhooks/acme/hook", null, "{}");
    edge.intake = request -> io.vertx.core.Future.succeededFuture(WebhookAnswer.OK);
    var otherWorkspace = edge.call("POST", "/webhooks/other/hook", null, "{}");
    held.complete(WebhookAnswer.OK);

    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("retry-after")).isPresent();
    assertThat(otherWorkspace.statusCode()).isEqualTo(200);
    assertThat(first).allSatisfy(call -> assertThat(call.join()).isEqualTo(200));
    assertThat(edge.call("POST", "/webhooks/acme/hook", null, "{}").statusCode()).isEqualTo(200);
  }

  @Test
  void polls_tooManyAtOnce() {
    edge.rooms.holdPolls();
    List<CompletableFuture<Integer>> first = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      first.add(CompletableFuture.supplyAsync(this::poll));
    }
    Awaitility.await().until(() -> edge.server.polls().size() == 2);

    assertThat(poll()).isEqualTo(503);
    edge.server.polls().drain();
    assertThat(first).allSatisfy(call -> assertThat(call.join()).isEqualTo(204));
  }

  private int poll() {
    return edge.call("GET", "/api/v1/agent/conversations?wait=55", "acme-alice", null).statusCode();
  }

  /** a client that leaves ends its poll; nothing is kept open for it. */
  @Test
  void poll_clientLeaves() {
    edge.rooms.holdPolls();
    try (RawClient client = new RawClient(edge.port)) {
      client.write(
          String.join(
              "\r\n",
              "GET /api/v1/agent/conversations?wait=55 HTTP/1.1",
              "Host: x",
              "Authorization: Bearer acme-alice",
              "",
              ""));
      Awaitility.await().until(() -> edge.server.polls().size() == 1);
    }

    Awaitility.await().until(() -> edge.server.polls().size() == 0);
    assertThat(edge.rooms.pollsClosed).hasValue(1);
  }

  /** A refusal before the body was read ends the connection: the rest is no second request. */
  @Test
  void refused_withBodyUnread() {
    String request =
        String.join(
            "\r\n",
            "POST /api/v1/queue/take HTTP/1.1",
            "Host: x",
            "Content-Length: 90",
            "",
            "POST /webhooks/acme/hook HTTP/1.1",
            "Host: x",
            "",
            "");

    assertThat(status(request)).startsWith("HTTP/1.1 401");
    assertThat(edge.webhooks).isEmpty();
  }

  @Test
  void expect_continue() {
    try (RawClient client = new RawClient(edge.port)) {
      client.write(head("Content-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n"));
      client.write("{}");

      assertThat(client.readToEnd(SOON))
          .startsWith("HTTP/1.1 100 Continue")
          .contains("HTTP/1.1 200 OK");
    }
  }
}
