// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.wake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The load of a delivery run is the one that its row in the README describes. */
class DeliveryMixTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void cycle_hasItsShares_andEveryNewContactIsNew(long seed) {
    DeliveryMix mix = new DeliveryMix(new Random(seed), 40);
    Set<String> held = new HashSet<>();
    Set<String> opened = new HashSet<>();
    Set<String> background = new HashSet<>();
    int backgroundMessages = 0;

    int cycles = 100;
    for (int i = 0; i < cycles * DeliveryMix.CYCLE; i++) {
      DeliveryMix.Choice choice = mix.at(i);
      String contact = choice.contact();
      switch (choice.kind()) {
        case ASSIGNED -> held.add(contact);
        case NEW -> assertThat(opened.add(contact)).as("seed " + seed + " " + contact).isTrue();
        case BACKGROUND -> {
          backgroundMessages++;
          background.add(contact);
        }
      }
    }

    assertThat(held).hasSize(40).contains(DeliveryMix.held(0), DeliveryMix.held(39));
    assertThat(opened).hasSize(cycles).allMatch(contact -> contact.startsWith("n"));
    assertThat(backgroundMessages)
        .isEqualTo(cycles * (DeliveryMix.CYCLE - DeliveryMix.ASSIGNED - 1));
    assertThat(background)
        .allMatch(contact -> contact.startsWith("b"))
        .hasSizeBetween(backgroundMessages / 4, backgroundMessages / 4 + 100);
  }

  @Test
  void contactsThatOpen_areNewInEachStretch() {
    DeliveryMix mix = new DeliveryMix(new Random(1), 40);
    Set<String> opened = new HashSet<>();

    for (int stretch = 0; stretch < 2; stretch++) {
      for (int i = 0; i < 10 * DeliveryMix.CYCLE; i++) {
        DeliveryMix.Choice choice = mix.at(i);
        if (choice.kind() == DeliveryMix.Kind.NEW) {
          assertThat(opened.add(choice.contact())).as(choice.contact()).isTrue();
        }
      }
    }

    assertThat(opened).hasSize(20);
  }
}
