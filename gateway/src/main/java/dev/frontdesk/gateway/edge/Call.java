// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import dev.frontdesk.gateway.conversation.OperationRequest;
import dev.frontdesk.gateway.conversation.Outcome;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.Author;
import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.domain.Operation;
import dev.frontdesk.gateway.problem.GatewayException;
import dev.frontdesk.gateway.security.Principal;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One authorized request to the API.
 *
 * @param path the values of the path's parameters
 * @param idempotencyKey of the header, or null
 * @param lastEventId of the header a live view that comes back sends, or null
 * @param gone completes when the client's connection closes before the answer
 * @param standing whether the caller's token still stands for it
 */
record Call(
    ApiRoute route,
    Principal principal,
    Workspace workspace,
    Map<String, String> path,
    MultiMap query,
    @Nullable String idempotencyKey,
    @Nullable String lastEventId,
    Buffer body,
    JsonBody json,
    Future<Void> gone,
    BooleanSupplier standing) {

  /** What ids and cursors consist of (contract §3). */
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._~-]{1,128}");

  Agent.Id agent() {
    return new Agent.Id(principal.id());
  }

  Author author() {
    return Author.agent(agent());
  }

  /** The id in the path; what cannot be one is NOT_FOUND. */
  String id() {
    String id = path.get("id");
    if (id == null || !ID.matcher(id).matches()) {
      throw notFound();
    }
    return id;
  }

  Conversation.Id conversation() {
    return new Conversation.Id(id());
  }

  /** A query parameter, or null; given twice is MALFORMED. */
  @Nullable String parameter(String name) {
    List<String> values = query.getAll(name);
    if (values.size() > 1) {
      throw JsonBody.malformed("parameter " + name + " is given twice");
    }
    return values.isEmpty() || values.get(0).isEmpty() ? null : values.get(0);
  }

  /** A query parameter that is an id or cursor. */
  @Nullable String idParameter(String name) {
    String value = parameter(name);
    if (value != null && !ID.matcher(value).matches()) {
      throw JsonBody.malformed(
          "parameter " + name + " has characters other than A-Z a-z 0-9 . _ ~ -");
    }
    return value;
  }

  /** A whole number among the query parameters. */
  int number(String name, int otherwise, int min, int max) {
    String value = parameter(name);
    if (value == null) {
      return otherwise;
    }
    // Integer.parseInt takes digits of every script
    if (value.matches("-?[0-9]{1,9}")) {
      int number = Integer.parseInt(value);
      if (number >= min && number <= max) {
        return number;
      }
    }
    throw JsonBody.malformed("parameter " + name + " is not a number from " + min + " to " + max);
  }

  /** Refuses every query parameter that is not named here. */
  void onlyParameters(String... names) {
    Set<String> known = Set.of(names);
    if (!known.containsAll(query.names())) {
      throw JsonBody.malformed(
          "the query has a parameter that is not known, expected only " + List.of(names));
    }
  }

  /** The name of this request when it has an idempotency key, else null. */
  @Nullable Operation operation() {
    return idempotencyKey == null
        ? null
        : new Operation(
            principal.role().label() + ":" + principal.id() + ":" + idempotencyKey,
            ContactKey.digestOf(
                route
                    + "\n"
                    + path.getOrDefault("id", "")
                    + "\n"
                    + body.toString(StandardCharsets.UTF_8)));
  }

  /** The same, for a command on one conversation; {@code now}: the store's time. */
  @Nullable OperationRequest operation(Function<Outcome.Applied, Answer> answer, Instant now) {
    Operation operation = operation();
    return operation == null
        ? null
        : new OperationRequest(
            operation,
            applied -> answer.apply(applied).remembered(),
            refused -> Answer.of(ErrorMapper.refusal(refused, now)).remembered());
  }

  static GatewayException notFound() {
    return new GatewayException(
        GatewayException.Kind.NOT_FOUND, "not-found", "there is nothing of that id here");
  }
}
