// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.sandbox;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.parsetools.RecordParser;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A mail server on 127.0.0.1 that takes mail and keeps it: strict about the order of commands and
 * about line ends (RFC 5321), with faults on demand. What is read from it may be read from any
 * thread.
 */
public final class SmtpSink {

  /** Mails kept; the count goes on. */
  public static final int MAX_KEPT = 20_000;

  private static final int MAX_LINE = 1_000_000;
  private static final int MAX_MAIL = 1 << 20;
  private static final Pattern PATH = Pattern.compile("(?i)(?:FROM|TO):<([^<>\\s]*)>(?: .*)?");

  /** What may go wrong; each happens once per injection. */
  public enum Trouble {
    /** 451 to the recipient. */
    TRY_LATER,
    /** 550 to the recipient. */
    NO_SUCH_USER,
    /** 554 to the content. */
    CONTENT_REFUSED,
    /** The connection ends at the recipient. */
    DROP_BEFORE_CONTENT,
    /** The mail is taken, the connection ends before the reply. */
    TAKEN_THEN_DROP
  }

  /**
   * A mail that was taken.
   *
   * @param from envelope sender, empty for {@code <>}
   * @param content as sent, without dot stuffing
   */
  public record Mail(String from, List<String> to, String content) {}

  private final NetServer server;
  private final Deque<Mail> mails = new ConcurrentLinkedDeque<>();
  private final AtomicLong count = new AtomicLong();
  private final Queue<Trouble> troubles = new ConcurrentLinkedQueue<>();

  private SmtpSink(Vertx vertx) {
    this.server = vertx.createNetServer().connectHandler(socket -> new Dialogue(socket).begin());
  }

  /** Starts on a port, 0 for a free one. */
  public static Future<SmtpSink> start(Vertx vertx, int port) {
    SmtpSink sink = new SmtpSink(vertx);
    return sink.server.listen(port, "127.0.0.1").map(sink);
  }

  public int port() {
    return server.actualPort();
  }

  /** What was taken, oldest first; at most the last {@value #MAX_KEPT}. */
  public List<Mail> mails() {
    return List.copyOf(mails);
  }

  /** How many mails were taken. */
  public long count() {
    return count.get();
  }

  /** The next mail meets this. */
  public void inject(Trouble trouble) {
    troubles.add(trouble);
  }

  public Future<Void> close() {
    return server.close();
  }

  /** One connection. */
  private final class Dialogue {

    private final NetSocket socket;
    private boolean greeted;
    private boolean inContent;
    private @Nullable String from;
    private final Deque<String> to = new ArrayDeque<>();
    private StringBuilder content = new StringBuilder();

    Dialogue(NetSocket socket) {
      this.socket = socket;
    }

    void begin() {
      RecordParser lines = RecordParser.newDelimited("\r\n", this::line);
      lines.maxRecordSize(MAX_LINE);
      lines.exceptionHandler(tooLong -> hangUp());
      socket.handler(lines);
      reply("220 sink ESMTP");
    }

    private void line(Buffer bytes) {
      String line = bytes.toString(StandardCharsets.ISO_8859_1);
      if (line.indexOf('\n') >= 0 || line.indexOf('\r') >= 0) {
        reply("500 bare line end");
      } else if (inContent) {
        content(line);
      } else {
        command(line);
      }
    }

    private void command(String line) {
      String verb = line.split(" ", 2)[0].toUpperCase(Locale.ROOT);
      String rest = line.length() > verb.length() ? line.substring(verb.length() + 1) : "";
      switch (verb) {
        case "EHLO" -> {
          greeted = true;
          reply("250-sink\r\n250-SIZE " + MAX_MAIL + "\r\n250 8BITMIME");
        }
        case "HELO" -> {
          greeted = true;
          reply("250 sink");
        }
        case "MAIL" -> sender(rest);
        case "RCPT" -> recipient(rest);
        case "DATA" -> {
          inContent = !to.isEmpty();
          reply(inContent ? "354 go ahead" : "503 need RCPT");
        }
        case "RSET" -> {
          reset();
          reply("250 ok");
        }
        case "NOOP" -> reply("250 ok");
        case "QUIT" -> {
          reply("221 bye");
          hangUp();
        }
        default -> reply("500 unknown command");
      }
    }

    private void sender(String rest) {
      Matcher path = PATH.matcher(rest);
      if (!greeted || from != null) {
        reply("503 bad sequence");
      } else if (!path.matches()) {
        reply("501 bad address");
      } else {
        from = path.group(1);
        reply("250 ok");
      }
    }

    private void recipient(String rest) {
      Matcher path = PATH.matcher(rest);
      Trouble trouble = troubles.peek();
      if (from == null) {
        reply("503 need MAIL");
      } else if (!path.matches() || path.group(1).isEmpty()) {
        reply("501 bad address");
      } else if (trouble == Trouble.TRY_LATER) {
        troubles.poll();
        reply("451 4.2.1 try again later");
      } else if (trouble == Trouble.NO_SUCH_USER) {
        troubles.poll();
        reply("550 5.1.1 no such user");
      } else if (trouble == Trouble.DROP_BEFORE_CONTENT) {
        troubles.poll();
        hangUp();
      } else {
        to.add(path.group(1));
        reply("250 ok");
      }
    }

    private void content(String line) {
      if (!line.equals(".")) {
        content.append(line.startsWith(".") ? line.substring(1) : line).append("\r\n");
        if (content.length() > MAX_MAIL) {
          hangUp();
        }
        return;
      }
      Trouble trouble = troubles.poll();
      if (trouble == Trouble.CONTENT_REFUSED) {
        reset();
        reply("554 5.7.1 content refused");
        return;
      }
      take();
      if (trouble == Trouble.TAKEN_THEN_DROP) {
        hangUp();
      } else {
        reply("250 2.0.0 queued");
      }
    }

    private void take() {
      mails.add(new Mail(from == null ? "" : from, List.copyOf(to), content.toString()));
      if (count.incrementAndGet() > MAX_KEPT) {
        mails.poll();
      }
      reset();
    }

    private void reset() {
      from = null;
      to.clear();
      content = new StringBuilder();
      inContent = false;
    }

    /** A client that went away is a part of the game: nothing is done about it. */
    private void reply(String line) {
      socket.write(line + "\r\n").onFailure(gone -> {});
    }

    private void hangUp() {
      socket.close().onFailure(gone -> {});
    }
  }
}
