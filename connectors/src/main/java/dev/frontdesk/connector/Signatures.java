// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes and compares the signatures platforms put on their calls. Stateless, for any thread. */
public final class Signatures {

  private Signatures() {}

  /** HMAC-SHA-256 over the parts, one after the other. */
  public static byte[] hmacSha256(byte[] key, byte[]... parts) {
    return hmac("HmacSHA256", key, parts);
  }

  /** HMAC-SHA-1 over the parts; only for platforms that know no other. */
  public static byte[] hmacSha1(byte[] key, byte[]... parts) {
    return hmac("HmacSHA1", key, parts);
  }

  /** Digest of the parts by the JDK's name of the algorithm: {@code SHA-1}, {@code SHA-256}. */
  public static byte[] digest(String algorithm, byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }

  /** Compares in a time that does not depend on where the two differ. */
  public static boolean same(byte[] expected, byte[] given) {
    return MessageDigest.isEqual(expected, given);
  }

  /** Compares the UTF-8 forms in a time that does not depend on where the two differ. */
  public static boolean same(String expected, String given) {
    return same(expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] hmac(String algorithm, byte[] key, byte[][] parts) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(key, algorithm));
      for (byte[] part : parts) {
        mac.update(part);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }
}
