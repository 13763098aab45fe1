// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CommitTest {

  /** Listeners act in this order, so a seed of the simulation needs it to be the same anywhere. */
  @Test
  void wakeUps_whateverOrderTheyWereAddedIn_areToldInNaturalOrder() {
    List<String> topics =
        IntStream.range(10, 30).mapToObj(i -> "a:agent" + i).collect(Collectors.toList());
    Collections.shuffle(topics, new Random(7));
    Commit.Builder builder = Commit.of("acme", Instant.EPOCH, Commit.Urgency.RELEASING);
    topics.forEach(builder::wake);

    assertThat(builder.build().wakeUps())
        .containsExactlyElementsOf(topics.stream().sorted().toList());
  }
}
