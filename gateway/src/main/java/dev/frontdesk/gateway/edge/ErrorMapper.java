// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import dev.frontdesk.connector.Cut;
import dev.frontdesk.connector.WebhookRejected;
import dev.frontdesk.gateway.conversation.Outcome;
import dev.frontdesk.gateway.domain.Refusal;
import dev.frontdesk.gateway.problem.GatewayException;
import dev.frontdesk.gateway.problem.Problem;
import dev.frontdesk.gateway.problem.ProblemException;
import dev.frontdesk.gateway.store.StoreUnavailableException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only place where failures become HTTP. Never fails itself; what it does not know is a 500.
 */
public final class ErrorMapper {

  private static final Logger LOG = LoggerFactory.getLogger(ErrorMapper.class);

  private static final int MAX_DETAIL = 500;

  private ErrorMapper() {}

  /** How a client sees a failure; an unknown one is logged and told in general terms only. */
  public static Problem problem(Throwable failure) {
    if (failure instanceof ProblemException known) {
      return known.problem();
    }
    if (failure instanceof GatewayException expected) {
      return of(expected.kind().status(), expected.code(), expected.getMessage());
    }
    if (failure instanceof WebhookRejected rejected) {
      return of(status(rejected.reason()), code(rejected.reason()), rejected.getMessage());
    }
    if (failure instanceof StoreUnavailableException) {
      return of(503, "unavailable", "the store does not answer; try again");
    }
    LOG.atError().setCause(failure).log("A request failed for a reason nobody expected");
    return of(500, "internal", "the gateway failed; the operator's log says why");
  }

  /** How a client sees what the rules refuse; {@code now}: the store's time. */
  public static Problem refusal(Outcome.Refused refused, Instant now) {
    Refusal refusal = refused.refusal();
    Problem problem = of(status(refusal.code()), refusal.code().label(), refusal.message());
    return switch (refusal.code()) {
      case NOT_OWNER, STALE_SESSION, TAKEN ->
          ConversationJson.owner(refused.conversation())
              .map(owner -> problem.with("owner", owner))
              .orElse(problem)
              .with("epoch", refused.conversation().epoch());
      case SEND_WINDOW ->
          problem.with("sendWindow", ConversationJson.sendWindow(refused.conversation(), now));
      default -> problem;
    };
  }

  private static int status(Refusal.Code code) {
    return switch (code) {
      case NOT_OWNER,
          STALE_SESSION,
          TAKEN,
          NO_OFFER,
          WRONG_STATE,
          CLOSED,
          NO_CAPACITY,
          AGENT_GONE,
          ANSWERED ->
          409;
      case NOT_FOUND -> 404;
      case EXPIRED -> 410;
      case SEND_WINDOW, FULL, UNKNOWN_TARGET -> 422;
      case QUEUE_FULL -> 503;
    };
  }

  private static int status(WebhookRejected.Reason reason) {
    return switch (reason) {
      case UNAUTHENTICATED -> 401;
      case FORBIDDEN -> 403;
      case MALFORMED -> 400;
      case NOT_FOUND -> 404;
      case METHOD -> 405;
    };
  }

  private static String code(WebhookRejected.Reason reason) {
    return switch (reason) {
      case UNAUTHENTICATED -> "unauthenticated";
      case FORBIDDEN -> "forbidden";
      case MALFORMED -> "malformed";
      case NOT_FOUND -> "not-found";
      case METHOD -> "method-not-allowed";
    };
  }

  private static Problem of(
      int status, String code, @org.jspecify.annotations.Nullable String detail) {
    String said = detail == null ? "" : detail;
    String shown = Cut.to(said, MAX_DETAIL);
    return new Problem(status, code, shown, Map.of(), retryAfter(status));
  }

  /** Spread over 1 to 3 seconds, so that those refused together do not return together. */
  private static int retryAfter(int status) {
    return status == 429 || status == 503 ? 1 + ThreadLocalRandom.current().nextInt(3) : 0;
  }
}
