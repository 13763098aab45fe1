// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.email;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.connector.ChannelContext;
import dev.frontdesk.connector.SendResult;
import dev.frontdesk.connector.sandbox.SmtpSink;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Mails that wait: for a thread, for a greeting, for the reply to DATA. */
class SmtpWaitTest {

  /** Shorter than the 8 s after which a silent server is left. */
  private static final Duration SEND_TIMEOUT = Duration.ofSeconds(2);

  private final Vertx vertx = Vertx.vertx();
  private SmtpSink sink;
  private Door door;
  private SmtpSender sender;

  @BeforeEach
  void open() throws Exception {
    sink = await(SmtpSink.start(vertx, 0));
    door = new Door();
    sender =
        new SmtpSender(
            new EmailSettings.Smtp("127.0.0.1", await(door.open()), null, null, "none"),
            "acme.example",
            new ChannelContext("acme", "mail", "", vertx, null, SEND_TIMEOUT));
  }

  @AfterEach
  void close() throws Exception {
    await(vertx.close());
  }

  @Test
  void mails_whoseServerIsSilent_areRetried_andDoNotLeaveWhenItSpeaksAgain() throws Exception {
    door.holdFrom("");
    List<Future<SendResult>> sent = moreThanThreads();

    awaitRetries(sent);
    door.release();

    awaitNobodyConnected();
    assertThat(door.opened).as("those without a thread do not connect").hasValue(8);
    assertThat(sink.count()).isZero();
    // A slow machine may need several; what was given up does not come afterwards.
    Awaitility.await("the next one is taken")
        .until(() -> await(send("next")) instanceof SendResult.Accepted);
    assertThat(sink.mails()).hasSize(1);
    assertThat(sink.mails().get(0).content()).contains("Subject: next");
  }

  @Test
  void mail_whoseContentMayLeave_isNotGivenUp() throws Exception {
    door.holdFrom("DATA");
    Future<SendResult> sent = send("in time");
    Awaitility.await().until(() -> door.held.get() == 1);

    door.holdFrom("");
    SendResult begunAfterIt = await(send("late"));

    assertThat(begunAfterIt).isInstanceOf(SendResult.Retry.class);
    assertThat(sent.isComplete()).isFalse();
    door.release();
    assertThat(await(sent)).isInstanceOf(SendResult.Accepted.class);
    awaitNobodyConnected();
    assertThat(sink.mails()).hasSize(1);
    assertThat(sink.mails().get(0).content()).contains("Subject: in time");
  }

  @Test
  void mail_whoseContentMayLeave_leavesAlthoughTheChannelCloses() throws Exception {
    door.holdFrom("DATA");
    Future<SendResult> sent = send("in time");
    Awaitility.await().until(() -> door.held.get() == 1);

    await(sender.close());
    door.release();

    assertThat(await(sent)).isInstanceOf(SendResult.Accepted.class);
    assertThat(sink.count()).isEqualTo(1);
  }

  @Test
  void mails_thatWaitWhenTheChannelCloses_areRetried_andDoNotLeave() throws Exception {
    door.holdFrom("");
    List<Future<SendResult>> sent = moreThanThreads();
    Awaitility.await().until(() -> door.held.get() == SmtpSender.THREADS);

    await(sender.close());

    awaitRetries(sent);
    door.release();
    awaitNobodyConnected();
    assertThat(sink.count()).isZero();
  }

  private List<Future<SendResult>> moreThanThreads() {
    return IntStream.range(0, SmtpSender.THREADS + 3).mapToObj(i -> send("m" + i)).toList();
  }

  /** Long before a thread is free for those that wait for one. */
  private static void awaitRetries(List<Future<SendResult>> sent) {
    Awaitility.await("all are decided although the server still says nothing")
        .atMost(Duration.ofSeconds(6))
        .until(() -> sent.stream().allMatch(Future::isComplete));
    assertThat(sent).allMatch(one -> one.result() instanceof SendResult.Retry);
  }

  private void awaitNobodyConnected() {
    Awaitility.await("what was begun is over").until(() -> door.leftOpen.get() == 0);
  }

  private Future<SendResult> send(String subject) {
    return sender.send("support@acme.example", session -> mail(session, subject));
  }

  private static MimeMessage mail(Session session, String subject) {
    try {
      MimeMessage mail = new MimeMessage(session);
      mail.setFrom(new InternetAddress("support@acme.example"));
      mail.setRecipient(Message.RecipientType.TO, new InternetAddress("ada@customer.example"));
      mail.setSubject(subject);
      mail.setText("hello");
      mail.saveChanges();
      return mail;
    } catch (MessagingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  /** Passes bytes on to the sink, from some command on only once it is told to. */
  private final class Door {

    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger leftOpen = new AtomicInteger();
    private final AtomicInteger held = new AtomicInteger();
    private final List<Runnable> waiting = new CopyOnWriteArrayList<>();
    private final NetClient client = vertx.createNetClient();
    private volatile String command = "";
    private volatile boolean holds;

    /** Holds what begins with {@code first}; "" the greeting. */
    void holdFrom(String first) {
      command = first;
      holds = true;
    }

    void release() {
      holds = false;
      waiting.forEach(Runnable::run);
    }

    Future<Integer> open() {
      return vertx
          .createNetServer()
          .connectHandler(this::enter)
          .listen(0, "127.0.0.1")
          .map(server -> server.actualPort());
    }

    private void enter(NetSocket mailer) {
      opened.incrementAndGet();
      leftOpen.incrementAndGet();
      mailer.closeHandler(gone -> leftOpen.decrementAndGet());
      mailer.pause();
      if (holds && command.isEmpty()) {
        hold(() -> connect(mailer));
      } else {
        connect(mailer);
      }
    }

    private void connect(NetSocket mailer) {
      client
          .connect(sink.port(), "127.0.0.1")
          .onFailure(gone -> mailer.close())
          .onSuccess(server -> join(mailer, server));
    }

    private void join(NetSocket mailer, NetSocket server) {
      server.handler(bytes -> pass(bytes, mailer));
      server.endHandler(end -> mailer.close());
      mailer.handler(
          bytes -> {
            if (holds && !command.isEmpty() && bytes.toString().startsWith(command)) {
              hold(() -> pass(bytes, server));
            } else {
              pass(bytes, server);
            }
          });
      mailer.endHandler(end -> server.close());
      mailer.resume();
    }

    private void hold(Runnable goOn) {
      Context loop = vertx.getOrCreateContext();
      waiting.add(() -> loop.runOnContext(now -> goOn.run()));
      held.incrementAndGet();
    }

    private static void pass(Buffer bytes, NetSocket to) {
      to.write(bytes).onFailure(gone -> {});
    }
  }
}
