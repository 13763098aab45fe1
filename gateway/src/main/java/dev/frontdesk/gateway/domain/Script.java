// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import org.jspecify.annotations.Nullable;

/**
 * The language that the script of a text gives away, where a script has one language in practice.
 * Latin, Cyrillic and Arabic letters serve many languages: they say nothing here. A statistical
 * detector (lingua, tika) was left out: tens of megabytes for the sake of short chat lines.
 */
final class Script {
  private static final int ENOUGH = 64;

  private Script() {}

  /** {@code zh}, {@code ja}, {@code ko}, {@code th}, {@code el}, {@code he}, or null. */
  static @Nullable String languageOf(String text) {
    boolean han = false;
    for (int i = 0; i < text.length() && i < ENOUGH; i++) {
      char c = text.charAt(i);
      if (c < 0x370) {
        continue;
      }
      switch (Character.UnicodeScript.of(c)) {
        case HIRAGANA, KATAKANA -> {
          return "ja";
        }
        case HANGUL -> {
          return "ko";
        }
        case THAI -> {
          return "th";
        }
        case GREEK -> {
          return "el";
        }
        case HEBREW -> {
          return "he";
        }
        case HAN -> han = true;
        default -> {}
      }
    }
    return han ? "zh" : null;
  }
}
