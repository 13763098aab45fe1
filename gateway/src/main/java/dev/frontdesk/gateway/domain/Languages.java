// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import java.lang.Character.UnicodeScript;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The language of a text, by its script and, where a script has many, by its commonest words and
 * letters. A guess for chat lines: null rather than a coin thrown.
 *
 * <p>Written here because what is kept up to date is too large for a gateway that starts in seconds
 * and stays below 200 MiB: lingua brings 106 MB of models, Tika and OpenNLP some ten each;
 * optimaize (4 MB) is from 2015.
 */
final class Languages {

  /** How much of a text is looked at. */
  private static final int ENOUGH = 256;

  /** One Han letter says as much as three Latin ones: {@code 我的iPhone坏了} is Chinese. */
  private static final int HAN_WEIGHT = 3;

  /** Words that say little elsewhere; at least one that no other language has decides. */
  private static final String[] WORDS = {
    "en the and you is to of my it not have please hello hi thanks thank what how when where why your"
        + " with this was are do does did can cannot can't don't i i'm for on but order been refund"
        + " need want still help would could there any",
    "de der die das und ich nicht ist ein eine mein meine bitte hallo danke mit für auf habe haben"
        + " wann wo wie warum sie wir es noch kann von zu den dem guten tag bestellung keine",
    "fr le les des est et je pas une mon ma mes vous bonjour merci avec pour sur quand où comment"
        + " pourquoi j'ai c'est n'est nous ce cette s'il plaît commande bonsoir du au votre ne",
    "es el los las es y no una mi por favor hola gracias con para cuándo cuando dónde cómo qué he"
        + " está muy pero quiero puedo pedido mis tengo del buenos días ayuda su usted",
    "pt o os não uma meu minha por favor olá obrigado obrigada com para quando onde como você está"
        + " muito mas quero posso pedido do da em ainda bom dia ajuda seu",
    "it il gli non è una mio mia per favore ciao grazie con quando dove come perché sono ho molto ma"
        + " vorrei posso ordine del della ancora buongiorno aiuto che di",
    "nl de het een en ik niet is mijn alstublieft hallo bedankt met voor op wanneer waar hoe waarom"
        + " heb hebben van nog kan bestelling geen maar jullie graag wil",
    "pl nie jest się i w na do to mój moja proszę dzień dobry dziękuję cześć kiedy gdzie jak dlaczego"
        + " mam jeszcze zamówienie czy ale chcę",
    "tr ve bir bu için değil benim lütfen merhaba teşekkürler teşekkür ne nasıl nerede zaman neden"
        + " var yok çok ama sipariş siparişim istiyorum mi mı",
    "vi và là của tôi không có cho được xin chào cảm ơn khi nào ở đâu như thế đơn hàng bạn này giúp"
        + " với chưa",
    "id dan yang saya tidak ini itu untuk dengan tolong halo terima kasih kapan di mana bagaimana"
        + " mengapa ada sudah belum pesanan bisa mau anda kenapa",
    "sv och är jag inte en ett min mitt tack hej med för när var hur varför har på men kan av det"
        + " beställning snälla vill",
  };

  /** Letters that hardly any of the others writes. */
  private static final String[] LETTERS = {
    "",
    "ß",
    "œùûêëî",
    "ñ¿¡",
    "ãõ",
    "",
    "",
    "łąężźśćń",
    "ğşı",
    "đơưạảấầẩẫậắằẵặẹẻẽếềểễệịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ",
    "",
    "å",
  };

  private static final Map<String, Integer> LANGUAGES_OF = new HashMap<>();

  static {
    for (int language = 0; language < WORDS.length; language++) {
      String[] words = WORDS[language].split(" ", -1);
      for (int i = 1; i < words.length; i++) {
        LANGUAGES_OF.merge(words[i], 1 << language, (one, other) -> one | other);
      }
    }
  }

  private Languages() {}

  /** The primary subtag, such as {@code zh}, or null. */
  static @Nullable String of(String text) {
    String seen = text.substring(0, Math.min(text.length(), ENOUGH));
    Map<UnicodeScript, Integer> letters = letters(seen);
    int han = letters.getOrDefault(UnicodeScript.HAN, 0);
    int kana =
        letters.getOrDefault(UnicodeScript.HIRAGANA, 0)
            + letters.getOrDefault(UnicodeScript.KATAKANA, 0);
    if (kana * 6 >= kana + han && kana > 0) {
      letters.put(UnicodeScript.HIRAGANA, kana + han);
      letters.remove(UnicodeScript.HAN);
    }
    UnicodeScript most = null;
    int weight = 0;
    for (Map.Entry<UnicodeScript, Integer> script : letters.entrySet()) {
      int its = script.getValue() * (isDense(script.getKey()) ? HAN_WEIGHT : 1);
      if (its > weight) {
        most = script.getKey();
        weight = its;
      }
    }
    return most == null ? null : of(most, seen);
  }

