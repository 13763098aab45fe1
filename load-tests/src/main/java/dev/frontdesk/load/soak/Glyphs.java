// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.soak;

import java.awt.Graphics2D;
import java.util.Locale;
import java.util.Map;

/**
 * Letters of five by seven dots, for charts. A JDK without a desktop draws lines everywhere, but
 * text only where fontconfig and fonts are installed; chart libraries (XChart, JFreeChart) need
 * these, too, and fail without. Small letters are written large.
 */
final class Glyphs {

  private static final int COLUMNS = 5;
  private static final int DOT = 2;

  /** From one letter to the next, dots. */
  static final int ADVANCE = (COLUMNS + 1) * DOT;

  /** Dots from the top of a letter to its bottom. */
  static final int HEIGHT = 7 * DOT;

  /** Seven rows from the top, each a number of base 32 whose bits are the dots of it. */
  private static final Map<Character, String> ROWS =
      Map.ofEntries(
          Map.entry('A', "EHHVHHH"),
          Map.entry('B', "UHHUHHU"),
          Map.entry('C', "EHGGGHE"),
          Map.entry('D', "UHHHHHU"),
          Map.entry('E', "VGGUGGV"),
          Map.entry('F', "VGGUGGG"),
          Map.entry('G', "EHGNHHF"),
          Map.entry('H', "HHHVHHH"),
          Map.entry('I', "E44444E"),
          Map.entry('J', "72222IC"),
          Map.entry('K', "HIKOKIH"),
          Map.entry('L', "GGGGGGV"),
          Map.entry('M', "HRLLHHH"),
          Map.entry('N', "HPLJHHH"),
          Map.entry('O', "EHHHHHE"),
          Map.entry('P', "UHHUGGG"),
          Map.entry('Q', "EHHHLID"),
          Map.entry('R', "UHHUKIH"),
          Map.entry('S', "FGGE11U"),
          Map.entry('T', "V444444"),
          Map.entry('U', "HHHHHHE"),
          Map.entry('V', "HHHHHA4"),
          Map.entry('W', "HHHLLLA"),
          Map.entry('X', "HHA4AHH"),
          Map.entry('Y', "HHA4444"),
          Map.entry('Z', "V1248GV"),
          Map.entry('0', "EHJLPHE"),
          Map.entry('1', "4C4444E"),
          Map.entry('2', "EH1248V"),
          Map.entry('3', "V2421HE"),
          Map.entry('4', "26AIV22"),
          Map.entry('5', "VGU11HE"),
          Map.entry('6', "68GUHHE"),
          Map.entry('7', "V124888"),
          Map.entry('8', "EHHEHHE"),
          Map.entry('9', "EHHF12C"),
          Map.entry('.', "00000CC"),
          Map.entry(',', "0000C48"),
          Map.entry('/', "01248G0"),
          Map.entry('%', "OP248J3"),
          Map.entry('(', "2488842"),
          Map.entry(')', "8422248"),
          Map.entry('-', "000V000"),
          Map.entry('+', "044V440"),
          Map.entry(':', "0CC0CC0"),
          Map.entry(' ', "0000000"));

  private Glyphs() {}

  /** How wide a text is, dots. */
  static int width(String text) {
    return text.length() * ADVANCE;
  }

  /** Writes with the colour that is set; {@code x}, {@code y}: left and top. */
  static void write(Graphics2D on, String text, int x, int y) {
    String large = text.toUpperCase(Locale.ROOT);
    for (int i = 0; i < large.length(); i++) {
      String rows = ROWS.getOrDefault(large.charAt(i), "VVVVVVV");
      for (int row = 0; row < rows.length(); row++) {
        int bits = Character.digit(rows.charAt(row), 32);
        for (int column = 0; column < COLUMNS; column++) {
          if ((bits >> (COLUMNS - 1 - column) & 1) == 1) {
            on.fillRect(x + i * ADVANCE + column * DOT, y + row * DOT, DOT, DOT);
          }
        }
      }
    }
  }

  /** Whether every letter of a text can be written. */
  static boolean has(String text) {
    return text.toUpperCase(Locale.ROOT).chars().allMatch(c -> ROWS.containsKey((char) c));
  }
}
