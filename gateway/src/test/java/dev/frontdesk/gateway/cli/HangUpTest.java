// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HangUpTest {

  private final AtomicInteger reloads = new AtomicInteger();
  private final HangUp hangUp = new HangUp();

  @Test
  void hangUp_whileStarting_reloadsOnceAfterwards() {
    hangUp.run();
    hangUp.run();

    assertThat(reloads).hasValue(0);
    hangUp.started(reloads::incrementAndGet);

    assertThat(reloads).hasValue(1);
  }

  @Test
  void hangUp_afterTheStart_reloadsEachTime() {
    hangUp.started(reloads::incrementAndGet);

    assertThat(reloads).hasValue(0);
    hangUp.run();
    hangUp.run();

    assertThat(reloads).hasValue(2);
  }
}
