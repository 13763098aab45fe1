// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.problem.GatewayException;
import dev.frontdesk.gateway.security.DisabledAgents;
import dev.frontdesk.gateway.security.Principal;
import dev.frontdesk.gateway.security.Tokens;
import dev.frontdesk.gateway.telemetry.GatewayMetrics;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Who is calling, by {@code Authorization: Bearer} and nothing else: a token in an address would
 * end up in logs. Thread-safe.
 */
public final class Authentication {

  private static final String SCHEME = "bearer ";

  private final Tokens tokens;
  private final DisabledAgents disabled;
  private final GatewayMetrics metrics;

  public Authentication(Tokens tokens, DisabledAgents disabled, GatewayMetrics metrics) {
    this.tokens = tokens;
    this.disabled = disabled;
    this.metrics = metrics;
  }

  /** The caller; UNAUTHENTICATED without one known token, FORBIDDEN when locked out. */
  public Principal authenticate(HttpServerRequest request) {
    List<String> headers = request.headers().getAll(HttpHeaders.AUTHORIZATION);
    if (headers.size() != 1 || !headers.get(0).regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw refused("missing", "expected one header Authorization: Bearer <token>");
    }
    return authenticate(bearer(headers.get(0)));
  }

  /** Whether the token of a request that was let in stands for this caller, asked at any time. */
  BooleanSupplier standing(HttpServerRequest request, Principal caller) {
    String token = bearer(request.getHeader(HttpHeaders.AUTHORIZATION));
    return () -> tokens.find(token).filter(caller::equals).isPresent();
  }

  private static String bearer(String header) {
    return header.substring(SCHEME.length()).strip();
  }

  /** The same for a token that came in a socket's first frame. */
  public Principal authenticate(String token) {
    Principal principal =
        tokens.find(token).orElseThrow(() -> refused("unknown", "the token is not known"));
    if (disabled.isDisabled(principal.workspace(), new Agent.Id(principal.id()))
        && principal.role() != Principal.Role.BOT) {
      metrics.authenticationFailure("disabled");
      throw new GatewayException(
          GatewayException.Kind.FORBIDDEN, "disabled", "this agent is disabled");
    }
    return principal;
  }

  private GatewayException refused(String why, String message) {
    metrics.authenticationFailure(why);
    return new GatewayException(GatewayException.Kind.UNAUTHENTICATED, "unauthenticated", message);
  }
}
