// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A platform's call as it arrived: nothing is parsed, trimmed or re-encoded.
 *
 * @param method upper case: {@code GET}, {@code POST}
 * @param path what follows {@code /webhooks/{workspace}/{channel}}: empty or {@code /…}
 * @param url the absolute address as the platform called it, built from the configured public
 *     address (never from {@code Host}), with the raw query
 * @param query decoded query parameters, all values in order of appearance
 * @param headers by lower-case name, all values in order of appearance
 * @param body the raw bytes; not to be modified
 */
public record WebhookRequest(
    String method,
    String path,
    String url,
    Map<String, List<String>> query,
    Map<String, List<String>> headers,
    Buffer body) {

  /** The first value of a header, whatever the case of {@code name}. */
  public Optional<String> header(String name) {
    return first(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  /** The first value of a query parameter. */
  public Optional<String> parameter(String name) {
    return first(query.get(name));
  }

  private static Optional<String> first(@Nullable List<String> values) {
    return values == null || values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
  }
}
