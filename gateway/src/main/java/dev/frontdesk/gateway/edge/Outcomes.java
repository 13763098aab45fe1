// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import dev.frontdesk.gateway.conversation.Outcome;
import dev.frontdesk.gateway.problem.ProblemException;
import java.time.Instant;
import java.util.function.Function;

/** How the outcome of a command is told. */
final class Outcomes {

  private Outcomes() {}

  /** The answer, or a failure that {@link ErrorMapper} knows; {@code now}: the store's time. */
  static Answer told(Outcome outcome, Function<Outcome.Applied, Answer> answer, Instant now) {
    if (outcome instanceof Outcome.Applied applied) {
      return answer.apply(applied);
    }
    if (outcome instanceof Outcome.Replayed replayed) {
      return Answer.replay(replayed.answer());
    }
    if (outcome instanceof Outcome.Refused refused) {
      throw new ProblemException(ErrorMapper.refusal(refused, now));
    }
    throw outcome instanceof Outcome.Reused ? Idempotency.reused() : Call.notFound();
  }
}
