// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.frontdesk.gateway.domain.Customer;
import java.io.IOException;
import java.util.Map;

/** What is known of a customer, as it is stored: {@code i id · n name · t tier · a attributes}. */
final class StoredCustomer {
  private StoredCustomer() {}

  static void write(JsonGenerator json, Customer customer) throws IOException {
    json.writeStartObject();
    Fields.text(json, "i", customer.id());
    Fields.text(json, "n", customer.name());
    Fields.text(json, "t", customer.tier());
    Fields.texts(json, "a", customer.attributes());
    json.writeEndObject();
  }

  /** The object the parser stands on. */
  static Customer read(JsonParser json) throws IOException {
    String id = null;
    String name = null;
    String tier = null;
    Map<String, String> attributes = Map.of();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "i" -> id = json.getText();
        case "n" -> name = json.getText();
        case "t" -> tier = json.getText();
        case "a" -> attributes = Fields.texts(json);
        default -> json.skipChildren();
      }
    }
    return new Customer(id, name, tier, attributes);
  }
}
