// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.customer;

import dev.frontdesk.gateway.domain.Customer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A customer as an operator told it.
 *
 * @param identities at most {@link #MAX_IDENTITIES}, each once
 */
public record CustomerRow(
    String id,
    @Nullable String name,
    @Nullable String tier,
    Map<String, String> attributes,
    List<Identity> identities) {

  /** Identities at most: a link is one row each, all written in one commit. */
  public static final int MAX_IDENTITIES = 32;

  public CustomerRow {
    attributes = Map.copyOf(attributes);
    identities = List.copyOf(identities);
  }

  /** What conversations are told of it. */
  Customer customer() {
    return new Customer(id, name, tier, attributes);
  }

  CustomerRow withTier(@Nullable String other) {
    return new CustomerRow(id, name, other, attributes, identities);
  }

  List<String> digests() {
    return identities.stream().map(Identity::digest).toList();
  }

  /** Compact JSON, the same for the same customer; {@link #decode} reads it. */
  String encode() {
    JsonArray all = new JsonArray();
    identities.forEach(one -> all.add(new JsonArray().add(one.channel()).add(one.externalId())));
    return new JsonObject()
        .put("n", name)
        .put("t", tier)
        .put("a", new JsonObject(new TreeMap<String, Object>(attributes)))
        .put("d", all)
        .encode();
  }

  static CustomerRow decode(String id, String text) {
    JsonObject json = new JsonObject(text);
    Map<String, String> attributes = new TreeMap<>();
    JsonObject told = json.getJsonObject("a", new JsonObject());
    told.fieldNames().forEach(name -> attributes.put(name, told.getString(name)));
    List<Identity> identities = new ArrayList<>();
    JsonArray all = json.getJsonArray("d", new JsonArray());
    for (int i = 0; i < all.size(); i++) {
      JsonArray one = all.getJsonArray(i);
      identities.add(new Identity(one.getString(0), one.getString(1)));
    }
    return new CustomerRow(id, json.getString("n"), json.getString("t"), attributes, identities);
  }
}
