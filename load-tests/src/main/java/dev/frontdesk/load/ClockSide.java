// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.gateway.client.ApiClient;
import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.gateway.client.Metrics;
import java.net.http.HttpClient;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A gateway, its Redis, and what asks it.
 *
 * @param clocks copies that were loaded into it
 */
record ClockSide(RedisProcess redis, GatewayProcess gateway, IntakeLoad load, int clocks)
    implements AutoCloseable {

  private static final int BATCH = 1_000;

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

  /**
   * Takes out the timers and the rows of what was opened after the copies. What counts them stays,
   * and so do the pointers of their contacts.
   */
  void forgetOpened() {
    String prefix = "{" + LoadConfig.WORKSPACE + "}:";
    RedisProcess.ask(
        redis.url(),
        commands -> {
          List<String> opened = commands.zrange(prefix + "ix", clocks + 1L, -1);
          for (int from = 0; from < opened.size(); from += BATCH) {
            String[] rows =
                opened.subList(from, Math.min(opened.size(), from + BATCH)).stream()
                    .flatMap(
                        id -> Stream.of(prefix + "c:" + id, prefix + "m:" + id, prefix + "h:" + id))
                    .toArray(String[]::new);
            commands.del(rows);
          }
          commands.zremrangebyrank(prefix + "ix", clocks + 1L, -1);
          return commands.zremrangebyrank(prefix + "t", clocks + 1L, -1);
        });
  }

  @Override
  public void close() {
    gateway.close();
    redis.close();
  }
}
