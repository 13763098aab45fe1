// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.webchat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.Signatures;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Proves who a visitor is without keeping anything: a session's token is a signature of its id, and
 * a customer's id is signed by the site's own server.
 *
 * <ol>
 *   <li>Session ids and tokens are 128 and 256 bits; both are compared in constant time.
 *   <li>Sessions are signed with a key of their own, so that a token is never a valid identity.
 *   <li>Of a secret that is a list, the newest signs and every one is accepted.
 * </ol>
 *
 * Thread-safe.
 */
public final class VisitorPasses {

  private static final int SESSION_BYTES = 16;
  private static final Pattern SESSION = Pattern.compile("[A-Za-z0-9_-]{22}");
  private static final byte[] PURPOSE = "frontdesk webchat session v1".getBytes(UTF_8);
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private final List<byte[]> secrets;
  private final List<byte[]> sessionKeys;
  private final SecureRandom random = new SecureRandom();

  /** Passes signed with this secret. */
  public VisitorPasses(Secret secret) {
    this.secrets = secret.all().stream().map(value -> value.getBytes(UTF_8)).toList();
    this.sessionKeys = secrets.stream().map(key -> Signatures.hmacSha256(key, PURPOSE)).toList();
  }

  /** The id of a new session. */
  public String newSession() {
    byte[] bytes = new byte[SESSION_BYTES];
    random.nextBytes(bytes);
    return BASE64.encodeToString(bytes);
  }

  /** What a visitor shows to continue this session. */
  public String token(String session) {
    return BASE64.encodeToString(
        Signatures.hmacSha256(sessionKeys.get(0), session.getBytes(UTF_8)));
  }

  /** Whether the token belongs to the session. */
  public boolean admits(String session, String token) {
    if (!SESSION.matcher(session).matches()) {
      return false;
    }
    boolean admitted = false;
    for (byte[] key : sessionKeys) {
      String expected = BASE64.encodeToString(Signatures.hmacSha256(key, session.getBytes(UTF_8)));
      admitted |= Signatures.same(expected, token);
    }
    return admitted;
  }

  /** What the site's server hands to its page: {@code <id>.<hex of HMAC-SHA-256 of the id>}. */
  public String identity(String customer) {
    return customer + "." + hex(secrets.get(0), customer);
  }

  /** The customer's id, if the site's server signed it. */
  public Optional<String> customer(String identity) {
    int dot = identity.lastIndexOf('.');
    if (dot < 1 || dot > ContactRef.MAX_ID_LENGTH) {
      return Optional.empty();
    }
    String customer = identity.substring(0, dot);
    boolean signed = false;
    for (byte[] secret : secrets) {
      signed |= Signatures.same(hex(secret, customer), identity.substring(dot + 1));
    }
    return signed && !customer.isBlank() ? Optional.of(customer) : Optional.empty();
  }

  private static String hex(byte[] secret, String customer) {
    return HexFormat.of().formatHex(Signatures.hmacSha256(secret, customer.getBytes(UTF_8)));
  }
}
