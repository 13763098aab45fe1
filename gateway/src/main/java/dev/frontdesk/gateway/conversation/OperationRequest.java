// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import dev.frontdesk.gateway.domain.Operation;
import java.util.function.Function;

/**
 * A command that is remembered for 24 h.
 *
 * @param answer makes the text to store as its answer from what was applied
 */
public record OperationRequest(Operation operation, Function<Outcome.Applied, String> answer) {}
