// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import dev.frontdesk.gateway.domain.Operation;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A command that is remembered for 24 h.
 *
 * @param answer makes the text to store as its answer from what was applied
 * @param refusal makes the text to store from a refusal that left something behind (a note): it
 *     must not be left twice, so its repeat is answered the same
 * @param once a name that one operation may use: another one with it is refused as ANSWERED; null
 *     for none
 */
public record OperationRequest(
    Operation operation,
    Function<Outcome.Applied, String> answer,
    Function<Outcome.Refused, String> refusal,
    @Nullable String once) {

  /** An operation that uses up nothing but its id. */
  public OperationRequest(
      Operation operation,
      Function<Outcome.Applied, String> answer,
      Function<Outcome.Refused, String> refusal) {
    this(operation, answer, refusal, null);
  }
}
