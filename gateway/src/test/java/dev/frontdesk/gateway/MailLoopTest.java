// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway;

import static org.assertj.core.api.Assertions.assertThat;

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
    assertThat(mails("24h", true, 1)).isEqualTo(1);
  }

  @Test
  void robots_withoutTheGuard_doNotStop() {
    assertThat(mails("1ms", false, 51)).isGreaterThan(50);
  }

  /** How many mails our two gateways send after one person's, until {@code enough} or quiet. */
  private long mails(String window, boolean guarded, int enough) {
    Vertx vertx = Vertx.vertx();
    SmtpSink sink = TestGateway.await(SmtpSink.start(vertx, 0));
    try (TestGateway left = gateway(0, sink.port(), window);
        TestGateway right = gateway(1, sink.port(), window)) {
      PostmarkCustomer person = new PostmarkCustomer("post", "secret-of-post", DESKS.get(0));
      post(
          vertx,
          left,
          person.message(DESKS.get(1), "Right", "My order", "first", Clock.systemUTC().instant()));
      int carried = 0;
      int quiet = 0;
      while (sink.count() < enough || (guarded && quiet < 5)) {
        int known = carried;
        if (quiet < 5) {
          Awaitility.await()
              .pollDelay(Duration.ZERO)
              .pollInterval(Duration.ofMillis(10))
              .atMost(guarded && known > 0 ? Duration.ofMillis(300) : Duration.ofSeconds(20))
              .until(() -> guarded && known > 0 || sink.mails().size() > known);
        }
        quiet += sink.mails().size() > known ? 0 : 1;
        for (; carried < sink.mails().size(); carried++) {
          SmtpSink.Mail mail = sink.mails().get(carried);
          boolean toLeft = mail.to().get(0).startsWith("left");
          post(vertx, toLeft ? left : right, carried(mail, toLeft, guarded, carried));
        }
      }
      return sink.count();
    } finally {
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
