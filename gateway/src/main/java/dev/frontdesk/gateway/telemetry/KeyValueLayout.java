// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.slf4j.event.KeyValuePair;

/**
 * One event, one line: time in UTC, level, the sentence in quotes where it needs them, then {@code
 * key=value}. Line ends, escape sequences and quotes inside values are written as JSON would, so
 * that nothing a client sends can forge a line or a field. Logback's own pattern encoder leaves
 * quotes in values as they are, its JSON encoder cannot be read by people.
 */
public final class KeyValueLayout extends LayoutBase<ILoggingEvent> {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  @Override
  public String doLayout(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(160);
    TIME.formatTo(Instant.ofEpochMilli(event.getTimeStamp()), line);
    line.append(' ').append(event.getLevel()).append(' ');
    escape(event.getFormattedMessage(), line);
    if (event.getKeyValuePairs() != null) {
      for (KeyValuePair pair : event.getKeyValuePairs()) {
        line.append(' ');
        escape(pair.key, line);
        line.append('=');
        value(String.valueOf(pair.value), line);
      }
    }
    thrown(event.getThrowableProxy(), line);
    return line.append(System.lineSeparator()).toString();
  }

  private static void thrown(
      @org.jspecify.annotations.Nullable IThrowableProxy thrown, StringBuilder line) {
    if (thrown != null) {
      line.append(" exception=");
      value(ThrowableProxyUtil.asString(thrown), line);
    }
  }

  private static void value(String text, StringBuilder line) {
    if (!text.isEmpty() && text.chars().allMatch(KeyValueLayout::isPlain)) {
      line.append(text);
      return;
    }
    line.append('"');
    escape(text, line);
    line.append('"');
  }

  private static boolean isPlain(int c) {
    return c > ' ' && c < 0x7f && c != '"' && c != '=' && c != '\\';
  }

  /** Control characters, also those of Unicode that move text about, never reach the terminal. */
  private static void escape(String text, StringBuilder line) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int type = Character.getType(c);
      if (c == '"' || c == '\\') {
        line.append('\\').append(c);
      } else if (c == '\n') {
        line.append("\\n");
      } else if (c == '\t') {
        line.append("\\t");
      } else if (type == Character.CONTROL
          || type == Character.FORMAT
          || type == Character.LINE_SEPARATOR
          || type == Character.PARAGRAPH_SEPARATOR) {
        line.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        line.append(c);
      }
    }
  }
}
