// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.email;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.ConnectorContract;
import dev.frontdesk.connector.ConnectorFactory;
import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.Decoded;
import dev.frontdesk.connector.DeliveryStatus;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.InboundEvent.Received;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.connector.Payload;
import dev.frontdesk.connector.WebhookRejected;
import dev.frontdesk.connector.sandbox.InboundSample;
import dev.frontdesk.connector.sandbox.PlatformApi;
import dev.frontdesk.connector.sandbox.PostmarkCustomer;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EmailConnectorTest extends ConnectorContract {

  private static final String MAILBOX = "support@acme.example";
  private static final String ADA = "ada@customer.example";

  private final MailThreads threads = new MailThreads(List.of(secret(0)), MAILBOX);

  @Override
  protected ConnectorFactory<?> factory() {
    return new EmailConnector.Factory();
  }

  @Override
  protected Record settings(Secret secret, String apiBaseUrl) {
    return new EmailSettings(
        MAILBOX, new EmailSettings.Inbound(new EmailSettings.Postmark("hook", secret)), null, true);
  }

  @Override
  protected String secret(int number) {
    return number == 0 ? "s3cret-zero-91" : "s3cret-one-45";
  }

  @Override
  protected InboundSample signed(String secret, Payload payload, Instant at) {
    InboundSample sample = new PostmarkCustomer("hook", secret, MAILBOX).posted("");
    return sample.withBody(payload.body());
  }

  @Override
  protected Set<String> authenticatingHeaders() {
    return Set.of("authorization");
  }

  @Override
  protected boolean signatureCoversBody() {
    return false; // Postmark signs nothing: HTTP Basic only
  }

  @Override
  protected boolean sendsOverHttp() {
    return false; // see SmtpSendTest
  }

  /** An answer: its text is shown without the subject. */
  @Override
  protected Payload text(String text, String externalId) {
    ObjectNode mail =
        PostmarkCustomer.mail(ADA, "Ada", MAILBOX, "", text, externalId, NOW, Map.of());
    return Payload.json("text", mail.toString());
  }

  @Override
  protected boolean keepsOuterSpace() {
    return false; // mail programs put empty lines around what is written
  }

  /** A mail has no kinds. */
  @Override
  protected Payload unknownKind() {
    return null;
  }

  @Override
  protected PlatformApi platform(String secret) {
    return new PlatformApi() {
      @Override
      public String name() {
        return "none";
      }

      @Override
      public Reply answer(Call call) {
        return Reply.json(404, "");
      }
    };
  }

  @Override
  protected ContactRef recipient() {
    return ContactRef.of(ADA);
  }

  @Test
  void firstMail_isReadWithItsSubject() throws Exception {
    Received first = received(mail("退款", "订单 42", "p1", Map.of()));

    assertThat(first.content().text()).isEqualTo("退款\n\n订单 42");
    assertThat(first.context())
        .containsEntry("subject", "退款")
        .containsEntry("messageId", "p1@customer.example");
    assertThat(first.contact()).isEqualTo(new ContactRef(ADA, "Ada", null));
    assertThat(first.automatic()).isFalse();
  }

  @Test
  void answers_landInTheThreadOfTheFirstMail() throws Exception {
    Received first = received(mail("Hello", "one", "p1", Map.of()));
    String ours = threads.messageId("c1.7", first.thread());
    String unknown = "<other@elsewhere.example>";

    Map<String, Map<String, String>> answers = new HashMap<>();
    answers.put("to ours", Map.of("In-Reply-To", "<" + ours + ">"));
    answers.put(
        "by references", Map.of("References", "<p1@customer.example> <" + ours + "> " + unknown));
    answers.put(
        "with a broken id",
        Map.of("In-Reply-To", "ours", "References", "garbage <" + ours + "> <"));
    answers.put(
        "in capitals", Map.of("In-Reply-To", "<" + ours.toUpperCase(java.util.Locale.ROOT) + ">"));
    answers.put("to the own first", Map.of("In-Reply-To", "<p1@customer.example>"));
    answers.put(
        "to the own second", Map.of("References", "<p1@customer.example> <p2@customer.example>"));
    for (Map.Entry<String, Map<String, String>> answer : answers.entrySet()) {
      Received next = received(mail("Re: Hello", "more", "p9", answer.getValue()));
      assertThat(next.thread()).as(answer.getKey()).isEqualTo(first.thread());
      assertThat(next.content().text()).isEqualTo("more");
    }

    ObjectNode plus =
        PostmarkCustomer.mail(
            ADA, "", threads.answerAddress(first.thread()), "Re: x", "hi", "p10", NOW, Map.of());
    assertThat(received(plus).thread()).isEqualTo(first.thread());
    assertThat(received(mail("Hello", "again", "p11", Map.of())).thread())
        .isNotEqualTo(first.thread());
  }

  @Test
  void thread_madeUp_isNotBelieved() throws Exception {
    Received first = received(mail("Hello", "one", "p1", Map.of()));
    String forged = new MailThreads(List.of("guess"), MAILBOX).messageId("m", first.thread());

    assertThat(
            received(mail("Re: Hello", "x", "p2", Map.of("In-Reply-To", "<" + forged + ">")))
                .thread())
        .isNotEqualTo(first.thread());
    assertThat(threads.ofMessageId(forged)).isEmpty();
    assertThat(
            new MailThreads(List.of("new", secret(0)), MAILBOX)
                .ofMessageId(threads.messageId("m", first.thread())))
        .contains(first.thread());
  }

  @Test
  void answer_isReadWithoutWhatItAnswers() throws Exception {
    String text =
        "Danke, das hilft.\n\nOn Fri, 20 Nov 2026 at 10:00, Support <support@acme.example>\nwrote:\n> Hallo\n> was fehlt?\n";

    assertThat(
            received(mail("Re: Hello", text, "p2", Map.of("In-Reply-To", "<a@b.example>")))
                .content()
                .text())
        .isEqualTo("Danke, das hilft.");
  }

  @Test
  void html_isReadWhereThereIsNoText() throws Exception {
    ObjectNode mail = mail("", "", "p1", Map.of());
    mail.put(
        "HtmlBody",
        "<p>Guten&nbsp;Tag<br>x</p><script>alert(1)</script><ul><li>a</ul><div>b</div>");

    assertThat(received(mail).content().text()).isEqualTo("Guten Tag\nx\n\n- a\nb");
  }

  @Test
  void attachments_areMessagesOfTheSameThread() throws Exception {
    ObjectNode mail = mail("Hi", "see", "p1", Map.of());
    mail.withArray("Attachments")
        .addObject()
        .put("Name", "../../etc/passwd")
        .put("ContentType", "image/png")
        .put("ContentLength", 45)
        .put("Content", "AAAA");
    mail.withArray("Attachments")
        .addObject()
        .put("Name", "a.pdf")
        .put("ContentType", "application/pdf; name=a.pdf")
        .put("ContentLength", 4);

    List<InboundEvent> events = decode(Payload.json("m", mail.toString())).events();

    assertThat(events).extracting(InboundEvent::key).containsExactly("p1", "p1#1", "p1#2");
    assertThat(events).extracting(InboundEvent::thread).containsOnly(events.get(0).thread());
    assertThat(((Received) events.get(1)).content())
        .isEqualTo(
            new MessageContent.Media(
                MessageContent.Media.Type.IMAGE, null, null, "image/png", 45L, "passwd", null));
    assertThat(((Received) events.get(2)).content().kind()).isEqualTo("file");
  }

  @Test
  void machines_areToldFromPeople() throws Exception {
    for (Map.Entry<String, String> header :
        List.of(
            Map.entry("Auto-Submitted", "auto-replied"),
            Map.entry("Auto-Submitted", "auto-generated (failure)"),
            Map.entry("Precedence", "bulk"),
            Map.entry("X-Auto-Response-Suppress", "OOF, AutoReply"),
            Map.entry("List-Id", "<x.y>"),
            Map.entry("Return-Path", "<>"),
            Map.entry("Content-Type", "multipart/report; report-type=disposition-notification"))) {
      assertThat(
              received(mail("Hi", "x", "p1", Map.of(header.getKey(), header.getValue())))
                  .automatic())
          .as("%s", header)
          .isTrue();
    }
    assertThat(
            received(mail("Hi", "x", "p1", Map.of("Auto-Submitted", "no", "Precedence", "normal")))
                .automatic())
        .isFalse();
    ObjectNode circle = PostmarkCustomer.mail(MAILBOX, "", MAILBOX, "x", "x", "p1", NOW, Map.of());
    assertThat(received(circle).automatic()).isTrue(); // W-20: a mail of ours that came back
  }

  @Test
  void bounce_ofOurs_isAReceipt() throws Exception {
    String thread = MailThreads.nameOf("p1@customer.example");
    String ours = threads.messageId("c1.7", thread);

    Decoded decoded = decode(raw(bounce("failed", ours)));

    assertThat(decoded.events()).hasSize(1);
    InboundEvent.Receipt receipt = (InboundEvent.Receipt) decoded.events().get(0);
    assertThat(receipt.target()).isEqualTo(ours);
    assertThat(receipt.status()).isEqualTo(DeliveryStatus.FAILED);
    assertThat(receipt.reason()).isEqualTo("5.1.1 smtp; 550 no such user");
    assertThat(receipt.contact().externalId()).isEqualTo(ADA);
    assertThat(receipt.thread()).isEqualTo(thread);
    assertThat(decode(raw(bounce("delayed", ours))).events()).isEmpty();

    Received strange =
        (Received) decode(raw(bounce("failed", "x@elsewhere.example"))).events().get(0);
    assertThat(strange.automatic()).isTrue();
  }

  @Test
  void rawMail_isReadByOurOwnRules() throws Exception {
    byte[] body = "你好,我要退款".getBytes("GB18030");
    String mail =
        "From: =?gb2312?B?"
            + java.util.Base64.getEncoder().encodeToString("张三".getBytes("GB18030"))
            + "?= <zhang@customer.example>\r\n"
            + "To: support@acme.example\r\nMessage-ID: <z1@customer.example>\r\nSubject: =?utf-8?q?=E9=80=80=E6=AC=BE?=\r\n"
            + "Content-Type: text/plain; charset=gb2312\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            + java.util.Base64.getEncoder().encodeToString(body);

    Received received = (Received) decode(raw(mail)).events().get(0);

    assertThat(received.content().text()).isEqualTo("退款\n\n你好,我要退款");
    assertThat(received.context()).containsEntry("messageId", "z1@customer.example");
  }

  @Test
  void mailBombs_areRefusedOrCapped() throws Exception { // W-20
    StringBuilder deep = new StringBuilder("From: a@b.example\r\n");
    for (int i = 0; i < 3_000; i++) {
      deep.append("Content-Type: multipart/mixed; boundary=b")
          .append(i)
          .append("\r\n\r\n--b")
          .append(i)
          .append("\r\n");
    }
    StringBuilder wide =
        new StringBuilder("From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n");
    wide.append("--b\r\n\r\nx\r\n".repeat(60_000));
    String header = "From: a@b.example\r\nX: " + "x".repeat(500_000) + "\r\n\r\nhi";
    String headers = "X: y\r\n".repeat(100_000) + "\r\nhi";
    for (String bomb : List.of(deep.toString(), wide.toString(), header, headers)) {
      long start = CPU.getCurrentThreadCpuTime(); // not the time that others take of the machine
      try {
        MimeReader.read(bomb.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        assertThat(bomb.length()).as("was read").isZero();
      } catch (WebhookRejected e) {
        assertThat(e.reason()).isEqualTo(WebhookRejected.Reason.MALFORMED);
      }
      assertThat(CPU.getCurrentThreadCpuTime() - start).isLessThan(2_000_000_000L);
    }
    String spaces = "<td></td>".repeat(20_000) + "x".repeat(10);
    assertThat(HtmlText.of("<table><tr>" + spaces + "</table>")).contains("xxxx");
    assertThat(QuotedReply.strip("> ".repeat(100_000) + "\nhello")).contains("hello");
  }

  private Received received(ObjectNode mail) throws WebhookRejected {
    return (Received) decode(Payload.json("mail", mail.toString())).events().get(0);
  }

  private static ObjectNode mail(
      String subject, String text, String id, Map<String, String> headers) {
    return PostmarkCustomer.mail(ADA, "Ada", MAILBOX, subject, text, id, NOW, headers);
  }

  private static Payload raw(String mail) {
    ObjectNode body = PostmarkCustomer.mail("", "", MAILBOX, "", "", "r1", NOW, Map.of());
    body.remove("FromFull");
    return Payload.json("raw", body.put("RawEmail", mail).toString());
  }

  private static String bounce(String action, String messageId) {
    return String.join(
        "\r\n",
        "From: MAILER-DAEMON@mx.example",
        "To: support@acme.example",
        "Subject: Delivery Status Notification",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
        "",
        "--b",
        "",
        "It did not work.",
        "--b",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.example",
        "",
        "Final-Recipient: rfc822; " + ADA,
        "Action: " + action,
        "Status: 5.1.1",
        "Diagnostic-Code: smtp; 550 no such user",
        "",
        "--b",
        "Content-Type: message/rfc822",
        "",
        "From: support@acme.example",
        "Message-ID: <" + messageId + ">",
        "Subject: Re: Hello",
        "",
        "text",
        "--b--",
        "");
  }
}
