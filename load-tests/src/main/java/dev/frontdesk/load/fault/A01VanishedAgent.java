// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.LoadConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An agent with five offers vanishes: the long-poll is reset and nothing is heard again. Offers
 * would last for five minutes; they come back when the agent's lease ends, to their places before a
 * newcomer. In the control the agent goes on polling.
 */
final class A01VanishedAgent extends ProcessRow {

  private static final int OFFERS = 5;

  /** The default of {@code agents.*.lease}. */
  private static final Duration LEASE = Duration.ofSeconds(75);

  /** Of the timer that ends a lease, and of two looks, s. */
  private static final double MARGIN_SECONDS = 3;

  private static final long POLL_EACH_MILLIS = 5_000;

  A01VanishedAgent() {
    super(
        "A-01",
        "agent with five offers vanishes",
        "the agent goes on polling",
        "returnedAfterSeconds");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) {
    LoadConfig config =
        rig.config("gateway")
            .redis(rig.redis().url())
            .agents(2, OFFERS)
            .line("routing: { offerTimeout: 5m }");
    GatewayProcess gateway = rig.gateway("gateway", config);
    Desk supervisor = rig.supervisor(gateway);
    Desk vanishing = rig.agent(gateway, 0);
    for (int i = 0; i < OFFERS; i++) {
      found.equal("accepted" + i, 200, rig.send(gateway, "old" + i, "old" + i, "hello"));
    }
    vanishing.available();
    Map<String, String> dues = dues(vanishing.offers(OFFERS));
    found.equal("accepted", 200, rig.send(gateway, "newcomer", "newcomer", "hello"));
    resetPoll(rig, gateway);
    long vanished = System.nanoTime();
    long[] polled = {vanished};
    double took =
        rig.within(
            LEASE.plusSeconds(5),
            () -> {
              if (control && System.nanoTime() - polled[0] > POLL_EACH_MILLIS * 1_000_000) {
                found.holds("offers stand", vanishing.offers(OFFERS).size() == OFFERS);
                polled[0] = System.nanoTime();
              }
              return waiting(supervisor) == OFFERS + 1;
            });
    double seconds = took / 1e3;
    found.atMost("returnedAfterSeconds", LEASE.toSeconds() + MARGIN_SECONDS, seconds);
    found.atLeast("notBeforeTheLease", LEASE.toSeconds() - 1, (long) Math.min(seconds, 1e6));
    found.equal("loadOfTheVanished", 0, load(supervisor));
    if (control) {
      return;
    }
    Desk next = rig.agent(gateway, 1);
    next.available();
    Map<String, String> again = dues(next.offers(OFFERS));
    found.equal("oldestFirst", OFFERS, again.keySet().stream().filter(dues::containsKey).count());
    found.equal(
        "deadlinesKept",
        OFFERS,
        again.entrySet().stream()
            .filter(one -> one.getValue().equals(dues.get(one.getKey())))
            .count());
  }

  private static Map<String, String> dues(List<JsonNode> offers) {
    Map<String, String> dues = new HashMap<>();
    for (JsonNode offer : offers) {
      JsonNode one = offer.path("conversation");
      dues.put(
          one.path("id").asText(), one.path("clocks").path("firstResponse").path("dueAt").asText());
    }
    return dues;
  }

  private static long waiting(Desk supervisor) {
    return supervisor.conversations().stream()
        .filter(one -> one.path("state").asText().equals("waiting"))
        .count();
  }

  private static int load(Desk supervisor) {
    for (JsonNode row : Desk.ok(supervisor.api().get("/api/v1/agents")).path("agents")) {
      if (row.path("id").asText().equals("a0")) {
        return row.path("load").asInt();
      }
    }
    throw new IllegalStateException("the board has no agent a0");
  }

  /** A poll that waits, and whose connection ends by RST. */
  private static void resetPoll(Rig rig, GatewayProcess gateway) {
    try (Socket poll =
        new Socket(InetAddress.getLoopbackAddress(), gateway.publicUrl().getPort())) {
      String request =
          "GET /api/v1/agent/conversations?wait=25 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
              + LoadConfig.agentToken(0)
              + "\r\n\r\n";
      poll.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      rig.rest(500);
      poll.setSoLinger(true, 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
