// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Customer;
import dev.frontdesk.gateway.domain.Surroundings;
import dev.frontdesk.gateway.domain.Triage;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what a decision takes from outside of its conversation, before it is made. Thread-safe;
 * futures complete on the caller's context.
 */
public interface Lookout {

  /** Whether there is anything to find out before a conversation of the channel opens. Cheap. */
  boolean looks(Workspace workspace, String channel);

  /** Whether the workspace has customers, or looks them up. Cheap. */
  boolean knowsCustomers(Workspace workspace);

  /**
   * Before {@code message} opens a conversation. Takes no longer than its bounds say; fails only
   * when the store does.
   */
  Future<Surroundings> beforeOpening(
      Workspace workspace, ContactKey contact, InboundEvent.Received message, Known known);

  /**
   * What the store knows of the contact's customer.
   *
   * @param linked the customer it is linked to, or null
   * @param looked what a lookup said not long ago, or null: it is to be asked
   */
  record Known(@Nullable Customer linked, Surroundings.@Nullable Looked looked) {

    /** Nobody asked the store. */
    public static final Known NOTHING = new Known(null, null);

    /** Both together. */
    public @Nullable Customer customer() {
      return Customer.of(linked, looked == null ? null : looked.customer());
    }
  }

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
      public boolean knowsCustomers(Workspace workspace) {
        return false;
      }

      @Override
      public Future<Surroundings> beforeOpening(
          Workspace workspace, ContactKey contact, InboundEvent.Received message, Known known) {
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
