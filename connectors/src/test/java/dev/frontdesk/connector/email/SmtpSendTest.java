// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.email;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.configuration.GreenMailConfiguration;
import com.icegreen.greenmail.junit5.GreenMailExtension;
import com.icegreen.greenmail.util.ServerSetupTest;
import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.ChannelContext;
import dev.frontdesk.connector.Connector;
import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.InboundEvent.Received;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.connector.OutboundMessage;
import dev.frontdesk.connector.SendResult;
import dev.frontdesk.connector.SendResult.Cause;
import dev.frontdesk.connector.WebhookRequest;
import dev.frontdesk.connector.sandbox.PostmarkCustomer;
import dev.frontdesk.connector.sandbox.SmtpSink;
import dev.frontdesk.connector.sandbox.SmtpSink.Trouble;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import jakarta.mail.internet.MimeMessage;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Mail on its way out, into our strict sink and into a server that is not ours. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SmtpSendTest {

  private static final Instant NOW = Instant.parse("2026-11-21T03:04:05Z");
  private static final String MAILBOX = "support@acme.example";
  private static final String ADA = "ada@customer.example";
  private static final String URL = "https://desk.example.com/webhooks/acme/mail";

  @RegisterExtension
  static final GreenMailExtension GREEN_MAIL =
      new GreenMailExtension(ServerSetupTest.SMTP.dynamicPort())
          .withConfiguration(
              GreenMailConfiguration.aConfig().withUser("bob@acme.example", "bob", "pw"))
          .withPerMethodLifecycle(false);

  private Vertx vertx;
  private SmtpSink sink;

  @BeforeAll
  void open() throws Exception {
    vertx = Vertx.vertx();
    sink = await(SmtpSink.start(vertx, 0));
  }

  @AfterAll
  void close() throws Exception {
    await(vertx.close());
  }

  @Test
  void answer_continuesTheThread() throws Exception {
    Connector connector = connector(sink.port(), null, null, "none", true);
    Received first =
        receive(
            connector,
            new PostmarkCustomer("u", "p", MAILBOX)
                .message(ADA, "Ada", "Order 42\nWhere is it?", "p1", NOW)
                .request(URL));

    SendResult result = send(connector, message("c1.7", first, "您好 👋\n.leading dot", false));

    SmtpSink.Mail mail = last();
    MailPart read = MimeReader.read(mail.content().getBytes(StandardCharsets.ISO_8859_1));
    String id = ((SendResult.Accepted) result).externalId();
    assertThat(read.headers().ids("Message-ID")).containsExactly(id);
    assertThat(read.headers().ids("In-Reply-To")).containsExactly("p1@customer.example");
    assertThat(read.headers().ids("References")).containsExactly("p1@customer.example");
    assertThat(read.headers().text("Subject")).isEqualTo("Re: Order 42");
    assertThat(read.text().strip()).isEqualTo("您好 👋\r\n.leading dot");
    assertThat(mail.to()).containsExactly(ADA);
    assertThat(mail.from())
        .isEqualTo(read.headers().addresses("Reply-To").get(0).address())
        .startsWith("support+")
        .endsWith("@acme.example");
    assertThat(read.headers().has("Auto-Submitted")).isFalse();

    Received answer =
        receive(
            connector,
            new PostmarkCustomer("u", "p", MAILBOX)
                .answer(ADA, "Ada", mail.from(), "<" + id + ">", "thanks", "p2", NOW)
                .request(URL));
    assertThat(answer.thread()).isEqualTo(first.thread());
    assertThat(answer.replyTo()).isEqualTo(id);
    send(connector, message("c1.9", answer, "bye", false));
    MailPart second = MimeReader.read(last().content().getBytes(StandardCharsets.ISO_8859_1));
    assertThat(second.headers().ids("References")).containsExactly(id, "p2@customer.example");
    assertThat(second.headers().text("Subject")).isEqualTo("Re: your question");
  }

  @Test
  void message_sentAgain_hasTheSameId() throws Exception {
    Connector connector = connector(sink.port(), null, null, "none", true);
    OutboundMessage message = message("c1.7", null, "hello", false);
    sink.inject(Trouble.TAKEN_THEN_DROP);

    assertThat(send(connector, message)).isInstanceOf(SendResult.Unknown.class);
    String first = idOf(last());
    SendResult again = send(connector, message);

    assertThat(((SendResult.Accepted) again).externalId()).isEqualTo(first).isEqualTo(idOf(last()));
    assertThat(connector.deduplicatesSends()).isFalse();
  }

  @Test
  void replies_areClassified() throws Exception {
    Connector connector = connector(sink.port(), null, null, "none", true);
    long before = sink.count();

    sink.inject(Trouble.TRY_LATER);
    assertThat(send(connector, message("m1", null, "x", false)))
        .isInstanceOf(SendResult.Retry.class);
    sink.inject(Trouble.DROP_BEFORE_CONTENT);
    assertThat(send(connector, message("m2", null, "x", false)))
        .isInstanceOf(SendResult.Retry.class);
    sink.inject(Trouble.NO_SUCH_USER);
    assertThat(cause(send(connector, message("m3", null, "x", false)))).isEqualTo(Cause.RECIPIENT);
    sink.inject(Trouble.CONTENT_REFUSED);
    assertThat(cause(send(connector, message("m4", null, "x", false)))).isEqualTo(Cause.CONTENT);
    assertThat(sink.count()).isEqualTo(before);

    int closed;
    try (ServerSocket socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }
    assertThat(send(connector(closed, null, null, "none", true), message("m5", null, "x", false)))
        .isInstanceOf(SendResult.Retry.class);
  }

  @Test
  void tls_thatIsNotOffered_sendsNothing() throws Exception {
    long before = sink.count();

    SendResult result =
        send(connector(sink.port(), null, null, "starttls", true), message("m1", null, "x", false));

    assertThat(result).isInstanceOf(SendResult.Retry.class);
    assertThat(sink.count()).isEqualTo(before);
  }

  @Test
  void headers_cannotBePutIn() throws Exception { // W-20
    Connector connector = connector(sink.port(), null, null, "none", true);
    Map<String, String> context = new HashMap<>();
    context.put("subject", "Hello\r\nBcc: victim@elsewhere.example\r\n\r\nbody\u2028x");
    context.put("messageId", "a@b.example>\r\nBcc: <victim@elsewhere.example");
    context.put("references", "<x@y.example\r\nBcc:_v> <ok@y.example> <\r\n>");

    send(connector, message("m1", ADA, context, "x", false));

    MailHeaders headers =
        MimeReader.read(last().content().getBytes(StandardCharsets.ISO_8859_1)).headers();
    assertThat(headers.has("Bcc")).isFalse();
    assertThat(last().content()).doesNotContain("\nBcc");
    assertThat(last().to()).containsExactly(ADA);
    for (String address :
        List.of(
            "a@b.example\r\nRCPT TO:<v@x.example>",
            "a@b.example>, <v@x.example",
            "a b@c.example",
            "用户@x.example",
            "nobody",
            "\"a\\\r\n\"@b.example")) {
      SendResult result = send(connector, message("m2", address, Map.of(), "x", false));
      assertThat(cause(result)).as(address).isEqualTo(Cause.RECIPIENT);
    }
  }

  @Test
  void automaticMail_saysSo() throws Exception {
    send(
        connector(sink.port(), null, null, "none", true),
        message("m1", null, "we are closed", true));

    MailHeaders headers =
        MimeReader.read(last().content().getBytes(StandardCharsets.ISO_8859_1)).headers();
    assertThat(headers.text("Auto-Submitted")).isEqualTo("auto-replied");
    assertThat(last().from()).isEmpty();
    assertThat(AutomaticMail.is(headers, MAILBOX, "", "", "x@y.example")).isTrue();
  }

  @Test
  void mailbox_withoutPlusAddresses_isAnsweredPlainly() throws Exception {
    send(connector(sink.port(), null, null, "none", false), message("m1", null, "x", false));

    assertThat(last().from()).isEqualTo(MAILBOX);
    assertThat(last().content()).doesNotContain("Reply-To", "support+");
  }

  @Test
  void otherServer_takesItToo() throws Exception {
    int port = GREEN_MAIL.getSmtp().getPort();

    SendResult good =
        send(
            connector(port, "bob", "pw", "none", true),
            message("m1", "bob@acme.example", Map.of("subject", "退款"), "你好", false));
    SendResult bad =
        send(
            connector(port, "bob", "wrong", "none", true),
            message("m2", "bob@acme.example", Map.of(), "x", false));

    assertThat(good).isInstanceOf(SendResult.Accepted.class);
    MimeMessage mail = GREEN_MAIL.getReceivedMessages()[0];
    assertThat(mail.getSubject()).isEqualTo("Re: 退款");
    assertThat(((String) mail.getContent()).strip()).isEqualTo("你好");
    assertThat(cause(bad)).isEqualTo(Cause.CREDENTIALS);
    assertThat(bad.toString()).doesNotContain("wrong");
  }

  @Test
  void content_thatIsNoText_isRefused() throws Exception {
    OutboundMessage location =
        new OutboundMessage(
            "m1",
            "c1",
            ContactRef.of(ADA),
            null,
            new MessageContent.Location(1, 2, "x"),
            null,
            false,
            Map.of());

    assertThat(cause(send(connector(sink.port(), null, null, "none", true), location)))
        .isEqualTo(Cause.CONTENT);
  }

  private SmtpSink.Mail last() {
    return sink.mails().get(sink.mails().size() - 1);
  }

  private static String idOf(SmtpSink.Mail mail) throws Exception {
    return MimeReader.read(mail.content().getBytes(StandardCharsets.ISO_8859_1))
        .headers()
        .ids("Message-ID")
        .get(0);
  }

  private static Cause cause(SendResult result) {
    assertThat(result).isInstanceOf(SendResult.Rejected.class);
    return ((SendResult.Rejected) result).cause();
  }

  private static Received receive(Connector connector, WebhookRequest request) throws Exception {
    connector.verify(request, NOW);
    return (Received) connector.decode(request, NOW).events().get(0);
  }

  private static OutboundMessage message(
      String id, Received answered, String text, boolean automatic) {
    return new OutboundMessage(
        id,
        "c1",
        ContactRef.of(ADA),
        answered == null ? null : answered.thread(),
        new MessageContent.Text(text),
        answered == null ? null : answered.key(),
        automatic,
        answered == null ? Map.of() : answered.context());
  }

  private static OutboundMessage message(
      String id, String to, Map<String, String> context, String text, boolean automatic) {
    return new OutboundMessage(
        id, "c1", ContactRef.of(to), null, new MessageContent.Text(text), null, automatic, context);
  }

  private Connector connector(int port, String user, String password, String tls, boolean plus) {
    return new EmailConnector.Factory()
        .create(
            new EmailSettings(
                MAILBOX,
                new EmailSettings.Inbound(new EmailSettings.Postmark("u", Secret.of("p"))),
                new EmailSettings.Outbound(
                    new EmailSettings.Smtp(
                        "127.0.0.1",
                        port,
                        user,
                        password == null ? null : Secret.of(password),
                        tls)),
                plus),
            new ChannelContext("acme", "mail", URL, vertx, null, Duration.ofSeconds(10)));
  }

  private SendResult send(Connector connector, OutboundMessage message) throws Exception {
    return await(connector.send(message, NOW));
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }
}
