// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.Effect;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EventRowTest {

  private static final long SEED = 20_261_122;

  /** The row is also the member that is removed once it was sent: every form of it is the same. */
  @Test
  void row_isReadAsWritten_andWrittenTheSameAgain() {
    RandomValues random = new RandomValues(new Random(SEED));
    for (int n = 0; n < 2_000; n++) {
      Conversation conversation = random.conversation();
      EventRow row =
          EventRow.of(
              conversation,
              n + 1,
              n % 7,
              new Effect.Announced("promise.breached", Map.of("a", "1", "b", "2", "c", "\"三")));

      EventRow read = EventRow.decode(row.encode());

      assertThat(read).as("seed %s round %s", SEED, n).isEqualTo(row);
      assertThat(read.encode()).as("seed %s round %s", SEED, n).isEqualTo(row.encode());
    }
  }

  @Test
  void rows_ofAConversation_areInTheOrderOfTheirCommits() {
    RandomValues random = new RandomValues(new Random(SEED));
    Effect.Announced what = new Effect.Announced("x", Map.of());
    Conversation conversation = random.conversation();
    double last = 0;
    for (int version = 1; version < 50; version++) {
      for (int number = 0; number < 40; number++) {
        EventRow row = EventRow.of(conversation, version, number, what);

        assertThat(row.order()).isGreaterThan(last);
        last = row.order();
      }
    }
  }

  @Test
  void otherText_isRefused() {
    for (String text : new String[] {"", "{}", "[1]", "[\"x\",\"y\"]"}) {
      assertThatThrownBy(() -> EventRow.decode(text)).isInstanceOf(UncheckedIOException.class);
    }
  }
}
