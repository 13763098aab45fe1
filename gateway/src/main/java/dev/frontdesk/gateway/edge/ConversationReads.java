// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import dev.frontdesk.gateway.conversation.ConversationQueries;
import dev.frontdesk.gateway.conversation.ConversationService.Snapshot;
import dev.frontdesk.gateway.customer.CustomerRow;
import dev.frontdesk.gateway.customer.Identity;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.Customer;
import dev.frontdesk.gateway.domain.Message;
import dev.frontdesk.gateway.domain.Owner;
import dev.frontdesk.gateway.security.Principal.Role;
import dev.frontdesk.gateway.store.StoreClocks;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reading conversations, their messages and their history. */
final class ConversationReads {

  private static final int MAX_LIMIT = 200;
  private static final int DEFAULT_LIMIT = 50;

  private final Rooms.Conversations conversations;
  private final Rooms.Customers customers;
  private final ConversationQueries queries;
  private final StoreClocks clocks;

  ConversationReads(
      Rooms.Conversations conversations,
      Rooms.Customers customers,
      ConversationQueries queries,
      StoreClocks clocks) {
    this.conversations = conversations;
    this.customers = customers;
    this.queries = queries;
    this.clocks = clocks;
  }

  Future<Answer> conversation(Call call) {
    call.onlyParameters();
    return readable(call)
        .compose(
            found -> {
              JsonObject shown = json(call, found);
              return alternatives(call, found.conversation(), shown).map(done -> Answer.ok(shown));
            });
  }

  /** Where else the customer of an unreachable conversation is known; bots need not know. */
  private Future<Void> alternatives(Call call, Conversation conversation, JsonObject shown) {
    JsonObject unreachable = shown.getJsonObject(ConversationJson.UNREACHABLE);
    Customer customer = conversation.customer();
    if (unreachable == null
        || customer == null
        || customer.id() == null
        || call.principal().role() == Role.BOT) {
      return Future.succeededFuture();
    }
    String channel = conversation.contact().channel();
    return customers
        .find(call.workspace(), customer.id())
        .onSuccess(row -> unreachable.put("alternatives", others(call, row, channel)))
        .mapEmpty();
  }

  private static JsonArray others(Call call, @Nullable CustomerRow row, String channel) {
    JsonArray others = new JsonArray();
    if (row != null) {
      for (Identity identity : row.identities()) {
        if (!identity.channel().equals(channel)
            && call.workspace().terms().channels().containsKey(identity.channel())) {
          others.add(
              new JsonObject()
                  .put("channel", identity.channel())
                  .put("externalId", identity.externalId()));
        }
      }
    }
    return others;
  }

  Future<Answer> messages(Call call) {
    call.onlyParameters("after", "before", "limit");
    int limit = call.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    int after = call.number("after", -1, 0, Integer.MAX_VALUE - MAX_LIMIT - 1);
    int before = call.number("before", -1, 0, Integer.MAX_VALUE);
    if (after >= 0 && before >= 0) {
      throw JsonBody.malformed("the query has both after and before, expected one of them");
    }
    return readable(call)
        .compose(found -> range(call, found.conversation(), after, before, limit))
        .map(messages -> Answer.ok(new JsonObject().put("messages", array(call, messages))));
  }

  private Future<List<Message>> range(
      Call call, Conversation conversation, int after, int before, int limit) {
    int last = conversation.lastSeq();
    int from = after >= 0 ? after + 1 : Math.max(1, (before < 0 ? last + 1 : before) - limit);
    int to = after >= 0 ? after + limit : before < 0 ? last : before - 1;
    return from > Math.min(to, last)
        ? Future.succeededFuture(List.of())
        : conversations.messages(call.workspace(), conversation.id(), from, Math.min(to, last));
  }

  private static JsonArray array(Call call, List<Message> messages) {
    JsonArray array = new JsonArray();
    messages.forEach(m -> array.add(ConversationJson.message(call.conversation(), m)));
    return array;
  }

  Future<Answer> events(Call call) {
    call.onlyParameters();
    return readable(call)
        .compose(found -> queries.history(call.workspace(), call.conversation()))
        .map(
            history -> {
              JsonArray events = new JsonArray();
              history.forEach(audit -> events.add(ConversationJson.audit(audit)));
              return Answer.ok(new JsonObject().put("events", events));
            });
  }

  Future<Answer> list(Call call) {
    call.onlyParameters("state", "queue", "agent", "channel", "customer", "limit", "cursor");
    int limit = call.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    String customer = call.idParameter("customer");
    ConversationQueries.Position after = position(call);
    Predicate<Conversation> filter = filter(call);
    Future<ConversationQueries.Listed> page =
        customer == null
            ? queries.list(call.workspace(), filter, after, limit)
            : identities(call, customer)
                .compose(of -> queries.list(call.workspace(), of, filter, after, limit));
    return page.map(
        listed -> {
          JsonArray shown = new JsonArray();
          listed.conversations().forEach(found -> shown.add(json(call, found)));
          JsonObject answer = new JsonObject().put("conversations", shown);
          return Answer.ok(
              listed.next() == null ? answer : answer.put("cursor", listed.next().toString()));
        });
  }

  /** Digests of a customer's identities; the id of one without a link is its digest. */
  private Future<Set<String>> identities(Call call, String customer) {
    return customers
        .find(call.workspace(), customer)
        .map(
            row ->
                row == null
                    ? Set.of(customer)
                    : row.identities().stream()
                        .map(Identity::digest)
                        .collect(Collectors.toUnmodifiableSet()));
  }

  private static ConversationQueries.@Nullable Position position(Call call) {
    String cursor = call.idParameter("cursor");
    try {
      return cursor == null ? null : ConversationQueries.Position.parse(cursor);
    } catch (IllegalArgumentException e) {
      throw JsonBody.malformed("parameter cursor was not issued by this list");
    }
  }

  private static Predicate<Conversation> filter(Call call) {
    String state = call.parameter("state");
    if (state != null
        && Arrays.stream(Conversation.Stage.values()).noneMatch(s -> s.label().equals(state))) {
      throw JsonBody.malformed("parameter state is not known, expected bot, waiting, offered …");
    }
    String queue = call.parameter("queue");
    String agent = call.parameter("agent");
    String channel = call.parameter("channel");
    return c ->
        (state == null || c.stage().label().equals(state))
            && (queue == null || c.triage().queue().equals(queue))
            && (agent == null || owns(c, Owner.Kind.AGENT, agent))
            && (channel == null || c.contact().channel().equals(channel));
  }

  /** The conversation of the path; a bot sees only those it owns. */
  private Future<Snapshot> readable(Call call) {
    return conversations
        .find(call.workspace(), call.conversation())
        .map(
            found -> {
              if (found == null
                  || (call.principal().role() == Role.BOT
                      && !owns(found.conversation(), Owner.Kind.BOT, call.principal().id()))) {
                throw Call.notFound();
              }
              return found;
            });
  }

  private static boolean owns(Conversation conversation, Owner.Kind kind, String id) {
    Owner owner = conversation.owner();
    return owner != null && owner.kind() == kind && owner.id().equals(id);
  }

  private JsonObject json(Call call, Snapshot found) {
    return ConversationJson.of(
        call.workspace().id(),
        found.conversation(),
        found.version(),
        clocks.clock(call.workspace().id()).now());
  }
}
