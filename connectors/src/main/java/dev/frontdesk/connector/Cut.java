// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector;

/** Cuts a text at its bound without leaving half a character behind. */
public final class Cut {
  private Cut() {}

  /**
   * The text, or its beginning.
   *
   * @param most UTF-16 units that may stay, at least 1; one less where the cut would fall between
   *     the two halves of a surrogate pair
   */
  public static String to(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
  }
}
