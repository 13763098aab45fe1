// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.frontdesk.gateway.TestGateway;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same {@code Idempotency-Key} after a reply that was refused. */
class RepeatedReplyTest {

  @TempDir Path folder;
  private TestGateway gateway;
  private String messages;

  @BeforeEach
  void open() {
    gateway = new TestGateway(folder);
    assertThat(gateway.message("u1", "m1", "hello")).isEqualTo(200);
    JsonNode all = gateway.as("sue").get("/api/v1/conversations").body().path("conversations");
    messages = "/api/v1/conversations/" + all.path(0).path("id").asText() + "/messages";
  }

  @AfterEach
  void close() {
    gateway.close();
  }

  private HttpResponse<String> reply(String key, String body)
      throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(gateway.url().resolve(messages))
                .header("Authorization", "Bearer " + TestGateway.token("alice"))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void reply_refused_givesTheSameAnswerAgain_andOneNote() throws Exception {
    String stale = "{\"text\":\"stale\",\"epoch\":7}";
    HttpResponse<String> first = reply("k1", stale);
    HttpResponse<String> again = reply("k1", stale);

    assertThat(first.statusCode()).isEqualTo(409);
    assertThat(first.headers().firstValue("idempotent-replayed")).isEmpty();
    assertThat(again.statusCode()).isEqualTo(409);
    assertThat(again.headers().firstValue("idempotent-replayed")).hasValue("true");
    assertThat(again.headers().firstValue("content-type")).hasValue("application/problem+json");
    assertThat(new ObjectMapper().readTree(again.body()))
        .isEqualTo(new ObjectMapper().readTree(first.body()));
    assertThat(gateway.as("sue").get(messages).body().path("messages")).hasSize(2);
  }

  @Test
  void reply_withTheKeyOfARefusedOne_andAnotherBody_is422_andNeverCalledKept() throws Exception {
    assertThat(reply("k1", "{\"text\":\"stale\",\"epoch\":7}").statusCode()).isEqualTo(409);

    HttpResponse<String> other = reply("k1", "{\"text\":\"new words\",\"epoch\":0}");

    assertThat(other.statusCode()).isEqualTo(422);
    assertThat(other.body()).contains("urn:frontdesk:problem:idempotency-key-reused");
  }
}
