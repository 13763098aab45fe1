// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.wechat;

import dev.frontdesk.connector.Signatures;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * WeChat's message encryption: AES-256-CBC under the decoded EncodingAESKey, its first 16 bytes as
 * IV, PKCS#7 with a block of 32 (which {@code PKCS5Padding} of the JDK refuses, so the padding is
 * handled here). The plaintext is {@code random16 + length (4 bytes, big-endian) + message +
 * appid}. Source: developers.weixin.qq.com/doc/subscription/guide/dev/push/encryption. Thread-safe.
 */
public final class WechatCipher {

  private static final int BLOCK = 32;
  private static final int RANDOM = 16;

  private final byte[] receiver;
  private final List<byte[]> keys;

  /**
   * @param receiver the id at the end of every plaintext: the AppID
   * @param encodingAesKeys newest first; all decrypt, the newest encrypts
   */
  public WechatCipher(String receiver, List<String> encodingAesKeys) {
    this.receiver = receiver.getBytes(StandardCharsets.UTF_8);
    this.keys = encodingAesKeys.stream().map(WechatCipher::keyOf).toList();
    // the JDK's first cipher takes some 100 ms to load: here, not on an event loop
    crypt(Cipher.ENCRYPT_MODE, keys.get(0), new byte[BLOCK]);
  }

  /**
   * The 32 key bytes of an EncodingAESKey. The 43rd character may carry bits that are not part of
   * the key; the platform issues such keys, and the JDK's decoder drops those bits.
   */
  static byte[] keyOf(String encodingAesKey) {
    byte[] key;
    try {
      key = Base64.getDecoder().decode(encodingAesKey + "=");
    } catch (IllegalArgumentException e) {
      key = new byte[0];
    }
    if (encodingAesKey.length() != 43 || key.length != 32) {
      throw new IllegalArgumentException(
          "encodingAesKey has "
              + encodingAesKey.length()
              + " characters, expected 43 of A–Z a–z 0–9 + /");
    }
    return key;
  }

  /**
   * The message inside an {@code Encrypt} value, or empty when no key opens it, its form is wrong
   * or it is meant for another account.
   */
  public Optional<String> decrypt(String encrypted) {
    byte[] ciphertext;
    try {
      ciphertext = Base64.getDecoder().decode(encrypted.strip());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    if (ciphertext.length == 0 || ciphertext.length % 16 != 0) {
      return Optional.empty();
    }
    return keys.stream().flatMap(key -> open(ciphertext, key).stream()).findFirst();
  }

  /** The {@code Encrypt} value of a message under the newest key; {@code random} is 16 bytes. */
  public String encrypt(String message, byte[] random) {
    return encrypt(message.getBytes(StandardCharsets.UTF_8), random);
  }

  /** The {@code Encrypt} value of the bytes of a message. */
  public String encrypt(byte[] text, byte[] random) {
    int length = RANDOM + 4 + text.length + receiver.length;
    int padding = BLOCK - length % BLOCK;
    byte[] plain =
        ByteBuffer.allocate(length + padding)
            .put(random, 0, RANDOM)
            .putInt(text.length)
            .put(text)
            .put(receiver)
            .array();
    Arrays.fill(plain, length, plain.length, (byte) padding);
    return Base64.getEncoder().encodeToString(crypt(Cipher.ENCRYPT_MODE, keys.get(0), plain));
  }

  private Optional<String> open(byte[] ciphertext, byte[] key) {
    byte[] plain = crypt(Cipher.DECRYPT_MODE, key, ciphertext);
    int padding = plain[plain.length - 1] & 0xff;
    int end = plain.length - padding;
    if (padding < 1 || padding > BLOCK || end < RANDOM + 4) {
      return Optional.empty();
    }
    int length = ByteBuffer.wrap(plain).getInt(RANDOM);
    int start = RANDOM + 4;
    if (length < 0 || length > end - start) {
      return Optional.empty();
    }
    byte[] trailer = Arrays.copyOfRange(plain, start + length, end);
    return Signatures.same(receiver, trailer)
        ? Optional.of(new String(plain, start, length, StandardCharsets.UTF_8))
        : Optional.empty();
  }

  private static byte[] crypt(int mode, byte[] key, byte[] input) {
    try {
      Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
      cipher.init(mode, new SecretKeySpec(key, "AES"), new IvParameterSpec(key, 0, 16));
      return cipher.doFinal(input);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES/CBC/NoPadding is missing from this JDK", e);
    }
  }
}
