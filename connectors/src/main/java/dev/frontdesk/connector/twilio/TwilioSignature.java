// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.twilio;

import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.Signatures;
import dev.frontdesk.connector.WebhookRejected;
import dev.frontdesk.connector.WebhookRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Makes and checks {@code X-Twilio-Signature}
 * (https://www.twilio.com/docs/usage/security#validating-requests): base64 of HMAC-SHA-1 over the
 * address as Twilio called it, followed by each parameter of a form, sorted by name. A JSON body is
 * covered by {@code bodySHA256} in the query. Twilio's own library is not used: it brings a
 * blocking HTTP client for thirty lines. Immutable, for any thread.
 */
public final class TwilioSignature {

  static final String HEADER = "x-twilio-signature";
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String BODY_HASH = "bodySHA256=";

  private final Secret authToken;

  public TwilioSignature(Secret authToken) {
    this.authToken = authToken;
  }

  /**
   * Returns only if the request is Twilio's.
   *
   * @param url the address as it is configured at Twilio, with the raw query
   */
  void verify(WebhookRequest request, String url) throws WebhookRejected {
    String given =
        request
            .header(HEADER)
            .orElseThrow(() -> WebhookRejected.unauthenticated(HEADER + " is missing"));
    Map<String, List<String>> signed = signedParameters(request, url);
    boolean fits = false;
    for (String token : authToken.all()) {
      for (String variant : withAndWithoutPort(url)) {
        fits |= Signatures.same(sign(token, variant, signed), given);
      }
    }
    if (!fits) {
      throw WebhookRejected.unauthenticated(
          HEADER + " does not fit the call; compare publicUrl with the address Twilio calls");
    }
  }

  /** The signature Twilio makes with the newest token; no parameters for a JSON body. */
  public String sign(String url, Map<String, List<String>> parameters) {
    return sign(authToken.newest(), url, parameters);
  }

  /** What {@code bodySHA256} has to be for a JSON body. */
  public static String bodyHash(byte[] body) {
    return HexFormat.of().formatHex(Signatures.digest("SHA-256", body));
  }

  /** Sorted by name; a name that stands several times counts with each different value, sorted. */
  private static String sign(String token, String url, Map<String, List<String>> parameters) {
    StringBuilder text = new StringBuilder(url);
    for (String name : new TreeSet<>(parameters.keySet())) {
      for (String value : new TreeSet<>(parameters.get(name))) {
        text.append(name).append(value);
      }
    }
    byte[] mac =
        Signatures.hmacSha1(
            token.getBytes(StandardCharsets.UTF_8),
            text.toString().getBytes(StandardCharsets.UTF_8));
    return Base64.getEncoder().encodeToString(mac);
  }

  /** The hash is taken from the address that is signed, never from elsewhere. */
  private static Map<String, List<String>> signedParameters(WebhookRequest request, String url)
      throws WebhookRejected {
    byte[] body = request.body().getBytes();
    String type = request.header("content-type").orElse("").toLowerCase(Locale.ROOT);
    int hash = url.indexOf(BODY_HASH, Math.max(url.indexOf('?'), 0));
    boolean form = type.startsWith(FORM) || (type.isEmpty() && hash < 0);
    if (form) {
      return readable(body).values();
    }
    if (hash >= 0) {
      String rest = url.substring(hash + BODY_HASH.length());
      int end = rest.indexOf('&');
      String stated = (end < 0 ? rest : rest.substring(0, end)).toLowerCase(Locale.ROOT);
      if (!Signatures.same(bodyHash(body), stated)) {
        throw WebhookRejected.unauthenticated("bodySHA256 does not fit the body");
      }
    } else if (body.length > 0) {
      throw WebhookRejected.unauthenticated("the body is no form and has no bodySHA256");
    }
    return Map.of();
  }

  /** A form that cannot be read cannot have been signed. */
  private static TwilioForm readable(byte[] body) throws WebhookRejected {
    try {
      return TwilioForm.parse(body);
    } catch (WebhookRejected e) {
      throw WebhookRejected.unauthenticated("unreadable: " + e.getMessage());
    }
  }

  /**
   * Twilio is not consistent about the port: the address as it is, with the default port of its
   * scheme, without any port (as the validators of Twilio's libraries do).
   */
  static Set<String> withAndWithoutPort(String url) {
    Set<String> variants = new LinkedHashSet<>();
    variants.add(url);
    int start = url.indexOf("://") + 3;
    if (start < 3) {
      return variants;
    }
    int end = start;
    while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
      end++;
    }
    int host = url.lastIndexOf('@', end - 1) + 1;
    int bracket = url.lastIndexOf(']', end - 1);
    int colon = url.indexOf(':', Math.max(Math.max(host, start), bracket));
    if (colon >= 0 && colon < end) {
      variants.add(url.substring(0, colon) + url.substring(end));
    } else {
      String port = url.startsWith("https") ? ":443" : ":80";
      variants.add(url.substring(0, end) + port + url.substring(end));
    }
    return variants;
  }
}
