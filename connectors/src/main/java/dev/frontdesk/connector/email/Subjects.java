// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.email;

import dev.frontdesk.connector.Cut;
import java.util.regex.Pattern;

/** Subjects, their prefixes, and what may stand in a header of ours. */
final class Subjects {

  private static final Pattern ANSWER =
      Pattern.compile(
          "^\\s*(?:(?:re|aw|sv|antw|rif|odp|ответ|на)(?:\\[\\d+\\])?\\s*:|(?:回复|回覆|答复|返信|답장)\\s*[::]).*",
          Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL);

  /** Longer ones are cut: they are one context entry and one header. */
  static final int MAX = 500;

  private Subjects() {}

  static boolean isAnswer(String subject) {
    return ANSWER.matcher(subject).matches();
  }

  /** The subject of an answer: one prefix, however many answers there were. */
  static String answerTo(String subject) {
    String line = oneLine(subject);
    return isAnswer(line) ? line : ("Re: " + line).strip();
  }

  /** Without line ends and control characters, so that no header can be put in. */
  static String oneLine(String text) {
    return Cut.to(text.replaceAll("[\\p{Cntrl}\u2028\u2029]+", " ").strip(), MAX);
  }
}