  /**
   * How many letters of each script, in the order of scripts. They come in runs, so a run is put
   * into the map at once; and the map is small, an array of all scripts would be 160 long.
   */
  private static Map<UnicodeScript, Integer> letters(String text) {
    Map<UnicodeScript, Integer> letters = new TreeMap<>();
    UnicodeScript script = UnicodeScript.LATIN;
    int run = 0;
    int latin = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 128) {
        latin += (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ? 1 : 0;
      } else if (Character.isLetter(c)) {
        UnicodeScript its = scriptOf(c);
        if (its != script) {
          add(letters, script, run);
          script = its;
          run = 0;
        }
        run++;
      }
    }
    add(letters, script, run);
    add(letters, UnicodeScript.LATIN, latin);
    return letters;
  }

  private static void add(Map<UnicodeScript, Integer> letters, UnicodeScript script, int count) {
    if (count > 0) {
      letters.merge(script, count, Integer::sum);
    }
  }

  /** A search for all but the commonest Han letters, which are one block. */
  private static UnicodeScript scriptOf(char letter) {
    return letter >= '\u4e00' && letter <= '\u9fff' ? UnicodeScript.HAN : UnicodeScript.of(letter);
  }

  /** Whether one letter is a syllable or a word. */
  private static boolean isDense(UnicodeScript script) {
    return switch (script) {
      case HAN, HIRAGANA, KATAKANA, HANGUL -> true;
      default -> false;
    };
  }

  private static @Nullable String of(UnicodeScript script, String text) {
    return switch (script) {
      case HAN, BOPOMOFO -> "zh";
      case HIRAGANA, KATAKANA -> "ja";
      case HANGUL -> "ko";
      case THAI -> "th";
      case GREEK -> "el";
      case HEBREW -> "he";
      case DEVANAGARI -> "hi";
      case CYRILLIC -> cyrillic(text.toLowerCase(Locale.ROOT));
      case ARABIC -> arabic(text);
      case LATIN -> latin(text.toLowerCase(Locale.ROOT));
      default -> null;
    };
  }

  private static String cyrillic(String text) {
    if (hasAny(text, "їєґі")) {
      return hasAny(text, "ў") ? "be" : "uk";
    }
    if (hasAny(text, "јљњћђџ")) {
      return "sr";
    }
    return hasAny(text, "ыэё") || !hasAny(text, "щъ") || !text.contains("ъ")
        ? "ru"
        : bulgarian(text);
  }

  /** Where ъ is a vowel it stands between consonants; in Russian before е, ё, ю, я. */
  private static String bulgarian(String text) {
    int at = text.indexOf('ъ');
    boolean sign = at + 1 < text.length() && "еёюя".indexOf(text.charAt(at + 1)) >= 0;
    return sign ? "ru" : "bg";
  }

  private static String arabic(String text) {
    if (hasAny(text, "ٹڈڑےں")) {
      return "ur";
    }
    return hasAny(text, "پچژگ") ? "fa" : "ar";
  }

  private static boolean hasAny(String text, String letters) {
    for (int i = 0; i < text.length(); i++) {
      if (letters.indexOf(text.charAt(i)) >= 0) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable String latin(String text) {
    int[] points = new int[WORDS.length];
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      boolean inside = i < text.length() && isOfWord(text.charAt(i));
      if (!inside && i > start) {
        words(text.substring(start, i).replace('’', '\''), points);
      }
      if (!inside) {
        start = i + 1;
      }
    }
    for (int language = 0; language < LETTERS.length; language++) {
      points[language] += hasAny(text, LETTERS[language]) ? 3 : 0;
    }
    return clear(points);
  }

  private static boolean isOfWord(char c) {
    return Character.isLetter(c) || c == '\'' || c == '’';
  }

  /** A word of one language counts more than one that several have. */
  private static void words(String word, int[] points) {
    int languages = LANGUAGES_OF.getOrDefault(word, 0);
    int worth = Integer.bitCount(languages) == 1 ? 2 : 1;
    for (int rest = languages; rest != 0; rest &= rest - 1) {
      points[Integer.numberOfTrailingZeros(rest)] += worth;
    }
  }

  private static @Nullable String clear(int[] points) {
    int best = 0;
    int second = -1;
    for (int language = 1; language < points.length; language++) {
      if (points[language] > points[best]) {
        second = points[best];
        best = language;
      } else {
        second = Math.max(second, points[language]);
      }
    }
    return points[best] > 0 && points[best] > second ? WORDS[best].substring(0, 2) : null;
  }
}
