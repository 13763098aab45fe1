// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.email;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Finds what a person wrote in an answer, without the mail it answers and the signature.
 *
 * <p>Cut is only what stands at the end: a quote that is followed by new words is kept with them,
 * because an answer between quoted lines makes no sense without these. If nothing would be left,
 * everything is kept. By hand: the known library for it (EmailReplyParser) does not resolve.
 */
final class QuotedReply {

  /** "On … wrote:" and its sisters, on one line. */
  private static final Pattern ATTRIBUTION =
      Pattern.compile(
          "^\\W{0,3}(?:(?:On|Am|Le|El|Em|Il|Op|Den|Dnia|W dniu)\\b.{4,300}"
              + "(?:wrote|schrieb|a écrit|escribió|escreveu|ha scritto|schreef|skrev|napisał\\(a\\)|pisze)"
              + ".{0,100}:|.{4,300}(?:写道|寫道|のメール|さんは書きました)\\s*[::]?"
              + "|.{4,300}(?:пишет|написал|написал\\(а\\)|написала|wrote)\\s*:)\\s*$",
          Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

  /** "-----Original Message-----". */
  private static final Pattern DIVIDER =
      Pattern.compile(
          "^[>\\s]*[-_*]{2,}\\s*(?:Original Message|Original Appointment|Ursprüngliche Nachricht"
              + "|Mensaje original|Message d'origine|Messaggio originale|Mensagem original"
              + "|Исходное сообщение|Пересылаемое сообщение|原始邮件|原始郵件|原邮件|原メッセージ|元のメッセージ)\\s*[-_*]{2,}\\s*$",
          Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

  private static final Pattern FROM =
      Pattern.compile(
          "^[>*\\s]*(?:From|Von|De|Da|Od|От|发件人|寄件者|寄件人|差出人|보낸 사람)\\*?\\s*[::].+",
          Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

  /** What stands within the next lines of such a block. */
  private static final Pattern SENT =
      Pattern.compile(
          "^[>*\\s]*(?:Sent|Date|Gesendet|Datum|Enviado(?: el)?|Fecha|Envoyé|Date|Inviato|Data"
              + "|Отправлено|Дата|To|An|Para|À|A|Кому|发送时间|日期|收件人|寄件日期|收件者|送信日時|宛先|받는 사람)\\*?\\s*[::].*",
          Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

  private static final Pattern QUOTED = Pattern.compile("^\\s*[>|].*");

  private static final Pattern DEVICE =
      Pattern.compile(
          "^(?:Sent from (?:my|Mail|Outlook|Yahoo).{0,60}|Get Outlook for .{0,40}"
              + "|Von meinem .{0,40} gesendet|Envoyé de mon .{0,40}|Enviado desde mi .{0,40}"
              + "|发自我的.{0,40}|從我的.{0,40}傳送|Отправлено с .{0,40})$",
          Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

  private static final int LONGEST_ATTRIBUTION = 3;

  private QuotedReply() {}

  /** What was written, without surrounding empty lines; the whole text if that is nothing. */
  static String strip(String text) {
    List<String> lines = text.replace("\r\n", "\n").replace('\r', '\n').lines().toList();
    int end = withoutQuote(lines);
    end = withoutSignature(lines.subList(0, end));
    String written = String.join("\n", lines.subList(0, end)).strip();
    return written.isEmpty() ? text.strip() : written;
  }

  private static int withoutQuote(List<String> lines) {
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.isBlank() || line.length() > 2_000) {
        continue;
      }
      if (DIVIDER.matcher(line).matches() || startsHeaderBlock(lines, i)) {
        return i;
      }
      int header = attributionLines(lines, i);
      if (header > 0 && !isFollowedByNewWords(lines, i + header)) {
        return i;
      }
    }
    return withoutTrailingQuote(lines, lines.size());
  }

  /** How many lines from here are an attribution that a client wrapped; 0 if none is. */
  private static int attributionLines(List<String> lines, int from) {
    StringBuilder joined = new StringBuilder();
    for (int n = 0; n < LONGEST_ATTRIBUTION && from + n < lines.size(); n++) {
      String line = lines.get(from + n).strip();
      if (line.isEmpty() || line.length() > 400) {
        return 0;
      }
      joined.append(n == 0 ? "" : " ").append(line);
      if (ATTRIBUTION.matcher(joined).matches()) {
        return n + 1;
      }
    }
    return 0;
  }

  /** True if marked quotes follow and, after them, a line without a mark. */
  private static boolean isFollowedByNewWords(List<String> lines, int from) {
    boolean quoted = false;
    for (int i = from; i < lines.size(); i++) {
      boolean mark = QUOTED.matcher(lines.get(i)).matches();
      if (quoted && !mark && !lines.get(i).isBlank()) {
        return true;
      }
      quoted |= mark;
      if (!quoted && !lines.get(i).isBlank()) {
        return false;
      }
    }
    return false;
  }

  private static boolean startsHeaderBlock(List<String> lines, int at) {
    if (!FROM.matcher(lines.get(at)).matches()) {
      return false;
    }
    int matches = 0;
    for (int i = at + 1; i < Math.min(lines.size(), at + 6); i++) {
      if (SENT.matcher(lines.get(i)).matches()) {
        matches++;
      }
    }
    return matches >= 2;
  }

  private static int withoutTrailingQuote(List<String> lines, int size) {
    int end = size;
    boolean quoted = false;
    while (end > 0) {
      String line = lines.get(end - 1);
      boolean mark = QUOTED.matcher(line).matches();
      if (!mark && !line.isBlank()) {
        break;
      }
      quoted |= mark;
      end--;
    }
    return quoted ? end : size;
  }

  private static int withoutSignature(List<String> lines) {
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).equals("-- ") || lines.get(i).equals("--")) {
        return i;
      }
    }
    int end = lines.size();
    while (end > 0 && lines.get(end - 1).isBlank()) {
      end--;
    }
    boolean device = end > 0 && DEVICE.matcher(lines.get(end - 1).strip()).matches();
    return device ? end - 1 : lines.size();
  }
}
