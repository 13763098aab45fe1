// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RankingTest {

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 16})
  void firstAndWalk_areThoseOfASortedModel_whateverChangedBefore(int branches) {
    for (long seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      Ranking ranking = new Ranking(branches, Integer::compare);
      Map<Integer, Long> model = new HashMap<>();
      for (int step = 0; step < 300; step++) {
        int member = random.nextInt(60);
        if (random.nextInt(3) == 0) {
          ranking.remove(member);
          model.remove(member);
        } else {
          long key = random.nextInt(20) - 10L;
          ranking.put(member, key);
          model.put(member, key);
        }

        String as = branches + " branches, seed " + seed + " step " + step;
        assertThat(walked(ranking)).as(as).isEqualTo(sorted(model));
        assertThat(ranking.first()).as(as).isEqualTo(model.isEmpty() ? -1 : sorted(model).get(0));
        assertThat(ranking.size()).as(as).isEqualTo(model.size());
        assertThat(ranking.contains(member)).as(as).isEqualTo(model.containsKey(member));
      }
    }
  }

  private static List<Integer> walked(Ranking ranking) {
    List<Integer> members = new ArrayList<>();
    Ranking.Walk walk = ranking.walk();
    for (int member = walk.next(); member >= 0; member = walk.next()) {
      members.add(member);
    }
    return members;
  }

  private static List<Integer> sorted(Map<Integer, Long> model) {
    return model.entrySet().stream()
        .sorted(
            Map.Entry.<Integer, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
        .map(Map.Entry::getKey)
        .toList();
  }

  @Test
  void keyOf_keepsTheOrderOfNumbers() {
    List<Double> numbers = new ArrayList<>(List.of(0.0, -0.0, 1.5, -1.5, 1e300, -1e300));
    new Random(1).doubles(1000, -1e13, 1e13).forEach(numbers::add);

    List<Double> byKey = new ArrayList<>(numbers);
    byKey.sort(Comparator.comparingLong(Ranking::keyOf));
    numbers.sort(Double::compare);

    assertThat(byKey).isEqualTo(numbers);
  }
}
