// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.frontdesk.gateway.problem.GatewayException;
import io.vertx.core.buffer.Buffer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JsonReaderTest {

  private static final int DEPTH = 8;
  private final JsonReader reader = new JsonReader(DEPTH);

  private static Buffer members(int count) {
    return Buffer.buffer(
        IntStream.range(0, count)
            .mapToObj(n -> "\"k" + n + "\":1")
            .collect(Collectors.joining(",", "{", "}")));
  }

  private void assertPast(String body) {
    assertThatThrownBy(() -> reader.read(Buffer.buffer(body)))
        .isInstanceOf(GatewayException.class)
        .hasMessage(
            "the body is past a bound, expected at most 8 levels, 10000 names and values,"
                + " names of 256 and numbers of 64 characters");
  }

  @Test
  void members_upToTheBoundOfTokens_areRead_oneMoreIsRefused() {
    int most = (JsonReader.MAX_TOKENS - 2) / 2;

    assertThat(reader.read(members(most)).has("k" + (most - 1))).isTrue();
    assertPast(members(most + 1).toString());
  }

  @Test
  void eachBound_isToldWithAllOfThem() {
    assertPast("[".repeat(DEPTH + 1) + "]".repeat(DEPTH + 1));
    assertPast("{\"n\":" + "9".repeat(65) + "}");
    assertPast("{\"" + "n".repeat(257) + "\":1}");
  }

  @Test
  void atTheBounds_isRead() {
    assertThat(reader.read(Buffer.buffer("{\"" + "n".repeat(256) + "\":1}")).has("n".repeat(256)))
        .isTrue();
    assertThat(reader.read(Buffer.buffer("{\"n\":" + "9".repeat(64) + "}")).has("n")).isTrue();
    assertThat(
            reader
                .read(
                    Buffer.buffer("{\"n\":" + "[".repeat(DEPTH - 1) + "]".repeat(DEPTH - 1) + "}"))
                .has("n"))
        .isTrue();
  }
}
