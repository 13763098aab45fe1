// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What somebody probably meant. The distance is Levenshtein's; two letters or a third may differ.
 */
final class Suggestion {

  private Suggestion() {}

  /** {@code "; did you mean queues?"}, or the list of what there is, or nothing. */
  static String among(String written, Collection<String> known) {
    return known.stream()
        .filter(word -> distance(written, word) <= allowed(word))
        .min(Comparator.comparingInt(word -> distance(written, word)))
        .map(word -> "; did you mean " + word + "?")
        .orElse("");
  }

  /** {@code a, b, c}, cut after twelve. */
  static String list(Collection<String> known) {
    String shown = known.stream().limit(12).map(Path::shown).collect(Collectors.joining(", "));
    return known.isEmpty() ? "none" : known.size() > 12 ? shown + " …" : shown;
  }

  /** A swapped pair counts as two, so short words need two as well. */
  private static int allowed(String word) {
    return word.length() < 4 ? 1 : Math.max(2, word.length() / 3);
  }

  private static int distance(String left, String right) {
    if (left.length() > 64) {
      return Integer.MAX_VALUE;
    }
    String a = left.toLowerCase(Locale.ROOT);
    String b = right.toLowerCase(Locale.ROOT);
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
