// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.webhook;

import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.Signatures;
import dev.frontdesk.connector.WebhookRejected;
import dev.frontdesk.connector.WebhookRequest;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Signs and checks by Standard Webhooks 1.0.0, symmetric form {@code v1}
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md):
 * base64 of HMAC-SHA-256 over {@code id.timestamp.body}. Written here, not taken from
 * com.standardwebhooks:standardwebhooks: that one reads the system clock, and time comes from the
 * store. Immutable, for any thread.
 */
public final class StandardWebhooks {

  /** Header with the id of the message; a receiver deduplicates by it. */
  public static final String ID = "webhook-id";

  /** Header with the time of signing, seconds since 1970. */
  public static final String TIMESTAMP = "webhook-timestamp";

  /** Header with one or several signatures, separated by spaces. */
  public static final String SIGNATURE = "webhook-signature";

  /** How far a timestamp may be off, both ways; the value the reference libraries use. */
  public static final Duration TOLERANCE = Duration.ofMinutes(5);

  private static final String PREFIX = "whsec_";
  private static final String VERSION = "v1,";

  /** More signatures than keys anyone rotates through. */
  private static final int MAX_SIGNATURES = 16;

  /** Digits of a timestamp until the year 33658. */
  private static final int MAX_DIGITS = 12;

  private final List<byte[]> keys;

  /**
   * @throws IllegalArgumentException if a value is not base64 after its optional {@code whsec_}
   */
  public StandardWebhooks(Secret secret) {
    this.keys = secret.all().stream().map(StandardWebhooks::key).toList();
  }

  /** Returns only if one of the signatures fits one of the secrets and the time is near. */
  public void verify(WebhookRequest request, Instant now) throws WebhookRejected {
    String id = header(request, ID);
    String timestamp = header(request, TIMESTAMP);
    String[] given = header(request, SIGNATURE).split(" ", MAX_SIGNATURES + 1);
    requireNear(timestamp, now);
    byte[] body = request.body().getBytes();
    boolean fits = false;
    for (byte[] key : keys) {
      byte[] expected = (VERSION + signature(key, id, timestamp, body)).getBytes(ASCII);
      for (String signature : given) {
        fits |= Signatures.same(expected, signature.getBytes(StandardCharsets.UTF_8));
      }
    }
    if (!fits) {
      throw WebhookRejected.unauthenticated("no v1 signature in " + SIGNATURE + " fits the body");
    }
  }

  /** The value of {@link #SIGNATURE}: one signature for each secret, the newest first. */
  public String sign(String id, Instant now, Buffer body) {
    String timestamp = timestamp(now);
    byte[] bytes = body.getBytes();
    return keys.stream()
        .map(key -> VERSION + signature(key, id, timestamp, bytes))
        .collect(Collectors.joining(" "));
  }

  /** The value of {@link #TIMESTAMP}. */
  public static String timestamp(Instant now) {
    return Long.toString(now.getEpochSecond());
  }

  private static final java.nio.charset.Charset ASCII = StandardCharsets.US_ASCII;

  private static String signature(byte[] key, String id, String timestamp, byte[] body) {
    byte[] head = (id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8);
    return Base64.getEncoder().encodeToString(Signatures.hmacSha256(key, head, body));
  }

  private static void requireNear(String timestamp, Instant now) throws WebhookRejected {
    boolean number =
        !timestamp.isEmpty()
            && timestamp.length() <= MAX_DIGITS
            && timestamp.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!number) {
      throw WebhookRejected.unauthenticated(TIMESTAMP + " is no number of seconds");
    }
    long off = now.getEpochSecond() - Long.parseLong(timestamp);
    if (Math.abs(off) > TOLERANCE.toSeconds()) {
      throw WebhookRejected.unauthenticated(
          TIMESTAMP + " is " + off + " s old, expected at most ±" + TOLERANCE.toSeconds());
    }
  }

  private static String header(WebhookRequest request, String name) throws WebhookRejected {
    return request
        .header(name)
        .orElseThrow(() -> WebhookRejected.unauthenticated(name + " is missing"));
  }

  private static byte[] key(String secret) {
    String encoded = secret.startsWith(PREFIX) ? secret.substring(PREFIX.length()) : secret;
    try {
      byte[] key = Base64.getDecoder().decode(encoded);
      if (key.length > 0) {
        return key;
      }
    } catch (IllegalArgumentException e) {
      // the decoder's message quotes characters of the secret: it is not passed on
    }
    throw new IllegalArgumentException("secret is not base64 after whsec_, expected that");
  }
}
