// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import dev.frontdesk.gateway.problem.GatewayException;
import dev.frontdesk.gateway.security.Principal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * The long-polls that are open on this node: each ends with its answer, when its client leaves,
 * when its agent is disabled or its token replaced, or when the gateway drains. Thread-safe.
 */
public final class LivePolls {

  private final WaitingClients waiting;
  private final Map<Principal, Set<Poll>> open = new ConcurrentHashMap<>();
  private volatile boolean draining;

  /** One poll, and whether its token still stands for its caller. */
  private record Poll(Promise<Answer> answer, BooleanSupplier standing) {}

  /** Polls count among {@code waiting} clients of their workspace. */
  public LivePolls(WaitingClients waiting) {
    this.waiting = waiting;
  }

  /**
   * Holds a poll until it is answered or ended; UNAVAILABLE when too many wait.
   *
   * @param standing whether the caller's token still stands for it; asked by {@link #recheck}
   * @param gone completes when the client's connection closes
   * @param start begins the poll; its argument completes when nobody waits for it any more
   */
  Future<Answer> hold(
      Principal principal,
      BooleanSupplier standing,
      Future<Void> gone,
      Function<Future<?>, Future<Answer>> start) {
    if (draining) {
      return Future.succeededFuture(Answer.NO_CONTENT);
    }
    waiting.enter(principal.workspace());
    Promise<Answer> poll = Promise.promise();
    Poll held = new Poll(poll, standing);
    poll.future().onComplete(ended -> leave(principal, held));
    // all of a principal's at once: a set that another thread just emptied is no longer in the map
    open.compute(
        principal,
        (p, polls) -> {
          Set<Poll> with = polls == null ? ConcurrentHashMap.newKeySet() : polls;
          with.add(held);
          return with;
        });
    if (draining) {
      poll.tryComplete(Answer.NO_CONTENT);
    }
    endIfReplaced(held); // a reload may have come since the caller was let in
    gone.onComplete(left -> poll.tryComplete(Answer.NO_CONTENT));
    Future.succeededFuture(poll.future())
        .compose(start)
        .onSuccess(poll::tryComplete)
        .onFailure(poll::tryFail);
    return poll.future();
  }

  private void leave(Principal principal, Poll poll) {
    waiting.leave(principal.workspace());
    open.computeIfPresent(
        principal,
        (p, polls) -> {
          polls.remove(poll);
          return polls.isEmpty() ? null : polls;
        });
  }

  /** Ends the polls of somebody who may no longer poll. */
  public void end(Principal principal) {
    open.getOrDefault(principal, Set.of())
        .forEach(
            poll ->
                poll.answer()
                    .tryFail(
                        new GatewayException(
                            GatewayException.Kind.FORBIDDEN,
                            "disabled",
                            "this agent is disabled")));
  }

  /** Ends with 401 the polls whose token no longer stands for them; call after each reload. */
  public void recheck() {
    open.values().forEach(polls -> polls.forEach(LivePolls::endIfReplaced));
  }

  private static void endIfReplaced(Poll poll) {
    if (!poll.standing().getAsBoolean()) {
      poll.answer()
          .tryFail(
              new GatewayException(
                  GatewayException.Kind.UNAUTHENTICATED,
                  "unauthenticated",
                  "the token was replaced"));
    }
  }

  /** Ends every poll with 204; those that come after are answered so at once. */
  public void drain() {
    draining = true;
    open.values()
        .forEach(polls -> polls.forEach(poll -> poll.answer().tryComplete(Answer.NO_CONTENT)));
  }

  /** How many are open. */
  public int size() {
    return open.values().stream().mapToInt(Set::size).sum();
  }
}
