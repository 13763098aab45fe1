// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.intake;

import dev.frontdesk.connector.Cut;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The word tables of one workspace: which of them a text has a word of, found for all tables in one
 * pass over the text. Immutable and thread-safe.
 *
 * <ol>
 *   <li>Width, case and kinds of space make no difference (NFKC, lower case). Traditional and
 *       simplified characters do: the JDK does not join them, so a table lists both.
 *   <li>Where a script puts spaces between words only whole words count, and {@code refund*} stands
 *       for every word that begins so. Elsewhere (Chinese, Japanese, Korean, Thai) a word counts
 *       wherever it stands.
 *   <li>Cost grows with the text, not with the number of words; each place of the text is followed
 *       for the length of one word at most.
 * </ol>
 *
 * <p>A trie written here: org.ahocorasick knows whole words only for all of its words or for none
 * and takes Han letters for parts of one word, hankcs' double array has no whole words, and either
 * needs a pass for each table; an alternation of a thousand words is a thousand tries at each place
 * for java.util.regex and a thousand states for RE2.
 */
final class WordTables {

  static final WordTables NONE = of(Map.of());

  private final Map<String, Integer> bits;
  private final long[] edges;
  private final int[] targets;
  private final long[] ends;
  private final long[] prefixes;
  private final long all;

  private WordTables(Map<String, Integer> bits, Growing trie) {
    this.bits = Map.copyOf(bits);
    int size = Integer.highestOneBit((Math.max(4, trie.next.size()) * 2) - 1) * 2;
    this.edges = new long[size];
    this.targets = new int[size];
    trie.next.forEach(this::put);
    this.ends = trie.ends.stream().mapToLong(Long::longValue).toArray();
    this.prefixes = trie.prefixes.stream().mapToLong(Long::longValue).toArray();
    this.all = bits.isEmpty() ? 0 : -1L >>> (64 - bits.size());
  }

  /** Tables by name, 63 at most. */
  static WordTables of(Map<String, List<String>> words) {
    Map<String, Integer> bits = new HashMap<>();
    Growing trie = new Growing();
    words.forEach(
        (table, list) -> {
          int bit = bits.size();
          bits.put(table, bit);
          list.forEach(word -> trie.add(word, 1L << bit));
        });
    return new WordTables(bits, trie);
  }

  /** Whether there is a table of that name. */
  boolean has(String table) {
    return bits.containsKey(table);
  }

  /** Whether {@code found} says that the table has a word of the text. */
  boolean isAmong(String table, long found) {
    Integer bit = bits.get(table);
    return bit != null && ((found >>> bit) & 1) != 0;
  }

  /** The tables that the text has a word of, as bits for {@link #isAmong}. */
  long found(String text) {
    String seen =
        Cut.to(normal(Cut.to(text, SubjectVariables.TEXT_SEEN)), SubjectVariables.TEXT_SEEN);
    long found = 0;
    for (int start = 0; start < seen.length() && found != all; start++) {
      if (start == 0 || !areOneWord(seen.charAt(start - 1), seen.charAt(start))) {
        found |= from(seen, start);
      }
    }
    return found;
  }

  private long from(String text, int start) {
    long found = 0;
    int node = 0;
    for (int at = start; at < text.length(); at++) {
      node = next(node, text.charAt(at));
      if (node == 0) {
        break;
      }
      found |= prefixes[node];
      if (ends[node] != 0
          && (at + 1 == text.length() || !areOneWord(text.charAt(at), text.charAt(at + 1)))) {
        found |= ends[node];
      }
    }
    return found;
  }

  /** The node an edge leads to, or 0. */
  private int next(int node, char letter) {
    long edge = edge(node, letter);
    for (int i = slot(edge); targets[i] != 0; i = (i + 1) & (edges.length - 1)) {
      if (edges[i] == edge) {
        return targets[i];
      }
    }
    return 0;
  }

  private void put(long edge, int target) {
    int i = slot(edge);
    while (targets[i] != 0) {
      i = (i + 1) & (edges.length - 1);
    }
    edges[i] = edge;
    targets[i] = target;
  }

  private int slot(long edge) {
    return (int) ((edge * 0x9E3779B97F4A7C15L) >>> 40) & (edges.length - 1);
  }

  private static long edge(int node, char letter) {
    return ((long) node << Character.SIZE) | letter;
  }

  /** How texts and words are compared. */
  static String normal(String text) {
    StringBuilder normal = new StringBuilder(text.length());
    String plain = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    for (int i = 0; i < plain.length(); i++) {
      char c = plain.charAt(i);
      if (!Character.isWhitespace(c)) {
        normal.append(c == '’' || c == '‘' ? '\'' : c);
      } else if (!normal.isEmpty() && normal.charAt(normal.length() - 1) != ' ') {
        normal.append(' ');
      }
    }
    return normal.toString();
  }

  /** Whether no word ends between two neighbours. */
  private static boolean areOneWord(char one, char next) {
    return isOfSpacedWord(one) && isOfSpacedWord(next);
  }

  private static boolean isOfSpacedWord(char c) {
    if (c < 128) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    }
    if (!Character.isLetterOrDigit(c)) {
      return false;
    }
    return switch (Character.UnicodeScript.of(c)) {
      // Korean puts spaces, but its particles stick to the word before
      case HAN, HIRAGANA, KATAKANA, HANGUL, BOPOMOFO, THAI, LAO, KHMER, MYANMAR -> false;
      default -> true;
    };
  }

  /** A trie while it is built; node 0 is the root. */
  private static final class Growing {
    final Map<Long, Integer> next = new HashMap<>();
    final List<Long> ends = new ArrayList<>(List.of(0L));
    final List<Long> prefixes = new ArrayList<>(List.of(0L));

    void add(String written, long bit) {
      boolean begins = written.endsWith("*");
      String word = normal(begins ? written.substring(0, written.length() - 1) : written).strip();
      if (word.isEmpty()) {
        return;
      }
      int node = 0;
      for (int i = 0; i < word.length(); i++) {
        node = next.computeIfAbsent(edge(node, word.charAt(i)), edge -> node());
      }
      List<Long> marked = begins ? prefixes : ends;
      marked.set(node, marked.get(node) | bit);
    }

    private int node() {
      ends.add(0L);
      prefixes.add(0L);
      return ends.size() - 1;
    }
  }
}
