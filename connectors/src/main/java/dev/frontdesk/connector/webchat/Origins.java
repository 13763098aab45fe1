// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.webchat;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The pages that may open a visitor's socket, by their origin (RFC 6454). Browsers always send one
 * and pages cannot choose it; a program that is no browser sends none and is let in, since nothing
 * but the token it presents makes it anybody. Thread-safe.
 */
public final class Origins {

  private static final String ANY = "*";

  private final Set<String> allowed = new HashSet<>();
  private final boolean any;

  /**
   * Reads the configured list.
   *
   * @throws IllegalArgumentException naming the entry that is no origin
   */
  Origins(List<String> configured) {
    this.any = configured.contains(ANY);
    for (String entry : configured) {
      if (!entry.equals(ANY)) {
        allowed.add(
            normal(entry)
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "allowedOrigins has '"
                                + entry
                                + "', expected https://host[:port] without a path")));
      }
    }
  }

  /** Whether a handshake with this {@code Origin} header (null: without one) is taken. */
  public boolean admits(@Nullable String origin) {
    if (origin == null || any) {
      return true;
    }
    return normal(origin).map(allowed::contains).orElse(false);
  }

  /** Scheme, host and port in one spelling; empty for {@code null} and whatever is no origin. */
  private static Optional<String> normal(String origin) {
    try {
      URI uri = new URI(origin);
      String scheme = uri.getScheme();
      if (scheme == null
          || uri.getHost() == null
          || uri.getUserInfo() != null
          || !uri.getRawPath().isEmpty()
          || uri.getRawQuery() != null
          || uri.getRawFragment() != null) {
        return Optional.empty();
      }
      String lower = scheme.toLowerCase(Locale.ROOT);
      int port = uri.getPort() >= 0 ? uri.getPort() : lower.equals("https") ? 443 : 80;
      return lower.equals("https") || lower.equals("http")
          ? Optional.of(lower + "://" + uri.getHost().toLowerCase(Locale.ROOT) + ":" + port)
          : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
