// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What an automatic text may leave to be filled in. */
final class Placeholders {

  /** Longest text that every platform takes as one message (a long SMS has ten parts). */
  private static final int LONGEST = 1_000;

  private static final List<String> KNOWN = List.of("due", "position", "estimate");
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)\\}");

  /** What a mistake quotes: anything else may be a secret that came here by a lost bracket. */
  private static final Pattern WORD = Pattern.compile("[a-z]{1,12}");

  private static final Pattern LANGUAGE = Pattern.compile("[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*");

  private Placeholders() {}

  /**
   * Looks at texts by language.
   *
   * @param plain no placeholder has a value, because no clock of people runs then
   * @throws IllegalArgumentException that names the key
   */
  static void check(String key, Map<String, String> texts, boolean plain) {
    texts.forEach(
        (language, text) -> {
          String at = key + "." + language;
          if (!LANGUAGE.matcher(language).matches()) {
            throw new IllegalArgumentException(at + ": no language tag, expected one such as zh");
          }
          if (text.isBlank() || text.length() > LONGEST) {
            throw new IllegalArgumentException(
                at + ": empty or long, expected 1 to " + LONGEST + " characters");
          }
          PLACEHOLDER.matcher(text).results().forEach(found -> known(at, found, plain));
        });
  }

  private static void known(String at, MatchResult found, boolean plain) {
    if (!KNOWN.contains(found.group(1))) {
      throw new IllegalArgumentException(
          at
              + ": "
              + (WORD.matcher(found.group(1)).matches() ? found.group() : "{…}")
              + " is no placeholder, expected {due}, {position} or {estimate}");
    }
    if (plain) {
      throw new IllegalArgumentException(
          at + ": " + found.group() + " has no value while a bot answers, expected bots: false");
    }
  }
}
