// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.wechat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.frontdesk.connector.WebhookRejected;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WechatBodyTest {

  private static final byte NOT_UTF8 = (byte) 0xFF;

  @ParameterizedTest
  @ValueSource(strings = {"<xml>", "{", "\u00FF"})
  void pastTheBound_isRefusedForItsLength_whateverItHolds(String start) {
    byte[] body = Arrays.copyOf(start.getBytes(StandardCharsets.UTF_8), WechatBody.MAX_BYTES + 1);
    body[WechatBody.MAX_BYTES] = NOT_UTF8;

    assertThatThrownBy(() -> WechatBody.of(Buffer.buffer(body)))
        .isInstanceOfSatisfying(
            WebhookRejected.class,
            e -> assertThat(e.reason()).isEqualTo(WebhookRejected.Reason.MALFORMED))
        .hasMessage("body of 786433 bytes, expected at most 786432");
  }

  @Test
  void atTheBound_isRead() throws WebhookRejected {
    String message = "{\"MsgId\":\"1\"}";
    String spaces = " ".repeat(WechatBody.MAX_BYTES - message.length());

    assertThat(WechatBody.of(Buffer.buffer(message + spaces)).required("MsgId")).isEqualTo("1");
  }
}
