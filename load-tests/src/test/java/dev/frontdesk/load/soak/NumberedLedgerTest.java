// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.frontdesk.load.Ledger;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class NumberedLedgerTest {

  private static final List<Ledger.Outcome> OUTCOMES =
      List.of(Ledger.Outcome.ACCEPTED, Ledger.Outcome.REFUSED, Ledger.Outcome.UNKNOWN);

  @Test
  void balance_ofARandomRun_isThatOfTheLedger() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 50; round++) {
      Ledger model = new Ledger();
      NumberedLedger ledger = new NumberedLedger();
      for (int step = 0; step < 400; step++) {
        int number = 1 + random.nextInt(150);
        if (random.nextBoolean()) {
          Ledger.Outcome outcome = OUTCOMES.get(random.nextInt(OUTCOMES.size()));
          model.sent(NumberedLedger.id(number), outcome);
          ledger.sent(number, outcome);
        } else {
          model.stored(NumberedLedger.id(number));
          ledger.stored(NumberedLedger.id(number));
        }
      }

      Ledger.Balance expected = model.balance();
      Ledger.Balance balance = ledger.balance();

      assertEquals(counts(expected), counts(balance), "seed " + seed);
    }
  }

  @Test
  void message_thatNobodySent_isUnexpected() {
    NumberedLedger ledger = new NumberedLedger();
    ledger.stored("x");
    ledger.stored("m7");

    assertEquals(2, ledger.balance().unexpected());
    assertFalse(ledger.balance().isClean());
  }

  @Test
  void millions_areAccountedFor() {
    NumberedLedger ledger = new NumberedLedger();
    for (int number = 1; number <= 3_000_000; number++) {
      ledger.sent(number, Ledger.Outcome.ACCEPTED);
    }
    ledger.stored("m3000000");

    assertEquals(2_999_999, ledger.balance().lost());
  }

  private static String counts(Ledger.Balance balance) {
    return balance.toString().replaceAll(" e\\.g\\..*", "");
  }
}
