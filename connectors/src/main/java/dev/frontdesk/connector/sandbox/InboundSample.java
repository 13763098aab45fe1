// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.sandbox;

import dev.frontdesk.connector.WebhookRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A platform's call, signed and ready to be made.
 *
 * @param path what follows the channel's webhook address, with the query: empty, {@code /status},
 *     {@code ?signature=…}
 * @param headers by name as the platform writes it
 */
public record InboundSample(String method, String path, Map<String, String> headers, Buffer body) {

  public InboundSample {
    headers = Map.copyOf(headers);
  }

  /** The call as the edge hands it to the connector of the channel at {@code webhookUrl}. */
  public WebhookRequest request(String webhookUrl) {
    QueryStringDecoder query = new QueryStringDecoder(path);
    Map<String, List<String>> byName = new HashMap<>();
    headers.forEach((name, value) -> byName.put(name.toLowerCase(Locale.ROOT), List.of(value)));
    int question = path.indexOf('?');
    return new WebhookRequest(
        method,
        question < 0 ? path : path.substring(0, question),
        webhookUrl + path,
        query.parameters(),
        byName,
        body);
  }

  /** The same call with another body, the signature unchanged. */
  public InboundSample withBody(Buffer other) {
    return new InboundSample(method, path, headers, other);
  }

  /** The same call with one header replaced, or removed when {@code value} is empty. */
  public InboundSample withHeader(String name, String value) {
    Map<String, String> changed = new HashMap<>(headers);
    changed.keySet().removeIf(name::equalsIgnoreCase);
    if (!value.isEmpty()) {
      changed.put(name, value);
    }
    return new InboundSample(method, path, changed, body);
  }
}
