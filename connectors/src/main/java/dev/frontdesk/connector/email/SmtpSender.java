// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.email;

import dev.frontdesk.connector.ChannelContext;
import dev.frontdesk.connector.SendResult;
import dev.frontdesk.connector.SendResult.Cause;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import jakarta.mail.internet.MimeMessage;
import java.io.OutputStream;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.jspecify.annotations.Nullable;

/**
 * Hands mails to one SMTP server, one connection each.
 *
 * <p>Angus Mail blocks, so it runs on {@value #THREADS} worker threads of the channel's own; how
 * many wait for one is bounded by the outbox. vertx-mail-client would not block and was rejected:
 * it does not resolve for this version of Vert.x.
 *
 * <p>A mail whose DATA has not begun within {@link ChannelContext#sendTimeout}, in the queue for a
 * thread or in talk with a slow server, is given up: that is a retry, because it never leaves
 * afterwards.
 */
final class SmtpSender {

  static final int THREADS = 8;

  /** Of each command; a server that is slower is given up before the outbox gives up on us. */
  private static final String COMMAND_TIMEOUT_MILLIS = "8000";

  private static final String CONNECT_TIMEOUT_MILLIS = "5000";

  private final EmailSettings.Smtp settings;
  private final Properties properties;
  private final long deadlineMillis;
  private final Vertx vertx;
  private final WorkerExecutor workers;

  SmtpSender(EmailSettings.Smtp settings, String domain, ChannelContext context) {
    this.settings = settings;
    this.properties = properties(settings, domain);
    this.deadlineMillis = Math.max(1, context.sendTimeout().toMillis());
    this.vertx = context.vertx();
    this.workers =
        context
            .vertx()
            .createSharedWorkerExecutor(
                "smtp-" + context.workspace() + "-" + context.channel(), THREADS);
  }

  private static Properties properties(EmailSettings.Smtp settings, String domain) {
    Properties properties = new Properties();
    properties.put("mail.smtp.connectiontimeout", CONNECT_TIMEOUT_MILLIS);
    properties.put("mail.smtp.timeout", COMMAND_TIMEOUT_MILLIS);
    properties.put("mail.smtp.writetimeout", COMMAND_TIMEOUT_MILLIS);
    properties.put("mail.smtp.localhost", domain);
    properties.put("mail.smtp.auth", Boolean.toString(settings.username() != null));
    properties.put("mail.smtp.ssl.enable", Boolean.toString(settings.tls().equals("implicit")));
    properties.put("mail.smtp.starttls.enable", Boolean.toString(settings.startsTls()));
    properties.put("mail.smtp.starttls.required", Boolean.toString(settings.startsTls()));
    properties.put("mail.smtp.ssl.checkserveridentity", "true");
    return properties;
  }

  /**
   * Sends what {@code write} makes, with its envelope sender.
   *
   * @param envelopeFrom {@code <>} for mail nobody may answer automatically
   */
  Future<SendResult> send(String envelopeFrom, Function<Session, MimeMessage> write) {
    AtomicBoolean begun = new AtomicBoolean();
    AtomicBoolean decided = new AtomicBoolean();
    Promise<SendResult> verdict = Promise.promise();
    // Leaves the event loop: jakarta.mail blocks on the socket. Unordered: mails of different
    // conversations wait for nothing of each other.
    Future<SendResult> delivery =
        workers.executeBlocking(
            () -> {
              begun.set(true);
              return deliver(envelopeFrom, write, decided);
            },
            false);
    long timer = vertx.setTimer(deadlineMillis, late -> giveUp(begun.get(), decided, verdict));
    delivery.onComplete(
        done -> {
          vertx.cancelTimer(timer);
          if (done.succeeded()) {
            verdict.tryComplete(done.result());
          } else {
            verdict.tryFail(done.cause());
          }
        });
    return verdict.future();
  }

  /** Who did not come to its turn says nothing of the server. */
  private void giveUp(boolean begun, AtomicBoolean decided, Promise<SendResult> verdict) {
    if (decided.compareAndSet(false, true)) {
      String reason = "no DATA within " + deadlineMillis + " ms";
      verdict.tryComplete(
          begun ? SendResult.Retry.unreached(reason) : new SendResult.Retry(reason, null));
    }
  }

  Future<Void> close() {
    return workers.close();
  }

  /**
   * Ends with what became of the mail, unless it was given up meanwhile.
   *
   * @param decided whoever sets it decides: the worker that the mail may leave, the deadline that
   *     it never does
   */
  private SendResult deliver(
      String envelopeFrom, Function<Session, MimeMessage> write, AtomicBoolean decided) {
    if (decided.get()) {
      return new SendResult.Retry("given up in the queue", null);
    }
    Properties own = new Properties();
    own.putAll(properties);
    own.put("mail.smtp.from", envelopeFrom);
    Session session = Session.getInstance(own);
    MimeMessage message = write.apply(session);
    Transport transport = new Transport(session, decided);
    try {
      transport.connect(settings.host(), settings.port(), settings.username(), password());
      transport.sendMessage(message, message.getAllRecipients());
      return new SendResult.Accepted(unbracketed(message.getMessageID()));
    } catch (MessagingException e) {
      return classified(e, transport);
    } finally {
      end(transport);
    }
  }

  private @Nullable String password() {
    return settings.password() == null ? null : settings.password().newest();
  }

  private static String unbracketed(String id) {
    return id.substring(1, id.length() - 1);
  }

  /** The mail was taken or not by now; a failure to say goodbye changes nothing. */
  private static void end(SMTPTransport transport) {
    try {
      transport.close();
    } catch (MessagingException e) {
      // The connection is gone, which is what was wanted.
      return;
    }
  }

  /**
   * A reply decides; without one, nothing was taken before DATA, and from there on nobody knows.
   */
  private static SendResult classified(MessagingException failure, Transport transport) {
    int code = SmtpReply.code(failure, transport.getLastReturnCode());
    if (failure instanceof AuthenticationFailedException && code / 100 != 4) {
      return new SendResult.Rejected(
          Cause.CREDENTIALS, "smtp-" + code, "the server refused user or password");
    }
    if (code >= 400) {
      return SmtpReply.result(code, transport.phase);
    }
    String kind = failure.getClass().getSimpleName();
    return transport.phase == Phase.ENVELOPE
        ? SendResult.Retry.unreached("no reply before DATA: " + kind)
        : new SendResult.Unknown("no reply after DATA: " + kind);
  }

  /** How far a mail got. */
  enum Phase {
    ENVELOPE,
    CONTENT
  }

  /** Begins no content of a mail that was given up; remembers whether the server said go ahead. */
  private static final class Transport extends SMTPTransport {

    private final AtomicBoolean decided;
    private volatile Phase phase = Phase.ENVELOPE;

    Transport(Session session, AtomicBoolean decided) {
      super(session, new URLName("smtp", null, -1, null, null, null));
      this.decided = decided;
    }

    @Override
    protected OutputStream data() throws MessagingException {
      if (!decided.compareAndSet(false, true)) {
        throw new MessagingException("given up before DATA");
      }
      OutputStream out = super.data();
      phase = Phase.CONTENT;
      return out;
    }
  }
}
