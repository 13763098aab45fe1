// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.email;

import dev.frontdesk.connector.Signatures;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which thread a mail belongs to, decided from the mail alone.
 *
 * <p>A thread is named by a digest of the id of the mail that began it. Everything we send carries
 * that name with a MAC over it: in the message id ({@code <id.TOKEN@domain>}) and, where the
 * mailbox takes plus addresses, in the address to answer to ({@code support+TOKEN@domain}). So an
 * answer finds its thread even if a client drops one of the two, and nobody makes up a thread.
 */
final class MailThreads {

  /** Characters of base 32 of a thread's name: 100 bits. */
  private static final int NAME = 20;

  /** And of its MAC: 65 bits. Guessing one means sending that many mails. */
  private static final int MAC = 13;

  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
  private static final Pattern TOKEN = Pattern.compile("[a-z2-7]{" + (NAME + MAC) + "}");
  private static final Pattern PLUS = Pattern.compile("[^@]*\\+([^@+]+)@.*");
  private static final Pattern OURS = Pattern.compile("(.{1,64})\\.([^.@]+)@(.+)");

  private final List<byte[]> keys;
  private final String local;
  private final String domain;

  /**
   * The threads of one mailbox.
   *
   * @param secrets newest first; all are accepted, the newest signs
   */
  MailThreads(List<String> secrets, String address) {
    byte[] purpose = "frontdesk mail threads".getBytes(StandardCharsets.UTF_8);
    this.keys =
        secrets.stream()
            .map(s -> Signatures.hmacSha256(s.getBytes(StandardCharsets.UTF_8), purpose))
            .toList();
    int at = address.lastIndexOf('@');
    this.local = address.substring(0, at);
    this.domain = address.substring(at + 1);
  }

  /** The thread that a mail with this id begins, or any stable text in place of one. */
  static String nameOf(String messageId) {
    byte[] id = ("mail " + messageId).getBytes(StandardCharsets.UTF_8);
    return base32(Signatures.digest("SHA-256", id), NAME);
  }

  /**
   * The thread of a mail: by a token in a recipient address; by the newest id of ours among those
   * it answers; else by the first mail of its chain, which is itself if it answers none.
   *
   * @param recipients all addresses it was sent or delivered to
   * @param inReplyTo ids of In-Reply-To
   * @param references ids of References, oldest first
   * @param own the id of the mail itself
   */
  String threadOf(
      List<String> recipients, List<String> inReplyTo, List<String> references, String own) {
    return recipients.stream()
        .flatMap(address -> ofAddress(address).stream())
        .findFirst()
        .or(() -> newestOfOurs(inReplyTo))
        .or(() -> newestOfOurs(references))
        .orElseGet(() -> nameOf(root(inReplyTo, references, own)));
  }

  private static String root(List<String> inReplyTo, List<String> references, String own) {
    if (!references.isEmpty()) {
      return references.get(0);
    }
    return inReplyTo.isEmpty() ? own : inReplyTo.get(0);
  }

  private Optional<String> newestOfOurs(List<String> ids) {
    for (int i = ids.size() - 1; i >= 0; i--) {
      Optional<String> thread = ofMessageId(ids.get(i));
      if (thread.isPresent()) {
        return thread;
      }
    }
    return Optional.empty();
  }

  /** The thread in a plus address, if its MAC is right. */
  Optional<String> ofAddress(String address) {
    Matcher plus = PLUS.matcher(address);
    return plus.matches() ? open(plus.group(1)) : Optional.empty();
  }

  /** The thread in a message id, if it is one of ours. */
  Optional<String> ofMessageId(String messageId) {
    Matcher ours = OURS.matcher(messageId);
    return ours.matches() ? open(ours.group(2)) : Optional.empty();
  }

  /** Our message id of a message: the same for every attempt to send it. Without brackets. */
  String messageId(String messageName, String thread) {
    return messageName + "." + token(thread) + "@" + domain;
  }

  /** The address whose mail comes back to a thread. */
  String answerAddress(String thread) {
    return local + "+" + token(thread) + "@" + domain;
  }

  /** A thread of ours as it is, anything else (a conversation without thread) by its digest. */
  private String token(String thread) {
    String name = thread.matches("[a-z2-7]{" + NAME + "}") ? thread : nameOf(thread);
    return name + mac(keys.get(0), name);
  }

  private Optional<String> open(String token) {
    String lower = token.toLowerCase(Locale.ROOT);
    if (!TOKEN.matcher(lower).matches()) {
      return Optional.empty();
    }
    String name = lower.substring(0, NAME);
    String mac = lower.substring(NAME);
    boolean right = false;
    for (byte[] key : keys) {
      right |= Signatures.same(mac(key, name), mac);
    }
    return right ? Optional.of(name) : Optional.empty();
  }

  private static String mac(byte[] key, String name) {
    return base32(Signatures.hmacSha256(key, name.getBytes(StandardCharsets.US_ASCII)), MAC);
  }

  private static String base32(byte[] bytes, int length) {
    StringBuilder text = new StringBuilder(length);
    int buffer = 0;
    int bits = 0;
    for (int i = 0; text.length() < length; i++) {
      buffer = (buffer << 8) | (bytes[i] & 0xff);
      bits += 8;
      while (bits >= 5 && text.length() < length) {
        bits -= 5;
        text.append(ALPHABET.charAt((buffer >> bits) & 31));
      }
      buffer &= (1 << bits) - 1;
    }
    return text.toString();
  }
}
