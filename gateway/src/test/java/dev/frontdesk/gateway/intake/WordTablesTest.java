// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordTablesTest {

  private static final WordTables TABLES =
      WordTables.of(
          Map.of(
              "returns", List.of("refund*", "money back", "退款", "can't return", "返品"),
              "urgent", List.of("urgent", "ASAP", "紧急", "срочно", "환불")));

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          refund                     | true  | false
          Refunds, now               | true  | false
          prerefund                  | false | false
          REFUNDED!urgent            | true  | true
          insurgent                  | false | false
          urgently                   | false | false
          ＡＳＡＰ please            | false | true
          i can’t return it          | true  | false
          MONEY 　 BACK              | true  | false
          money backpack             | false | false
          我要退款了                 | true  | false
          我要退 款                  | false | false
          iPhone紧急处理             | false | true
          срочно!                    | false | true
          несрочно                   | false | false
          환불을 원해요              | false | true
          返品したい                 | true  | false
          nothing of it              | false | false
          """)
  void text_isFoundWhateverItsCaseAndWidth(String text, boolean returns, boolean urgent) {
    long found = TABLES.found(text);

    assertThat(TABLES.isAmong("returns", found)).isEqualTo(returns);
    assertThat(TABLES.isAmong("urgent", found)).isEqualTo(urgent);
    assertThat(TABLES.isAmong("other", found)).isFalse();
  }

  @Test
  void emptyTables_findNothing() {
    assertThat(WordTables.NONE.found("refund")).isZero();
    assertThat(WordTables.of(Map.of("none", List.of())).found("refund")).isZero();
  }

  /** Of texts without spaced scripts, where a word counts wherever it stands. */
  @Test
  void randomTables_findWhatContainsFinds() {
    long seed = 20261122;
    Random random = new Random(seed);
    for (int round = 0; round < 3_000; round++) {
      Map<String, List<String>> words = new HashMap<>();
      int tables = 1 + random.nextInt(63);
      for (int table = 0; table < tables; table++) {
        List<String> list = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
          list.add(han(random, 1 + random.nextInt(4)));
        }
        words.put("t" + table, list);
      }
      String text = han(random, random.nextInt(40));
      WordTables built = WordTables.of(words);
      long found = built.found(text);

      words.forEach(
          (table, list) ->
              assertThat(built.isAmong(table, found))
                  .as("seed %d: %s of %s in %s", seed, table, list, text)
                  .isEqualTo(list.stream().anyMatch(text::contains)));
    }
  }

  private static String han(Random random, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append((char) ('一' + random.nextInt(6)));
    }
    return text.toString();
  }

  /** The stated cost: a text of 4 KB against 1,000 words, also where nearly all of it fits. */
  @Test
  void fourKilobytesAgainstAThousandWords_costLessThanAMillisecond() {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      words.add("word" + i + " and more of it");
    }
    words.add("a".repeat(63) + "b");
    WordTables tables = WordTables.of(Map.of("many", words));
    String plain = "my order has not arrived, 我的订单还没到 ".repeat(130).substring(0, 4_096);
    String hostile = "a".repeat(4_096);

    assertThat(best(tables, plain)).as("microseconds").isLessThan(1_000);
    assertThat(best(tables, hostile)).as("microseconds").isLessThan(1_000);
  }

  private static long best(WordTables tables, String text) {
    long best = Long.MAX_VALUE;
    for (int round = 0; round < 200; round++) {
      long start = System.nanoTime();
      long found = tables.found(text);
      best = Math.min(best, System.nanoTime() - start);
      assertThat(found).isZero();
    }
    return best / 1_000;
  }
}
