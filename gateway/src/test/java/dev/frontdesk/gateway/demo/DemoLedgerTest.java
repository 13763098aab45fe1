// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.gateway.demo.DemoLedger.Spells;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DemoLedgerTest {

  private static final Spells SPELLS = new Spells(10, 6, 2, 1, 1);
  private static final Map<String, Set<String>> ACCEPTED =
      Map.of("wechat", Set.of("1", "2"), "hook", Set.of("1"));
  private static final Map<String, List<String>> STORED =
      Map.of("wechat", List.of("2", "1"), "hook", List.of("1"));

  private static DemoLedger ledger(
      Map<String, Set<String>> doubtful, Map<String, List<String>> stored, Spells spells) {
    return new DemoLedger(
        ACCEPTED, doubtful, stored, Map.of("wechat", 3L), Map.of(), Map.of("wechat", 3L), spells);
  }

  @Test
  void everythingStoredOnce_balances() {
    DemoLedger ledger = ledger(Map.of(), STORED, SPELLS);

    assertThat(ledger.imbalances()).isEmpty();
    assertThat(ledger.line())
        .isEqualTo(
            "ledger accepted=3 stored=3 lost=0 duplicated=0 met=6 breached=2 void=1 running=1");
  }

  @Test
  void acceptedAndNotStored_isLost() {
    DemoLedger ledger =
        ledger(Map.of(), Map.of("wechat", List.of("2", "1"), "hook", List.of()), SPELLS);

    assertThat(ledger.lost()).isEqualTo(1);
    assertThat(ledger.imbalances()).singleElement().asString().startsWith("lost: 1");
  }

  @Test
  void sameIdOnAnotherChannel_isLostAllTheSame() {
    DemoLedger ledger =
        ledger(Map.of(), Map.of("wechat", List.of("2", "1"), "sms", List.of("1")), SPELLS);

    assertThat(ledger.lost()).isEqualTo(1);
  }

  @Test
  void storedAgain_isDuplicated() {
    DemoLedger ledger =
        ledger(Map.of(), Map.of("wechat", List.of("2", "1", "2"), "hook", List.of("1")), SPELLS);

    assertThat(ledger.duplicated()).isEqualTo(1);
    assertThat(ledger.storedCount()).isEqualTo(3);
    assertThat(ledger.imbalances()).singleElement().asString().startsWith("duplicated: 1");
  }

  @Test
  void doubtful_mayBeStoredOrNot() {
    DemoLedger ledger =
        ledger(
            Map.of("hook", Set.of("8", "9")),
            Map.of("wechat", List.of("2", "1"), "hook", List.of("1", "9")),
            SPELLS);

    assertThat(ledger.imbalances()).isEmpty();
    assertThat(ledger.storedCount()).isEqualTo(4);
    assertThat(ledger.foreign()).isZero();
  }

  @Test
  void messageOfSomebodyElse_isNotOurs() {
    DemoLedger ledger =
        ledger(
            Map.of(), Map.of("wechat", List.of("2", "1"), "hook", List.of("1", "pasted")), SPELLS);

    assertThat(ledger.foreign()).isEqualTo(1);
    assertThat(ledger.storedCount()).isEqualTo(3);
    assertThat(ledger.imbalances()).isEmpty();
  }

  @Test
  void spellWithoutVerdict_doesNotBalance() {
    DemoLedger ledger = ledger(Map.of(), STORED, new Spells(10, 6, 2, 1, 0));

    assertThat(ledger.imbalances()).singleElement().isEqualTo("spells: started 10, accounted 9");
  }

  @Test
  void noBreach_doesNotBalance() {
    DemoLedger ledger = ledger(Map.of(), STORED, new Spells(10, 8, 0, 1, 1));

    assertThat(ledger.imbalances()).singleElement().asString().startsWith("breached: 0");
  }

  @Test
  void replyThatDidNotArrive_orDidNotGoOut_doesNotBalance() {
    DemoLedger ledger =
        new DemoLedger(
            ACCEPTED,
            Map.of(),
            STORED,
            Map.of("wechat", 3L),
            Map.of("hook (pending)", 1L),
            Map.of("wechat", 2L, "mail", 1L),
            SPELLS);

    assertThat(ledger.imbalances())
        .containsExactly(
            "replies on mail: sent 0, arrived 1",
            "replies on wechat: sent 3, arrived 2",
            "replies on hook (pending): 1 did not go out");
  }

  @Test
  void randomLossesAndRepeats_areCountedExactly() {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      Map<String, Set<String>> accepted = new HashMap<>();
      Map<String, List<String>> stored = new HashMap<>();
      int lost = 0;
      int repeated = 0;
      for (int i = 0; i < 200; i++) {
        String channel = "c" + random.nextInt(5);
        accepted.computeIfAbsent(channel, first -> new HashSet<>()).add("m" + i);
        List<String> kept = stored.computeIfAbsent(channel, first -> new ArrayList<>());
        int copies = random.nextInt(20) == 0 ? random.nextInt(4) : 1;
        for (int copy = 0; copy < copies; copy++) {
          kept.add(random.nextInt(kept.size() + 1), "m" + i);
        }
        lost += copies == 0 ? 1 : 0;
        repeated += Math.max(0, copies - 1);
      }

      DemoLedger ledger =
          new DemoLedger(accepted, Map.of(), stored, Map.of(), Map.of(), Map.of(), SPELLS);

      assertThat(List.of(ledger.lost(), ledger.duplicated()))
          .as("seed %d", seed)
          .containsExactly((long) lost, (long) repeated);
    }
  }
}
