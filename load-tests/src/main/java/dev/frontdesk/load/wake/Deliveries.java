// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.wake;

import dev.frontdesk.load.LoadConfig;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What agents hear of in a delivery run: messages of conversations they hold, by the message's id,
 * and offers of new conversations, which they accept, by the contact's. Thread-safe.
 */
final class Deliveries implements PollingAgents.Listener {

  private final Arrivals assigned = new Arrivals();
  private final Arrivals opened = new Arrivals();
  private final AtomicInteger notAccepted = new AtomicInteger();

  /** A message is sent now that somebody waits for, or nobody. */
  void plan(DeliveryMix.Kind kind, String id, long plannedNanos) {
    if (kind == DeliveryMix.Kind.ASSIGNED) {
      assigned.plan(id, plannedNanos);
    } else if (kind == DeliveryMix.Kind.NEW) {
      opened.plan(id, plannedNanos);
    }
  }

  @Override
  public void changed(PollingAgents agents, int agent, JsonObject change, long atNanos) {
    String type = change.getString("type", "");
    if (type.equals("message")) {
      JsonObject message = change.getJsonObject("message", new JsonObject());
      assigned.arrive(message.getString("externalId", ""), atNanos);
    } else if (type.equals("offered")) {
      JsonObject conversation = change.getJsonObject("conversation");
      opened.arrive(conversation.getJsonObject("contact").getString("externalId", ""), atNanos);
      accept(agents, agent, conversation.getString("id"), change.getJsonObject("offer"));
    }
  }

  private void accept(PollingAgents agents, int agent, String conversation, JsonObject offer) {
    agents
        .api()
        .ok(
            HttpMethod.POST,
            "/api/v1/conversations/" + conversation + "/accept",
            LoadConfig.agentToken(agent),
            new JsonObject().put("offer", offer == null ? "" : offer.getString("id")))
        .onFailure(refused -> notAccepted.incrementAndGet());
  }

  /** Leaves what was planned before out of the latencies; it is still accounted for. */
  void countFrom(long nanos) {
    assigned.countFrom(nanos);
    opened.countFrom(nanos);
  }

  Arrivals assigned() {
    return assigned;
  }

  Arrivals opened() {
    return opened;
  }

  int planned() {
    return assigned.planned() + opened.planned();
  }

  /** Of what was accepted, what reached no poll within {@code patience} of its plan. */
  long lost(Set<String> accepted, Duration patience) {
    return assigned.lost(accepted, patience) + opened.lost(accepted, patience);
  }

  /** Messages that came to a poll twice. */
  int repeated() {
    return assigned.repeated() + opened.repeated();
  }

  /** Offers that could not be accepted. */
  int notAccepted() {
    return notAccepted.get();
  }
}
