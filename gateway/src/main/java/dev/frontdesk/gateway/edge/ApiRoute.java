// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import static dev.frontdesk.gateway.security.Principal.Role.AGENT;
import static dev.frontdesk.gateway.security.Principal.Role.BOT;
import static dev.frontdesk.gateway.security.Principal.Role.OPERATOR;
import static dev.frontdesk.gateway.security.Principal.Role.SUPERVISOR;

import dev.frontdesk.gateway.security.Principal.Role;
import io.vertx.core.http.HttpMethod;
import java.util.Set;

/**
 * Every route of the API and the roles that may use it: the whole authorization there is, in one
 * table. Templates are those of {@code openapi.yaml}.
 */
public enum ApiRoute {
  PRESENCE("PUT", "/agent/presence", AGENT, SUPERVISOR),
  POLL("GET", "/agent/conversations", AGENT, SUPERVISOR),
  TAKE("POST", "/queue/take", AGENT, SUPERVISOR),

  CONVERSATIONS("GET", "/conversations", AGENT, SUPERVISOR, OPERATOR),
  CONVERSATION("GET", "/conversations/{id}", AGENT, SUPERVISOR, OPERATOR, BOT),
  MESSAGES("GET", "/conversations/{id}/messages", AGENT, SUPERVISOR, OPERATOR, BOT),
  EVENTS("GET", "/conversations/{id}/events", AGENT, SUPERVISOR, OPERATOR),

  ACCEPT("POST", "/conversations/{id}/accept", AGENT, SUPERVISOR),
  DECLINE("POST", "/conversations/{id}/decline", AGENT, SUPERVISOR),
  SEND("POST", "/conversations/{id}/messages", AGENT, SUPERVISOR),
  NOTE("POST", "/conversations/{id}/notes", AGENT, SUPERVISOR),
  TYPING("POST", "/conversations/{id}/typing", AGENT, SUPERVISOR),
  TRANSFER("POST", "/conversations/{id}/transfer", AGENT, SUPERVISOR),
  PAUSE("POST", "/conversations/{id}/pause", AGENT, SUPERVISOR),
  RESUME("POST", "/conversations/{id}/resume", AGENT, SUPERVISOR),
  RELEASE("POST", "/conversations/{id}/release", AGENT, SUPERVISOR),
  RESOLVE("POST", "/conversations/{id}/resolve", AGENT, SUPERVISOR),
  ASSIGN("POST", "/conversations/{id}/assign", SUPERVISOR),
  PROMISE("PUT", "/conversations/{id}/promise", SUPERVISOR),
  ACKNOWLEDGE("POST", "/conversations/{id}/escalation/acknowledge", SUPERVISOR),

  QUEUE("GET", "/queue", SUPERVISOR, OPERATOR),
  AGENTS("GET", "/agents", SUPERVISOR, OPERATOR),
  FIRST_RESPONSE("GET", "/reports/first-response", SUPERVISOR, OPERATOR),
  CLOCKS("GET", "/reports/clocks", SUPERVISOR, OPERATOR),
  LIVE("GET", "/events", SUPERVISOR),

  CHANNELS("GET", "/channels", OPERATOR),
  DISABLE_AGENT("POST", "/agents/{id}/disable", OPERATOR),
  ENABLE_AGENT("POST", "/agents/{id}/enable", OPERATOR),
  DEAD_LETTERS("GET", "/dead-letters", OPERATOR),
  RETRY_DEAD_LETTER("POST", "/dead-letters/{id}/retry", OPERATOR),
  DELETE_DEAD_LETTER("DELETE", "/dead-letters/{id}", OPERATOR),
  CUSTOMER("GET", "/customers/{id}", OPERATOR),
  PUT_CUSTOMER("PUT", "/customers/{id}", OPERATOR),
  ERASE_CUSTOMER("DELETE", "/customers/{id}", OPERATOR);

  /** What every path of the API begins with. */
  public static final String ROOT = "/api/v1";

  private final String method;
  private final String path;

  @SuppressWarnings("ImmutableEnumChecker") // Set.of is immutable, its type cannot say so
  private final Set<Role> roles;

  ApiRoute(String method, String path, Role... roles) {
    this.method = method;
    this.path = ROOT + path;
    this.roles = Set.of(roles);
  }

  public HttpMethod method() {
    return HttpMethod.valueOf(method);
  }

  /** The path with its parameters in braces. */
  public String path() {
    return path;
  }

  public boolean allows(Role role) {
    return roles.contains(role);
  }

  /** Whether a body is read at all. */
  boolean hasBody() {
    return method.equals("POST") || method.equals("PUT");
  }

  /** Whether a request without {@code Idempotency-Key} is refused. */
  public boolean needsIdempotencyKey() {
    return this == SEND || this == TAKE;
  }
}
