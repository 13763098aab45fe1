// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.generator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is drawn and planned, against naive models. */
class DrawTest {

  private final long seed = System.nanoTime();
  private final SplittableRandom random = new SplittableRandom(seed);

  @Test
  void zipf_rankAtEveryShare_isThatOfAWalkOverAllWeights() {
    for (int round = 0; round < 50; round++) {
      int number = 1 + random.nextInt(200);
      double exponent = random.nextDouble() * 2;
      Zipf zipf = new Zipf(number, exponent, random);
      for (int i = 0; i < 100; i++) {
        double share = i == 0 ? 0 : random.nextDouble();
        assertThat(zipf.rankAt(share))
            .as("seed %s, %s of %s, exponent %s", seed, share, number, exponent)
            .isEqualTo(naiveRank(number, exponent, share));
      }
    }
  }

  private static int naiveRank(int number, double exponent, double share) {
    double all = 0;
    for (int rank = 1; rank <= number; rank++) {
      all += Math.pow(rank, -exponent);
    }
    double sum = 0;
    for (int rank = 1; rank <= number; rank++) {
      sum += Math.pow(rank, -exponent);
      if (sum > share * all) {
        return rank;
      }
    }
    return number;
  }

  @Test
  void zipf_drawnOften_hasTheSharesOfTheLaw() {
    int number = 100;
    int draws = 200_000;
    Zipf zipf = new Zipf(number, 1, new SplittableRandom(7));
    int[] counts = new int[number + 1];
    for (int i = 0; i < draws; i++) {
      counts[zipf.next()]++;
    }

    double harmonic = 0;
    for (int rank = 1; rank <= number; rank++) {
      harmonic += 1.0 / rank;
    }
    for (int rank : new int[] {1, 2, 10}) {
      double expected = draws / (rank * harmonic);
      assertThat((double) counts[rank]).isBetween(0.9 * expected, 1.1 * expected);
    }
  }

  @Test
  void deck_dealtWhole_hasExactShares_everyTime() {
    Map<String, Double> shares = Map.of("a", 0.333, "b", 0.6, "c", 0.067);
    Deck deck = new Deck(shares, random);
    List<String> first = new ArrayList<>();
    for (int round = 0; round < 5; round++) {
      Map<String, Integer> dealt = new TreeMap<>();
      List<String> order = new ArrayList<>();
      for (int i = 0; i < Deck.CARDS; i++) {
        String card = deck.next();
        dealt.merge(card, 1, Integer::sum);
        order.add(card);
      }
      assertThat(dealt).as("seed %s", seed).isEqualTo(Map.of("a", 333, "b", 600, "c", 67));
      assertThat(order).as("seed %s", seed).isNotEqualTo(first);
      first = order;
    }
  }

  @Test
  void counts_ofAnyShares_addUp_andAreLessThanOneOff() {
    for (int round = 0; round < 200; round++) {
      Map<String, Double> shares = new HashMap<>();
      double left = 1;
      int parts = 1 + random.nextInt(8);
      for (int i = 0; i < parts; i++) {
        double share = i == parts - 1 ? left : left * random.nextDouble();
        shares.put("p" + i, share);
        left -= share;
      }
      int of = 1 + random.nextInt(2_000);
      Map<String, Integer> counts = Deck.counts(shares, of);

      assertThat(counts.values().stream().mapToInt(Integer::intValue).sum())
          .as("seed %s, %s of %s", seed, shares, of)
          .isEqualTo(of);
      counts.forEach(
          (word, count) ->
              assertThat(Math.abs(count - shares.get(word) * of))
                  .as("seed %s, %s of %s", seed, shares, of)
                  .isLessThan(1 + 1e-6));
    }
  }

  @Test
  void plan_dueByAnyTime_isTheCountOfPlannedTimesUpToIt() {
    for (int round = 0; round < 100; round++) {
      double perSecond = 0.5 + random.nextDouble() * 20_000;
      SendPlan plan = SendPlan.of(perSecond, Duration.ofMillis(1 + random.nextInt(300)));
      long naive = 0;
      long elapsed = -1;
      while (naive < plan.count()) {
        elapsed += random.nextInt(3) == 0 ? plan.at(naive) - elapsed : random.nextInt(200_000);
        while (naive < plan.count() && plan.at(naive) <= elapsed) {
          naive++;
        }
        assertThat(plan.dueBy(elapsed))
            .as("seed %s, %s at %s ns", seed, plan, elapsed)
            .isEqualTo(naive);
      }
      assertThat(plan.at(0)).isZero();
      assertThat(plan.dueBy(Long.MAX_VALUE / 4)).isEqualTo(plan.count());
    }
  }
}
