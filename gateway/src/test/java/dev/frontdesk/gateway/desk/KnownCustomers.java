// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.desk;

import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.gateway.conversation.Lookout;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.customer.CustomersInUse;
import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Surroundings;
import dev.frontdesk.gateway.domain.Triage;
import io.vertx.core.Future;

/** The lookout of a workspace with customers, that asks nobody. */
public record KnownCustomers(CustomersInUse inUse) implements Lookout {

  @Override
  public boolean looks(Workspace workspace, String channel) {
    return knowsCustomers(workspace);
  }

  @Override
  public boolean knowsCustomers(Workspace workspace) {
    return inUse.in(workspace);
  }

  @Override
  public Future<Surroundings> beforeOpening(
      Workspace workspace, ContactKey contact, InboundEvent.Received message, Known known) {
    return Future.succeededFuture(new Surroundings(null, null, null, known.customer(), null, null));
  }

  @Override
  public boolean tellsPlace(Workspace workspace, String channel) {
    return false;
  }

  @Override
  public Future<Surroundings> beforeQueueing(Workspace workspace, Triage triage) {
    return Future.succeededFuture(Surroundings.UNKNOWN);
  }
}
