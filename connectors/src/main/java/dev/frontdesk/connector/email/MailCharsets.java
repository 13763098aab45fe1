// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.email;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns the bytes of mail into text, as mail is written and not as it is declared: senders declare
 * subsets (gb2312) of what they write (GB18030), or a charset they do not use at all. Stateless.
 */
final class MailCharsets {

  /** What a Western client means by no charset, or by Latin-1. */
  static final Charset WINDOWS = Charset.forName("windows-1252");

  /** Supersets that decode everything their declared namesake does. */
  static final Map<Charset, Charset> SUPERSETS = supersets();

  private MailCharsets() {}

  private static Map<Charset, Charset> supersets() {
    Map<Charset, Charset> wider = new HashMap<>();
    widen(wider, "GB18030", "GB2312", "GBK", "x-mswin-936");
    widen(wider, "x-windows-949", "EUC-KR", "x-Johab");
    widen(wider, "x-windows-iso2022jp", "ISO-2022-JP", "x-windows-50220", "x-windows-50221");
    widen(wider, "windows-31j", "Shift_JIS");
    widen(wider, "windows-1252", "ISO-8859-1");
    return Map.copyOf(wider);
  }

  private static void widen(Map<Charset, Charset> wider, String superset, String... subsets) {
    for (String subset : subsets) {
      if (Charset.isSupported(subset) && Charset.isSupported(superset)) {
        wider.put(Charset.forName(subset), Charset.forName(superset));
      }
    }
  }

  /** The charset a name in a mail means, if it means one. */
  static Optional<Charset> named(@Nullable String name) {
    if (name == null) {
      return Optional.empty();
    }
    String clean = name.strip().toLowerCase(Locale.ROOT).replaceAll("[\"']", "");
    if (clean.equals("ks_c_5601-1987") || clean.equals("ks_c_5601")) {
      clean = "euc-kr";
    }
    try {
      Charset declared = Charset.forName(clean);
      return Optional.of(SUPERSETS.getOrDefault(declared, declared));
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return Optional.empty();
    }
  }

  /**
   * The text of a body. Without a usable declaration: UTF-8 if it is that, ISO-2022-JP if its
   * escapes are there, else windows-1252. With one that does not fit: UTF-8 if it is that, else the
   * declared one with replacements.
   */
  static String decode(byte[] bytes, @Nullable String declared) {
    Optional<Charset> charset = named(declared).filter(c -> !c.equals(US_ASCII));
    if (charset.isEmpty()) {
      return undeclared(bytes);
    }
    return strictly(bytes, charset.get())
        .or(() -> strictly(bytes, UTF_8))
        .orElseGet(() -> new String(bytes, charset.get()));
  }

  /** The text of raw header bytes, which have no declaration. */
  static String undeclared(byte[] bytes) {
    if (hasJapaneseEscapes(bytes)) {
      return new String(bytes, SUPERSETS.getOrDefault(Charset.forName("ISO-2022-JP"), ISO_8859_1));
    }
    return strictly(bytes, UTF_8).orElseGet(() -> new String(bytes, WINDOWS));
  }

  private static Optional<String> strictly(byte[] bytes, Charset charset) {
    try {
      return Optional.of(charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** ESC $ B, ESC $ @ and ESC ( J: no other text has them. */
  private static boolean hasJapaneseEscapes(byte[] bytes) {
    for (int i = 0; i + 2 < bytes.length; i++) {
      if (bytes[i] == 0x1b
          && ((bytes[i + 1] == '$' && (bytes[i + 2] == 'B' || bytes[i + 2] == '@'))
              || (bytes[i + 1] == '(' && bytes[i + 2] == 'J'))) {
        return true;
      }
    }
    return false;
  }
}
