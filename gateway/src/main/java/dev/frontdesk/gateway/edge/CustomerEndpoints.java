// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import dev.frontdesk.gateway.conversation.ConversationQueries;
import dev.frontdesk.gateway.conversation.ConversationService.Snapshot;
import dev.frontdesk.gateway.customer.CustomerRow;
import dev.frontdesk.gateway.customer.Identity;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.Customer;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What operators tell of customers: who they are, and that they are to be forgotten. */
final class CustomerEndpoints {

  /** An erasure that takes longer is answered as accepted; it goes on. */
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

  private static final int MAX_EXTERNAL_ID = 1_024;
  private static final int MAX_CHANNEL = 128;

  private final Rooms.Customers customers;
  private final ConversationQueries queries;

  CustomerEndpoints(Rooms.Customers customers, ConversationQueries queries) {
    this.customers = customers;
    this.queries = queries;
  }

  /** Of a contact that is linked to nobody: what its newest conversation shows. */
  Future<Answer> customer(Call call) {
    call.onlyParameters();
    String id = call.id();
    return customers
        .find(call.workspace(), id)
        .compose(
            row ->
                row != null
                    ? Future.succeededFuture(Answer.ok(json(row)))
                    : queries
                        .list(
                            call.workspace(),
                            Set.of(id),
                            c -> ConversationJson.customer(c).equals(id),
                            null,
                            1)
                        .map(CustomerEndpoints::contact));
  }

  private static Answer contact(ConversationQueries.Listed listed) {
    if (listed.conversations().isEmpty()) {
      throw Call.notFound();
    }
    Snapshot newest = listed.conversations().get(0);
    Conversation of = newest.conversation();
    Customer known = of.customer();
    return Answer.ok(
        json(
            new CustomerRow(
                of.contact().identity(),
                known == null || known.name() == null ? of.contactName() : known.name(),
                of.customerTier(),
                known == null ? Map.of() : known.attributes(),
                List.of(new Identity(of.contact().channel(), of.contact().externalId())))));
  }

  Future<Answer> put(Call call) {
    call.onlyParameters();
    JsonBody body = call.json().only("id", "name", "tier", "attributes", "identities");
    String id = call.id();
    String repeated = body.optionalText("id", 128);
    if (repeated != null && !repeated.equals(id)) {
      throw JsonBody.malformed("id is another one than in the path");
    }
    CustomerRow row =
        new CustomerRow(
            id,
            filled(body, "name", Customer.MAX_NAME),
            filled(body, "tier", Customer.MAX_TIER),
            body.texts(
                "attributes",
                Customer.MAX_ATTRIBUTES,
                Customer.MAX_ATTRIBUTE_NAME,
                Customer.MAX_ATTRIBUTE),
            identities(call, body));
    return customers.put(call.workspace(), row).map(put -> Answer.ok(json(put)));
  }

  private static @Nullable String filled(JsonBody body, String name, int max) {
    String text = body.optionalText(name, max);
    if (text != null && text.isBlank()) {
      throw JsonBody.malformed(name + " is empty, expected a text or null");
    }
    return text;
  }

  private static List<Identity> identities(Call call, JsonBody body) {
    if (!body.has("identities")) {
      return List.of();
    }
    List<Identity> identities = new ArrayList<>();
    for (JsonBody one : body.objects("identities", 0, CustomerRow.MAX_IDENTITIES)) {
      one.only("channel", "externalId");
      Identity identity =
          new Identity(one.text("channel", MAX_CHANNEL), one.text("externalId", MAX_EXTERNAL_ID));
      if (!call.workspace().config().channels().containsKey(identity.channel())) {
        throw JsonBody.malformed(one.place("channel") + " is none of the workspace's channels");
      }
      identities.add(identity);
    }
    if (new HashSet<>(identities).size() < identities.size()) {
      throw JsonBody.malformed("identities has one twice");
    }
    return identities;
  }

  Future<Answer> erase(Call call) {
    call.onlyParameters();
    return customers
        .erase(call.workspace(), call.id())
        .compose(
            under -> {
              if (under == null) {
                throw Call.notFound();
              }
              return under
                  .timeout(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                  .map(new Answer(204, io.vertx.core.buffer.Buffer.buffer(), false));
            })
        .recover(
            failure ->
                failure instanceof TimeoutException
                    ? Future.succeededFuture(
                        new Answer(202, new JsonObject().put("id", call.id()).toBuffer(), false))
                    : Future.failedFuture(failure));
  }

  private static JsonObject json(CustomerRow row) {
    JsonArray identities = new JsonArray();
    row.identities()
        .forEach(
            one ->
                identities.add(
                    new JsonObject()
                        .put("channel", one.channel())
                        .put("externalId", one.externalId())));
    return new JsonObject()
        .put("id", row.id())
        .put("name", row.name())
        .put("tier", row.tier())
        .put("attributes", new JsonObject(new TreeMap<String, Object>(row.attributes())))
        .put("identities", identities);
  }
}
