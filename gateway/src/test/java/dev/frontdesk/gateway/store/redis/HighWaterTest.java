// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HighWaterTest {

  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final Duration BEAT = Duration.ofSeconds(5);

  @TempDir Path folder;

  private HighWater read() {
    return HighWater.read(folder, BOUND, BEAT);
  }

  @ParameterizedTest
  @CsvSource({
    "1000000, false",
    "999999999, false",
    "935000, false", // bound and beat: the last mark may be one beat old
    "934999, true",
    "1, true",
    "'', true",
    "nonsense, true"
  })
  void store_isOlder_whenItsMarkLiesFurtherBackThanTheBound(String found, boolean older) {
    HighWater seen = read();
    seen.stored("acme", "1-a", 1_000_000);

    assertThat(seen.isOlder("acme", "1-a", found)).isEqualTo(older);
  }

  @Test
  void nothingKnown_noStoreIsOlder() {
    HighWater seen = read();
    seen.stored("acme", "1-a", 1_000_000);

    assertThat(seen.isOlder("acme", "2-b", null)).as("adopted since").isFalse();
    assertThat(seen.isOlder("beta", "1-a", null)).as("never seen").isFalse();
  }

  @Test
  void marks_rise_alsoWhenTheClockGoesBack() {
    HighWater seen = read();

    assertThat(seen.next("acme", "1-a", 500)).isEqualTo(500);
    seen.stored("acme", "1-a", 500);
    assertThat(seen.next("acme", "1-a", 400)).isEqualTo(501);
    seen.stored("acme", "1-a", 300);
    assertThat(seen.known("acme", "1-a")).isEqualTo(500);
    assertThat(seen.next("acme", "2-b", 400)).as("another epoch begins anew").isEqualTo(400);
  }

  @Test
  void file_keepsWhatWasSeen_andPassesWhatNobodyWrote() throws IOException {
    HighWater seen = read();
    seen.stored("acme", "1-a", 500);
    seen.stored("beta", "3-b", 700);
    seen.save();
    Files.writeString(
        folder.resolve("seen"), Files.readString(folder.resolve("seen")) + "x\nbeta 3-b -1\n");

    HighWater again = read();

    assertThat(again.known("acme", "1-a")).isEqualTo(500);
    assertThat(again.known("beta", "3-b")).isEqualTo(700);
  }
}
