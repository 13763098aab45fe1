// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.email;

import dev.frontdesk.connector.WebhookRejected;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.stream.BodyDescriptor;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.Field;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.MimeTokenStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads MIME leniently by Mime4j's token stream, within bounds: depth {@value #MAX_DEPTH}, parts
 * {@value #MAX_PARTS}, one header {@value #MAX_HEADER} bytes, headers of one part {@value
 * #MAX_HEADERS}, decoded bytes {@value #MAX_DECODED}. Past one of them a mail is malformed.
 * Attachments are never unpacked. Stateless; blocks for the time of the parse only.
 */
final class MimeReader {

  static final int MAX_DEPTH = 20;
  static final int MAX_PARTS = 1_000;
  static final int MAX_HEADER = 65_536;
  static final int MAX_HEADERS = 1_000;
  static final int MAX_DECODED = 32 << 20;

  private static final MimeConfig CONFIG =
      MimeConfig.custom()
          .setMaxLineLen(-1)
          .setMaxHeaderLen(MAX_HEADER)
          .setMaxHeaderCount(MAX_HEADERS)
          .setMaxContentLen(-1)
          .setMalformedHeaderStartsBody(false)
          .build();

  private MimeReader() {}

  /** The root of the mail's parts. */
  static MailPart read(byte[] mail) throws WebhookRejected {
    MimeTokenStream stream = new MimeTokenStream(CONFIG);
    stream.parse(new ByteArrayInputStream(readable(mail)));
    Assembly assembly = new Assembly();
    try {
      for (EntityState s = stream.getState(); s != EntityState.T_END_OF_STREAM; s = stream.next()) {
        assembly.take(s, stream);
      }
    } catch (MimeException | IOException | RuntimeException e) {
      // Mime4j's lenient paths still throw unchecked exceptions on some broken headers
      throw WebhookRejected.malformed("MIME cannot be read: " + e.getClass().getSimpleName());
    }
    return assembly.root();
  }

  /**
   * What was added around the mail is removed (empty lines or an mbox line before its headers), and
   * the bare CRs of old Macs become line ends if there are no others.
   */
  private static byte[] readable(byte[] mail) {
    int start = 0;
    while (start < mail.length && (mail[start] == '\r' || mail[start] == '\n')) {
      start++;
    }
    byte[] from = "From ".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    if (mail.length > start + 5 && Arrays.equals(mail, start, start + 5, from, 0, 5)) {
      while (start < mail.length && mail[start] != '\n' && mail[start] != '\r') {
        start++;
      }
      while (start < mail.length && (mail[start] == '\r' || mail[start] == '\n')) {
        start++;
      }
    }
    byte[] rest = start == 0 ? mail : Arrays.copyOfRange(mail, start, mail.length);
    return hasLineFeed(rest) ? rest : withLineFeeds(rest);
  }

  private static boolean hasLineFeed(byte[] bytes) {
    for (byte b : bytes) {
      if (b == '\n') {
        return true;
      }
    }
    return false;
  }

  private static byte[] withLineFeeds(byte[] bytes) {
    byte[] changed = bytes.clone();
    for (int i = 0; i < changed.length; i++) {
      if (changed[i] == '\r') {
        changed[i] = '\n';
      }
    }
    return changed;
  }

  /** Builds the tree from the events of the stream. */
  private static final class Assembly {

    /** An entity whose end has not come yet. */
    private static final class Open {
      private final List<MailHeaders.Field> fields = new ArrayList<>();
      private final List<MailPart> children = new ArrayList<>();
      private String mimeType = "text/plain";
      private @Nullable String charset;
      private Buffer content = Buffer.buffer();
    }

    private final Deque<Open> open = new ArrayDeque<>();
    private @Nullable MailPart root;
    private int parts;
    private int decoded;

    void take(EntityState state, MimeTokenStream stream)
        throws WebhookRejected, IOException, MimeException {
      switch (state) {
        case T_START_MESSAGE, T_START_BODYPART -> begin();
        case T_FIELD -> current().fields.add(field(stream.getField()));
        case T_START_MULTIPART -> current().mimeType = stream.getBodyDescriptor().getMimeType();
        case T_BODY -> body(stream);
        case T_END_MESSAGE, T_END_BODYPART -> end();
        default -> {} // preamble, epilogue, and the ends of what has begun
      }
    }

    MailPart root() throws WebhookRejected {
      if (root == null) {
        throw WebhookRejected.malformed("MIME holds no message");
      }
      return root;
    }

    private void begin() throws WebhookRejected {
      if (open.size() >= 2 * MAX_DEPTH || ++parts > MAX_PARTS) {
        throw WebhookRejected.malformed(
            "mail is deeper than " + MAX_DEPTH + " or has more than " + MAX_PARTS + " parts");
      }
      open.push(new Open());
    }

    private Open current() {
      return Objects.requireNonNull(open.peek());
    }

    private void body(MimeTokenStream stream) throws IOException, WebhookRejected {
      Open part = current();
      BodyDescriptor descriptor = stream.getBodyDescriptor();
      part.mimeType = descriptor.getMimeType();
      part.charset = new HeaderParameters(header(part, "Content-Type")).get("charset");
      part.content = Buffer.buffer(bytes(stream.getDecodedInputStream()));
    }

    private byte[] bytes(InputStream in) throws IOException, WebhookRejected {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] buffer = new byte[8_192];
      try {
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          decoded += n;
          if (decoded > MAX_DECODED) {
            throw WebhookRejected.malformed("mail decodes to more than " + MAX_DECODED + " bytes");
          }
          out.write(buffer, 0, n);
        }
      } catch (IOException e) {
        // a broken transfer encoding: what was read until here is what there is
        return out.toByteArray();
      }
      return out.toByteArray();
    }

    /** A message inside a part is that part's child; the part's own headers stay its own. */
    private void end() {
      Open done = open.pop();
      MailHeaders headers = new MailHeaders(done.fields);
      MailPart part =
          new MailPart(
              typeOf(done, headers).toLowerCase(Locale.ROOT),
              done.charset,
              headers,
              HeaderParameters.fileName(headers),
              done.content,
              done.children);
      Open parent = open.peek();
      if (parent == null) {
        root = part;
      } else {
        parent.children.add(part);
      }
    }

    /** Mime4j goes into message/rfc822 without telling its type: the header does. */
    private static String typeOf(Open done, MailHeaders headers) {
      boolean declaredMessage =
          headers.text("Content-Type").toLowerCase(Locale.ROOT).startsWith("message/rfc822");
      return declaredMessage && !done.children.isEmpty() ? "message/rfc822" : done.mimeType;
    }

    private static String header(Open part, String name) {
      return new MailHeaders(part.fields).raw(name).orElse("");
    }

    private static MailHeaders.Field field(Field field) {
      byte[] raw = field.getRaw().toByteArray();
      String line = MailCharsets.undeclared(raw);
      int colon = line.indexOf(':');
      String value = colon < 0 ? "" : line.substring(colon + 1);
      return new MailHeaders.Field(
          field.getName(), value.replaceAll("\r?\n[ \t]?|\r", " ").strip());
    }
  }
}
