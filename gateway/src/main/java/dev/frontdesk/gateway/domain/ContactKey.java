// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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

  /** The first 96 bits of SHA-256 of a text as 16 characters of base64url. */
  public static String digestOf(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(java.util.Arrays.copyOf(hash, 12));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
