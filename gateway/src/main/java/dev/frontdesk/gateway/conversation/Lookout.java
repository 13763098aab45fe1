// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Surroundings;
import dev.frontdesk.gateway.domain.Triage;
import io.vertx.core.Future;

/**
 * Finds out what a decision takes from outside of its conversation, before it is made. Thread-safe;
 * futures complete on the caller's context.
 */
public interface Lookout {

  /** Whether there is anything to find out before a conversation of the channel opens. Cheap. */
  boolean looks(Workspace workspace, String channel);

  /**
   * Before {@code message} opens a conversation. Takes no longer than its bounds say; fails only
   * when the store does.
   */
  Future<Surroundings> beforeOpening(
      Workspace workspace, ContactKey contact, InboundEvent.Received message);

  /** Whether a conversation of the channel is told its place in the queue. Cheap. */
  boolean tellsPlace(Workspace workspace, String channel);

  /** Before a conversation with this triage joins its queue. */
  Future<Surroundings> beforeQueueing(Workspace workspace, Triage triage);

  /** There is never anything to find out. */
  static Lookout none() {
    return new Lookout() {
      @Override
      public boolean looks(Workspace workspace, String channel) {
        return false;
      }

      @Override
      public Future<Surroundings> beforeOpening(
          Workspace workspace, ContactKey contact, InboundEvent.Received message) {
        return Future.succeededFuture(Surroundings.UNKNOWN);
      }

      @Override
      public boolean tellsPlace(Workspace workspace, String channel) {
        return false;
      }

      @Override
      public Future<Surroundings> beforeQueueing(Workspace workspace, Triage triage) {
        return Future.succeededFuture(Surroundings.UNKNOWN);
      }
    };
  }
}
