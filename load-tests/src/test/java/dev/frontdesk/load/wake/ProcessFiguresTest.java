// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.wake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is read of processes is what they say. */
class ProcessFiguresTest {

  private static final List<String> LIMITS =
      List.of(
          "Limit                     Soft Limit           Hard Limit           Units",
          "Max processes             95000                95000                processes",
          "Max open files            20000                20000                files");

  @Test
  void tooFewOpenFiles_areTold_withWhatIsNeeded() {
    assertThat(OpenFiles.missing(10_000, LIMITS)).isEmpty();
    assertThat(OpenFiles.missing(20_000, LIMITS)).contains("20800", "limit is 20000", "ulimit -n");
    assertThat(
            OpenFiles.missing(
                1_000_000, List.of("Max open files            unlimited  unlimited  files")))
        .isEmpty();
  }

  @Test
  void heap_isWhatIsUsedOfIt() {
    assertThat(
            GatewayMemory.heapUsed(
                """
                4711:
                 garbage-first heap   total 65536K, used 20480K [0x0000000700000000, 0x0000000800000000)
                  region size 1024K, 12 young (12288K), 2 survivors (2048K)
                 Metaspace       used 61234K, committed 61888K, reserved 1114112K
                """))
        .isEqualTo(20_480 * 1_024L);
    assertThatThrownBy(() -> GatewayMemory.heapUsed("4711:"))
        .isInstanceOf(IllegalStateException.class);
  }
}
