// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.wake;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.AsyncApiClient;
import dev.frontdesk.load.IntakeLoad;
import dev.frontdesk.load.Ledger;
import dev.frontdesk.load.LoadConfig;
import dev.frontdesk.load.ReadBack;
import dev.frontdesk.load.WebhookRequests;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.List;

/** Conversations that a run gives to its agents before it measures, by a supervisor. */
final class HeldConversations {

  private static final int AT_ONCE = 64;

  private HeldConversations() {}

  /**
   * Opens conversations of contacts {@link DeliveryMix#held} 0 to {@code count} - 1 and assigns
   * number i to agent i modulo {@code agents}, who are there and busy, so that nobody is offered
   * them.
   */
  static void give(
      GatewayProcess gateway,
      PollingAgents agents,
      IntakeLoad load,
      WebhookRequests requests,
      int count,
      int holders) {
    agents.as(
        () ->
            InTurn.all(
                count,
                AT_ONCE,
                i ->
                    agents
                        .patiently(
                            () -> load.one(opening(requests, i), System.nanoTime()),
                            Ledger.Outcome.ACCEPTED::equals)
                        .compose(HeldConversations::accepted)));
    List<JsonNode> open =
        new ReadBack(gateway.publicUrl(), LoadConfig.OPERATOR)
            .conversations().stream().filter(one -> externalId(one).matches("d\\d+")).toList();
    if (open.size() != count) {
      throw new IllegalStateException(open.size() + " conversations are open, not " + count);
    }
    agents.as(
        () ->
            InTurn.all(count, AT_ONCE, i -> assign(agents.api(), open.get(i), holders).mapEmpty()));
  }

  private static WebhookRequests.Signed opening(WebhookRequests requests, int number) {
    return requests.message(
        "o" + number,
        DeliveryMix.held(number),
        "hello, where is my parcel?",
        Clock.systemUTC().instant().getEpochSecond());
  }

  private static Future<Void> accepted(Ledger.Outcome outcome) {
    return outcome == Ledger.Outcome.ACCEPTED
        ? Future.succeededFuture()
        : Future.failedFuture("a conversation could not be opened: " + outcome);
  }

  private static Future<AsyncApiClient.Answer> assign(ApiCalls api, JsonNode open, int holders) {
    int number = Integer.parseInt(externalId(open).substring(1));
    return api.ok(
        HttpMethod.POST,
        "/api/v1/conversations/" + open.path("id").asText() + "/assign",
        LoadConfig.SUPERVISOR,
        new JsonObject().put("agent", "a" + number % holders));
  }

  private static String externalId(JsonNode conversation) {
    return conversation.path("contact").path("externalId").asText();
  }
}
