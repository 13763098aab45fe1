// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import java.util.Optional;

/** What of a conversation the wallboard counts. */
public final class Board {
  private Board() {}

  /**
   * Where a waiting or offered conversation is counted.
   *
   * @param atRisk its clock is past {@code warnAt}, whether or not it is breached too
   * @param breached nobody answered and the deadline is past
   */
  public record Row(String queue, String promise, boolean atRisk, boolean breached) {}

  /** The row of a conversation; empty unless it waits or is offered. */
  public static Optional<Row> row(Conversation conversation) {
    if (conversation.stage() != Conversation.Stage.WAITING
        && conversation.stage() != Conversation.Stage.OFFERED) {
      return Optional.empty();
    }
    ResponseClock clock = conversation.clock();
    return Optional.of(
        new Row(
            conversation.triage().queue(),
            conversation.triage().promise(),
            clock != null && clock.isOpen() && clock.warned(),
            clock != null && clock.isOpen() && clock.state() == ResponseClock.State.BREACHED));
  }
}
