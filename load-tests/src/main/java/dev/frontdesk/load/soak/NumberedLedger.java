// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.soak;

import dev.frontdesk.load.Ledger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The account of {@link Ledger} for millions of messages: ids are {@code m1}, {@code m2} …, and
 * each costs one byte, so that ten million of them are 10 MB instead of two gigabytes. Stored more
 * than twice counts as twice. Thread-safe.
 */
final class NumberedLedger {

  private static final int SENT = 1;
  private static final int ACCEPTED = 2;
  private static final int REFUSED = 4;
  private static final int ONCE = 8;
  private static final int TWICE = 16;

  private byte[] marks = new byte[1 << 16];
  private int highest;
  private int strangers;

  /** The id of a number. */
  static String id(int number) {
    return "m" + number;
  }

  /** How a send of a message ended; an ACCEPTED before or after wins. */
  synchronized void sent(int number, Ledger.Outcome outcome) {
    reserve(number);
    mark(number, SENT);
    switch (outcome) {
      case ACCEPTED -> mark(number, ACCEPTED);
      case REFUSED -> mark(number, REFUSED);
      case UNKNOWN -> marks[number] = (byte) (marks[number] & ~REFUSED);
    }
  }

  /** A message was found stored. */
  synchronized void stored(String id) {
    int number = number(id);
    if (number < 1) {
      strangers++;
      return;
    }
    reserve(number);
    mark(number, (marks[number] & ONCE) == 0 ? ONCE : TWICE);
  }

  /** Lost, duplicated and unexpected as {@link Ledger} has them. */
  synchronized Ledger.Balance balance() {
    int accepted = 0;
    int refused = 0;
    int unknown = 0;
    int stored = 0;
    int duplicated = 0;
    int unexpected = strangers;
    List<String> lost = new ArrayList<>();
    int missing = 0;
    for (int number = 1; number <= highest; number++) {
      int mark = marks[number];
      boolean isStored = (mark & ONCE) != 0;
      boolean isSent = (mark & SENT) != 0;
      stored += isStored ? 1 : 0;
      duplicated += (mark & TWICE) != 0 ? 1 : 0;
      unexpected += isStored && !isSent ? 1 : 0;
      if ((mark & ACCEPTED) != 0) {
        accepted++;
        missing += isStored ? 0 : 1;
        if (!isStored && lost.size() < 5) {
          lost.add(id(number));
        }
      } else if (isSent) {
        refused += (mark & REFUSED) != 0 ? 1 : 0;
        unknown += (mark & REFUSED) != 0 ? 0 : 1;
      }
    }
    return new Ledger.Balance(
        accepted, refused, unknown, stored + strangers, missing, duplicated, unexpected, lost);
  }

  private void mark(int number, int with) {
    marks[number] = (byte) (marks[number] | with);
  }

  private void reserve(int number) {
    highest = Math.max(highest, number);
    if (number >= marks.length) {
      marks = Arrays.copyOf(marks, Math.max(number + 1, marks.length * 2));
    }
  }

  private static int number(String id) {
    try {
      return id.startsWith("m") ? Integer.parseInt(id.substring(1)) : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
