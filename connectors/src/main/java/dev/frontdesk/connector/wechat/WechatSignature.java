// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.wechat;

import dev.frontdesk.connector.Signatures;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * WeChat's signature: lower-case hex SHA-1 of the sorted strings, concatenated. Without the
 * encrypted text among them (plain mode) it does not cover the body.
 */
public final class WechatSignature {

  private WechatSignature() {}

  /** Signs token, timestamp, nonce and, for {@code msg_signature}, the encrypted text. */
  public static String of(String... parts) {
    String[] sorted = parts.clone();
    Arrays.sort(sorted);
    byte[] joined = String.join("", sorted).getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(Signatures.digest("SHA-1", joined));
  }

  /** Compares in constant time. */
  static boolean matches(String given, String... parts) {
    return Signatures.same(of(parts), given);
  }
}
