// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.generator;

import dev.frontdesk.load.Ledger;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The account of the answers: each has a mark in its text, by which it is found again at the
 * stand-in that took it. Thread-safe.
 */
final class Replies {

  private static final Pattern MARK = Pattern.compile("answer-\\d+");

  private final Ledger sent = new Ledger();
  private final AtomicInteger number = new AtomicInteger();
  private final AtomicInteger accepted = new AtomicInteger();

  /** A new answer's mark. */
  String mark() {
    return "answer-" + number.incrementAndGet();
  }

  /** What the gateway said about an answer. */
  void told(String mark, Ledger.Outcome outcome) {
    sent.sent(mark, outcome);
    accepted.addAndGet(outcome == Ledger.Outcome.ACCEPTED ? 1 : 0);
  }

  /** Answers the gateway has taken. */
  int accepted() {
    return accepted.get();
  }

  /** Accepted answers against what stand-ins took: each exactly once. */
  Ledger.Balance balance(List<String> taken) {
    Ledger account = sent.copy();
    for (String text : taken) {
      Matcher mark = MARK.matcher(text);
      while (mark.find()) {
        account.stored(mark.group());
      }
    }
    return account.balance();
  }
}
