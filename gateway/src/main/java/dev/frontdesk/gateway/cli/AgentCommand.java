// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.frontdesk.config.ConfigLoader;
import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.gateway.client.AgentLoop;
import dev.frontdesk.gateway.client.ApiClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code agent}: a small agent in a terminal; the example of a client of the API. */
@Command(
    name = "agent",
    description = {
      "A terminal agent: shows offers and messages, accepts each offer, and sends what you type.",
      "TEXT answers the newest conversation; /done resolves it; /quit leaves."
    },
    mixinStandardHelpOptions = true)
public final class AgentCommand implements Callable<Integer> {

  private final ConfigLoader loader;
  private final PrintWriter out;
  private final Map<String, Long> epochs = new ConcurrentHashMap<>();
  private volatile @Nullable String newest;

  @Mixin private final ConfigOption config = new ConfigOption();

  @Option(names = "--as", required = true, description = "An agent of the configuration.")
  private String agent = "";

  @Option(names = "--url", description = "The gateway; by default as the configuration says.")
  private @Nullable String url;

  public AgentCommand(ConfigLoader loader, PrintWriter out) {
    this.loader = loader;
    this.out = out;
  }

  @Override
  public Integer call() throws Exception {
    FrontdeskConfig all = loader.load(config.file()).config();
    String token =
        all.workspaces().values().stream()
            .flatMap(workspace -> workspace.agents().entrySet().stream())
            .filter(one -> one.getKey().equals(agent))
            .findFirst()
            .orElseThrow(() -> new IOException("no agent '" + agent + "' in the configuration"))
            .getValue()
            .token()
            .newest();
    String base = url != null ? url : Addresses.publicUrl(all.server());
    ApiClient api = new ApiClient(HttpClient.newHttpClient(), URI.create(base), token);
    AgentLoop loop = new AgentLoop(api, 25, change -> show(api, change), out::println);
    Thread polling = new Thread(loop, "polling");
    polling.setDaemon(true);
    polling.start();
    out.println("you are " + agent + " at " + base + "; waiting for conversations");
    return converse(api, loop);
  }

  private int converse(ApiClient api, AgentLoop loop) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.equals("/quit")) {
        break;
      }
      String conversation = newest;
      if (conversation == null) {
        out.println("no conversation yet");
      } else if (!line.isBlank()) {
        answer(api, conversation, line);
      }
    }
    loop.stop();
    out.println(api.put("/api/v1/agent/presence", Map.of("presence", "offline")).status());
    return 0;
  }

  private void answer(ApiClient api, String conversation, String line) {
    String path = "/api/v1/conversations/" + conversation;
    ApiClient.Answer answer =
        line.equals("/done")
            ? api.post(path + "/resolve", Map.of("code", "done"))
            : api.post(
                path + "/messages",
                Map.of("text", line, "epoch", epochs.getOrDefault(conversation, 0L)),
                UUID.randomUUID().toString());
    if (!answer.isOk()) {
      out.println("refused: " + answer.status() + " " + answer.body().path("detail").asText());
    }
  }

  /** Accepts what is offered; prints what customers write. */
  private void show(ApiClient api, JsonNode change) {
    JsonNode conversation = change.path("conversation");
    String id = conversation.path("id").asText();
    epochs.put(id, conversation.path("epoch").asLong());
    switch (change.path("type").asText()) {
      case "offered" -> {
        JsonNode offer = change.path("offer").path("id");
        if (!offer.isMissingNode()) {
          accept(api, id, offer.asText());
        }
      }
      case "message", "assigned" -> out.println(line(conversation, change.path("message")));
      case "removed" -> out.println("- " + id + " " + change.path("reason").asText());
      default -> {}
    }
  }

  private void accept(ApiClient api, String id, String offer) {
    ApiClient.Answer accepted =
        api.post("/api/v1/conversations/" + id + "/accept", Map.of("offer", offer));
    if (accepted.isOk()) {
      epochs.put(id, accepted.body().path("epoch").asLong());
      newest = id;
      out.println(line(accepted.body(), accepted.body()));
    }
  }

  private static String line(JsonNode conversation, JsonNode message) {
    String text = message.path("content").path("text").asText();
    return conversation.path("id").asText()
        + " ["
        + conversation.path("channel").asText()
        + ", "
        + conversation.path("promise").asText()
        + ", due "
        + conversation.path("clocks").path("firstResponse").path("dueAt").asText("-")
        + "] "
        + (text.isEmpty() ? conversation.path("preview").asText() : text);
  }
}
