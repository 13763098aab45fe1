// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.load.Ledger;
import dev.frontdesk.load.LoadConfig;
import dev.frontdesk.load.ReadBack;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Everything that is stored, read back through the public API and put against the ledger.
 *
 * @param gaps messages whose seq does not follow the one before
 * @param disordered messages of a {@link Writers} writer that stand before an earlier one
 */
public record Audit(Ledger.Balance balance, int gaps, int disordered) {

  /** A gateway whose connections come back one by one may refuse a page meanwhile. */
  private static final int TRIES = 20;

  /** Reads a workspace back; a gateway that cannot be read yet is asked again, for some seconds. */
  static Audit of(URI gateway, Ledger ledger) {
    for (int tried = 1; ; tried++) {
      try {
        return read(gateway, ledger.copy());
      } catch (IllegalStateException refused) {
        if (tried == TRIES) {
          throw refused;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
      }
    }
  }

  private static Audit read(URI gateway, Ledger ledger) {
    Map<String, Integer> last = new HashMap<>();
    int[] disordered = new int[1];
    int gaps =
        new ReadBack(gateway, LoadConfig.OPERATOR)
            .inbound(
                message -> {
                  String id = message.path("externalId").asText();
                  ledger.stored(id);
                  disordered[0] += isAfter(last, message, id) ? 0 : 1;
                });
    return new Audit(ledger.balance(), gaps, disordered[0]);
  }

  /** Ids end in {@code -NUMBER}; a conversation has the messages of one writer. */
  private static boolean isAfter(Map<String, Integer> last, JsonNode message, String id) {
    int dash = id.lastIndexOf('-');
    if (dash < 0) {
      return true;
    }
    int number = Integer.parseInt(id.substring(dash + 1));
    Integer before = last.put(message.path("conversation").asText(), number);
    return before == null || before <= number;
  }
}
