// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.classifier;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.connector.StrictJson;
import dev.frontdesk.connector.WebhookRejected;
import dev.frontdesk.gateway.domain.Customer;
import dev.frontdesk.gateway.domain.Surroundings.Looked;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads what a lookup answers: {@code {"name","tier","attributes":{…}}}, each of which may be
 * absent; an answer without any of them is a miss. Other members are passed over, so that a program
 * may answer with what it has. Stateless.
 */
final class CustomerReader {

  /** Far more than the bounds below leave room for. */
  static final int MAX_BYTES = 65_536;

  private CustomerReader() {}

  /**
   * The answer.
   *
   * @throws WebhookRejected with what is wrong
   */
  static Looked read(Buffer body) throws WebhookRejected {
    if (body.length() > MAX_BYTES) {
      throw WebhookRejected.malformed("larger than " + MAX_BYTES + " bytes");
    }
    JsonNode answer = StrictJson.object(body);
    String name = StrictJson.optionalText(answer, "name", Customer.MAX_NAME);
    String tier = StrictJson.optionalText(answer, "tier", Customer.MAX_TIER);
    Map<String, String> attributes = attributes(answer);
    return name == null && tier == null && attributes.isEmpty()
        ? new Looked(null)
        : new Looked(new Customer(null, name, tier, attributes));
  }

  private static Map<String, String> attributes(JsonNode answer) throws WebhookRejected {
    JsonNode given = answer.path("attributes");
    if (given.isMissingNode() || given.isNull()) {
      return Map.of();
    }
    Map<String, String> attributes = new HashMap<>();
    for (Map.Entry<String, JsonNode> one :
        StrictJson.requireObject(given, "attributes").properties()) {
      String value = one.getValue().isValueNode() ? one.getValue().asText() : null;
      if (value == null
          || one.getKey().isEmpty()
          || one.getKey().length() > Customer.MAX_ATTRIBUTE_NAME
          || value.length() > Customer.MAX_ATTRIBUTE) {
        throw WebhookRejected.malformed("an attribute is no text, or too long");
      }
      attributes.put(one.getKey(), value);
    }
    if (attributes.size() > Customer.MAX_ATTRIBUTES) {
      throw WebhookRejected.malformed("more than " + Customer.MAX_ATTRIBUTES + " attributes");
    }
    return attributes;
  }
}
