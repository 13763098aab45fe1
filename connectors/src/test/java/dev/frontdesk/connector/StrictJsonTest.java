// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Strings that no store could give back. */
class StrictJsonTest {

  private static JsonNode object(String escaped) throws WebhookRejected {
    return StrictJson.object(
        Buffer.buffer("{\"ok\":\"fine\",\"a\":[{\"s\":\"" + escaped + "\"}]}"));
  }

  @ParameterizedTest
  @CsvSource({
    "a\\u0000b, a\uFFFDb",
    "\\ud800, \uFFFD",
    "x\\udc00, x\uFFFD",
    "\\udc00\\ud800, \uFFFD\uFFFD",
    "\\ud800\\ud83d\\ude00, \uFFFD\ud83d\ude00"
  })
  void string_withNulOrHalfAPair_isNoId_andIsReadWithAReplacement(String escaped, String mended)
      throws Exception {
    JsonNode body = object(escaped);
    JsonNode inner = body.get("a").get(0);

    assertThat(StrictJson.text(body, "ok", 9)).isEqualTo("fine");
    assertThat(StrictJson.words(inner, "s", 9)).isEqualTo(mended);
    assertThat(inner.path("s").asText()).isEqualTo(mended);
    assertThatThrownBy(() -> StrictJson.text(inner, "s", 9)).isInstanceOf(WebhookRejected.class);
    assertThatThrownBy(() -> StrictJson.optionalText(inner, "s", 9))
        .isInstanceOf(WebhookRejected.class);
  }

  @Test
  void string_thatIsWhole_isReadAsItIs() throws Exception {
    JsonNode inner = object("\\ud83d\\ude00 \uFFFD").get("a").get(0);

    assertThat(StrictJson.text(inner, "s", 9)).isEqualTo("\ud83d\ude00 \uFFFD");
  }
}
