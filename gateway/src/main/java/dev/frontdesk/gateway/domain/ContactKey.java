// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What at most one open conversation exists for: a contact's thread on a channel.
 *
 * @param thread the platform's sub-conversation, or null
 */
public record ContactKey(String channel, String externalId, @Nullable String thread) {

  /** 16 characters (96 bits) that stand for this contact in keys; reveals no phone number. */
  public String digest() {
    return digestOf(channel + '\n' + externalId + '\n' + (thread == null ? "" : thread));
  }

  /** The same for the person on the channel, whatever the thread: what customers are linked by. */
  public String identity() {
    return thread == null ? digest() : new ContactKey(channel, externalId, null).digest();
  }

  private static final MessageDigest SHA_256 = sha256();
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /**
   * The first 96 bits of SHA-256 of a text as 16 characters of base64url. A clone of what was never
   * fed is what the provider makes, without asking for the provider: each message needs several.
   */
  public static String digestOf(String text) {
    try {
      MessageDigest digest = (MessageDigest) SHA_256.clone();
      byte[] hash = digest.digest(text.getBytes(StandardCharsets.UTF_8));
      return BASE64.encodeToString(Arrays.copyOf(hash, 12));
    } catch (CloneNotSupportedException e) {
      throw new AssertionError("the JDK's SHA-256 can be cloned", e);
    }
  }
}
