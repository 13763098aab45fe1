// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.generator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Deals words in exact shares: {@value #CARDS} cards by largest remainder, shuffled anew each time
 * all are dealt. After each full deck the shares are exact to a card. For one thread.
 */
final class Deck {

  /** Shares are exact to 0.1 %. */
  static final int CARDS = 1_000;

  /** What a share written in decimals may be short of a whole card. */
  private static final double ROUNDING = 1e-6;

  private final List<String> cards = new ArrayList<>(CARDS);
  private final RandomGenerator random;
  private int dealt = CARDS;

  /** A deck; the shares add up to 1. */
  Deck(Map<String, Double> shares, RandomGenerator random) {
    this.random = random;
    counts(shares, CARDS)
        .forEach(
            (word, count) -> {
              for (int i = 0; i < count; i++) {
                cards.add(word);
              }
            });
  }

  /** How many of so many each share is: whole ones, the rest by the largest remainder. */
  static Map<String, Integer> counts(Map<String, Double> shares, int of) {
    Map<String, Integer> counts = new TreeMap<>();
    Map<String, Double> remainders = new TreeMap<>();
    int given = 0;
    for (Map.Entry<String, Double> share : shares.entrySet()) {
      int whole = (int) Math.floor(share.getValue() * of + ROUNDING);
      counts.put(share.getKey(), whole);
      remainders.put(share.getKey(), share.getValue() * of - whole);
      given += whole;
    }
    // the sort is stable: alike ones keep the order of their names
    List<String> byRemainder =
        remainders.entrySet().stream()
            .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
            .map(Map.Entry::getKey)
            .toList();
    for (int i = 0; given < of; i++, given++) {
      counts.merge(byRemainder.get(i % byRemainder.size()), 1, Integer::sum);
    }
    return counts;
  }

  /** The next card. */
  String next() {
    if (dealt == cards.size()) {
      shuffle();
      dealt = 0;
    }
    return cards.get(dealt++);
  }

  private void shuffle() {
    for (int i = cards.size() - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      String one = cards.get(i);
      cards.set(i, cards.get(j));
      cards.set(j, one);
    }
  }
}
