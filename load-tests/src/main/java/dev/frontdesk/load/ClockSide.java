// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.gateway.client.ApiClient;
import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.gateway.client.Metrics;
import java.net.http.HttpClient;
import java.time.Instant;
import java.util.Random;

/**
 * A gateway, its Redis, and what asks it.
 *
 * @param clocks copies that were loaded into it
 */
record ClockSide(RedisProcess redis, GatewayProcess gateway, IntakeLoad load, int clocks) {

  /** Breaches by the gateway's own count. */
  long breached() {
    return Math.round(
        Metrics.read(gateway.managementUrl())
            .sum("frontdesk_first_response_total", "verdict=\"breached\""));
  }

  /** Of a sample, those whose history does not tell of one breach, at the deadline or later. */
  int wrong(int sample, Random random) {
    ApiClient api =
        new ApiClient(HttpClient.newHttpClient(), gateway.publicUrl(), LoadConfig.OPERATOR);
    int wrong = 0;
    for (int i = 0; i < sample; i++) {
      wrong += isRight(api, ClockRows.idOf(random.nextInt(clocks))) ? 0 : 1;
    }
    return wrong;
  }

  private static boolean isRight(ApiClient api, String id) {
    String path = "/api/v1/conversations/" + id;
    JsonNode first = api.get(path).body().path("clocks").path("firstResponse");
    if (!first.path("state").asText().equals("breached")) {
      return false;
    }
    Instant due = Instant.parse(first.path("dueAt").asText());
    int breaches = 0;
    for (JsonNode event : api.get(path + "/events").body().path("events")) {
      if (event.path("what").asText().equals("breached")) {
        breaches += Instant.parse(event.path("at").asText()).isBefore(due) ? 2 : 1;
      }
    }
    return breaches == 1;
  }

  void close() {
    gateway.close();
    redis.close();
  }
}
