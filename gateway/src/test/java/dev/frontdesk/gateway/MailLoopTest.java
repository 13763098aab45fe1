// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.frontdesk.connector.sandbox.InboundSample;
import dev.frontdesk.connector.sandbox.PostmarkCustomer;
import dev.frontdesk.connector.sandbox.SmtpSink;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two gateways that acknowledge each other's mail: the mail of one is posted to the other as it was
 * sent. What keeps them from talking for ever is shown by taking it away.
 */
class MailLoopTest {

  private static final List<String> DESKS = List.of("left@example.com", "right@example.org");

  @TempDir private Path folder;

  @Test
  void robots_withTheGuard_exchangeOneMail() {
    try (Wires wires = new Wires("24h")) {
      wires.writeToLeft();
      wires.carryNext(true);

      // what answers a mail is stored with it: nothing more can come
      assertThat(wires.messages(0)).isEqualTo(2);
      assertThat(wires.messages(1)).isEqualTo(1);
      assertThat(wires.sink.count()).isEqualTo(1);
    }
  }

  @Test
  void robots_withoutTheGuard_doNotStop() {
    try (Wires wires = new Wires("1ms")) {
      wires.writeToLeft();
      while (wires.sink.count() <= 50) {
        wires.carryNext(false);
      }

      assertThat(wires.messages(1)).isGreaterThan(40);
    }
  }

  /** Two desks and the post between them. */
  private final class Wires implements AutoCloseable {
    final Vertx vertx = Vertx.vertx();
    final SmtpSink sink = TestGateway.await(SmtpSink.start(vertx, 0));
    private final List<TestGateway> desks;
    private int carried;

    Wires(String window) {
      desks = List.of(gateway(0, sink.port(), window), gateway(1, sink.port(), window));
    }

    /** The first mail, as from a person at the other desk. */
    void writeToLeft() {
      post(
          vertx,
          desks.get(0),
          new PostmarkCustomer("post", "secret-of-post", DESKS.get(0))
              .message(DESKS.get(1), "Right", "My order", "first", Clock.systemUTC().instant()));
    }

    /** Waits for the next mail and posts it to whom it is for. */
    void carryNext(boolean guarded) {
      Awaitility.await()
          .pollInterval(Duration.ofMillis(5))
          .until(() -> sink.mails().size() > carried);
      SmtpSink.Mail mail = sink.mails().get(carried);
      boolean toLeft = mail.to().get(0).startsWith("left");
      post(vertx, desks.get(toLeft ? 0 : 1), carried(mail, toLeft, guarded, carried++));
    }

    /** Messages of a desk's only conversation. */
    int messages(int desk) {
      JsonNode all = desks.get(desk).as("sue").get("/api/v1/conversations").body();
      assertThat(all.path("conversations")).hasSize(1);
      return all.path("conversations").path(0).path("lastSeq").asInt();
    }

    @Override
    public void close() {
      desks.forEach(TestGateway::close);
      TestGateway.await(sink.close());
      TestGateway.await(vertx.close());
    }
  }

  /** Without the guard nothing of the mail says that a machine wrote it. */
  private static InboundSample carried(
      SmtpSink.Mail mail, boolean toLeft, boolean guarded, int number) {
    String content =
        guarded
            ? "Return-Path: <" + mail.from() + ">\r\n" + mail.content()
            : mail.content()
                .replaceAll("(?mi)^(Auto-Submitted|X-Auto-Response-Suppress):.*\\r?\\n", "");
    return new PostmarkCustomer("post", "secret-of-post", DESKS.get(toLeft ? 0 : 1))
        .posted(
            JsonNodeFactory.instance
                .objectNode()
                .put("MessageID", "carried-" + number)
                .put("RawEmail", content)
                .toString());
  }

  private TestGateway gateway(int desk, int smtpPort, String window) {
    String mail =
        """
              mail:
                connector: email
                settings:
                  address: ADDRESS
                  inbound: { postmark: { username: post, password: secret-of-post } }
                  outbound: { smtp: { host: 127.0.0.1, port: SMTP, tls: none } }
                acknowledgement: { window: WINDOW, text: { en: "We have your mail and answer by {due}." } }
        """
            .replace("ADDRESS", DESKS.get(desk))
            .replace("SMTP", Integer.toString(smtpPort))
            .replace("WINDOW", window);
    return new TestGateway(
        TestGateway.yaml(folder.resolve("desk" + desk), "", "")
            .replace("    promises: {", mail.indent(0) + "    promises: {"));
  }

  private static void post(Vertx vertx, TestGateway gateway, InboundSample sample) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setAbsoluteURI(gateway.url() + "/webhooks/acme/mail" + sample.path());
    sample.headers().forEach(options::addHeader);
    int status =
        TestGateway.await(
            vertx
                .createHttpClient()
                .request(options)
                .compose(request -> request.send(sample.body()))
                .map(response -> response.statusCode()));
    assertThat(status).isEqualTo(200);
  }
}
