// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

/** One event is one line, whatever a client put into it. */
class KeyValueLayoutTest {

  private static String line(String message, Throwable thrown, Object... pairs) {
    Logger logger = new LoggerContext().getLogger("dev.frontdesk.x");
    LoggingEvent event =
        new LoggingEvent("fqcn", logger, Level.WARN, message, thrown, new Object[0]);
    event.setTimeStamp(1_763_694_245_678L);
    for (int i = 0; i < pairs.length; i += 2) {
      event.addKeyValuePair(new KeyValuePair(pairs[i].toString(), pairs[i + 1]));
    }
    return new KeyValueLayout().doLayout(event);
  }

  @Test
  void event_isALine() {
    assertThat(line("An offer expired", null, "agentId", "alice", "ms", 12))
        .isEqualTo(
            "2025-11-21T03:04:05.678Z WARN An offer expired agentId=alice ms=12"
                + System.lineSeparator());
  }

  @Test
  void value_cannotForgeALineOrAField() {
    String evil =
        "x\n2026-01-01T00:00:00.000Z ERROR forged\r\u001b[2J\u202e a=\"b\" ${jndi:ldap://x} \u2028";

    String line = line(evil, new IllegalStateException(evil), "reason", evil, "empty", "");

    assertThat(line.strip().lines()).hasSize(1);
    assertThat(line.strip()).doesNotContain("\u001b", "\u202e", "\r", "\u2028");
    assertThat(line).contains("reason=\"x\\n2026").contains("a=\\\"b\\\"").contains("empty=\"\"");
    assertThat(line).contains("exception=\"java.lang.IllegalStateException");
  }
}
