// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.gateway.client.AgentLoop;
import dev.frontdesk.gateway.client.ApiClient;
import dev.frontdesk.gateway.client.GatewayProcess;
import java.net.http.HttpClient;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What the intake runs send, and the agents who poll meanwhile. Every fourth message opens a
 * conversation, the others go to one of the first 10,000; bodies have 200 to 800 bytes. Messages
 * are made on one thread.
 */
public final class IntakeTraffic {

  /** Conversations that messages go on in. */
  static final int CONTACTS = 10_000;

  private static final int AGENTS = 8;
  private static final String FILLER = "商品到货时包装破损 the parcel arrived damaged ".repeat(12);

  private final Random random;
  private final WebhookRequests requests =
      new WebhookRequests(LoadConfig.WORKSPACE, LoadConfig.CHANNEL, LoadConfig.SECRET);
  private int sequence;
  private int newContacts;

  IntakeTraffic(long seed) {
    this.random = new Random(seed);
  }

  /** The next call. */
  WebhookRequests.Signed next() {
    int number = ++sequence;
    String contact;
    if (opens(number, newContacts)) {
      contact = "n" + ++newContacts;
    } else {
      contact = "n" + (1 + random.nextInt(Math.min(newContacts, CONTACTS)));
    }
    return requests.message(
        "m" + number, contact, text(number, random), Clock.systemUTC().instant().getEpochSecond());
  }

  /** Whether a message opens a conversation. */
  static boolean opens(int number, int opened) {
    return number % 4 == 0 || opened < 100;
  }

  /** One in nine is urgent. */
  public static String text(int number, Random random) {
    return (number % 9 == 0 ? "urgent 退款 " : "hello ")
        + FILLER.substring(0, 60 + random.nextInt(340));
  }

  /** Contacts that wrote, on whatever side. */
  int contacts() {
    return newContacts;
  }

  /** Eight agents who accept whatever they are offered, until they are stopped. */
  static List<AgentLoop> agents(GatewayProcess gateway) {
    HttpClient http = HttpClient.newHttpClient();
    List<AgentLoop> loops = new ArrayList<>();
    for (int i = 0; i < AGENTS; i++) {
      ApiClient api = new ApiClient(http, gateway.publicUrl(), LoadConfig.agentToken(i));
      AgentLoop loop = new AgentLoop(api, 20, change -> accept(api, change), trouble -> {});
      Thread thread = new Thread(loop, "agent-" + i);
      thread.setDaemon(true);
      thread.start();
      loops.add(loop);
    }
    return loops;
  }

  private static void accept(ApiClient api, JsonNode change) {
    if (change.path("type").asText().equals("offered")) {
      String id = change.path("conversation").path("id").asText();
      ApiClient.Answer accepted =
          api.post(
              "/api/v1/conversations/" + id + "/accept",
              Map.of("offer", change.path("offer").path("id").asText()));
      assert accepted.status() > 0;
    }
  }
}
