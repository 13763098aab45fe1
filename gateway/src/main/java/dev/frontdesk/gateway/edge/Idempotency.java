// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Operation;
import dev.frontdesk.gateway.problem.GatewayException;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.CommitResult;
import dev.frontdesk.gateway.store.Guard;
import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.Write;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the answers of requests that are no command on one conversation, in the same rows as
 * those (which remember their answer in their own commit). The action runs before its answer is
 * remembered, unless it does that itself: each action behind this is harmless to repeat after a
 * crash in between.
 */
final class Idempotency {

  private static final Duration KEPT = Duration.ofHours(24);

  private final Store store;

  Idempotency(Store store) {
    this.store = store;
  }

  /** Runs {@code action}, unless the same request was answered before. */
  Future<Answer> once(Call call, Supplier<Future<Answer>> action) {
    Operation operation = call.operation();
    if (operation == null) {
      return action.get();
    }
    Key key = call.workspace().keys().operation(ContactKey.digestOf(operation.id()));
    return store
        .get(key)
        .compose(
            known ->
                known != null
                    ? Future.succeededFuture(replay(known, operation))
                    : action.get().compose(answer -> remember(call, key, operation, answer)));
  }

  private static Answer replay(String known, Operation operation) {
    int end = known.indexOf('\n');
    if (!known.substring(0, end).equals(operation.digest())) {
      throw reused();
    }
    return Answer.replay(known.substring(end + 1));
  }

  private Future<Answer> remember(Call call, Key key, Operation operation, Answer answer) {
    String row = operation.digest() + "\n" + answer.remembered();
    return store
        .commit(
            Commit.of(
                    call.workspace().id(),
                    store.clock(call.workspace().id()).now(),
                    Commit.Urgency.RELEASING)
                .guard(new Guard.Absent(key, null))
                .write(new Write.Set(key, row, KEPT.toMillis()))
                .build())
        .compose(
            result ->
                result instanceof CommitResult.Conflict
                    ? store.get(key).map(known -> remembered(known, operation, answer))
                    : Future.succeededFuture(answer));
  }

  /** The action remembered its answer itself, or the same request was answered meanwhile. */
  private static Answer remembered(@Nullable String known, Operation operation, Answer answer) {
    if (known == null) {
      return answer;
    }
    Answer first = replay(known, operation);
    return first.body().equals(answer.body()) ? answer : first;
  }

  static GatewayException reused() {
    return new GatewayException(
        GatewayException.Kind.UNPROCESSABLE,
        "idempotency-key-reused",
        "this Idempotency-Key was used for another request in the last 24 hours");
  }
}
