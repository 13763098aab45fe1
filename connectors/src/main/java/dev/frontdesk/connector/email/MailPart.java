// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.email;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One entity of a mail: a leaf with decoded bytes, or a multipart or message with children.
 *
 * @param mimeType in lower case: {@code text/plain}
 * @param fileName the name a person would see, without any folder, or null
 * @param content decoded bytes of a leaf, empty otherwise
 */
record MailPart(
    String mimeType,
    @Nullable String charset,
    MailHeaders headers,
    @Nullable String fileName,
    Buffer content,
    List<MailPart> children) {

  MailPart {
    children = List.copyOf(children);
  }

  boolean isAttachment() {
    String disposition = headers.text("Content-Disposition").toLowerCase(Locale.ROOT);
    return disposition.startsWith("attachment") || (fileName != null && !isText());
  }

  boolean isText() {
    return mimeType.equals("text/plain") || mimeType.equals("text/html");
  }

  /** The text of a text part. */
  String text() {
    return MailCharsets.decode(content.getBytes(), charset == null ? charsetInHtml() : charset);
  }

  /** This part and all below it, in the order they stand in the mail. */
  List<MailPart> walk() {
    List<MailPart> all = new ArrayList<>();
    visit(all::add);
    return all;
  }

  Optional<MailPart> first(String type) {
    return walk().stream().filter(p -> p.mimeType().equals(type)).findFirst();
  }

  private void visit(Consumer<MailPart> visitor) {
    visitor.accept(this);
    children.forEach(child -> child.visit(visitor));
  }

  /** The {@code charset=} of a page's meta element; only its beginning is looked at. */
  private @Nullable String charsetInHtml() {
    if (!mimeType.equals("text/html")) {
      return null;
    }
    String head =
        content
            .getString(0, Math.min(content.length(), 1_024), "ISO-8859-1")
            .toLowerCase(Locale.ROOT);
    int at = head.indexOf("charset=");
    if (at < 0) {
      return null;
    }
    String rest = head.substring(at + 8).replaceFirst("^[\"' ]+", "");
    int end = 0;
    while (end < rest.length()
        && (Character.isLetterOrDigit(rest.charAt(end)) || "-_".indexOf(rest.charAt(end)) >= 0)) {
      end++;
    }
    return rest.substring(0, end);
  }
}
