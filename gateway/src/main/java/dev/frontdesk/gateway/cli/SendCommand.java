// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.cli;

import dev.frontdesk.config.ConfigLoader;
import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.config.LoadedConfig;
import dev.frontdesk.connector.sandbox.InboundSample;
import dev.frontdesk.connector.sandbox.WebhookCustomer;
import dev.frontdesk.connector.webhook.WebhookConnector;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code send}: one signed customer message to a {@code webhook} channel of the configuration. */
@Command(
    name = "send",
    description = "Posts one signed customer message to a webhook channel.",
    mixinStandardHelpOptions = true)
public final class SendCommand implements Callable<Integer> {

  private final ConfigLoader loader;
  private final InstantSource clock;
  private final PrintWriter out;

  @Mixin private final ConfigOption config = new ConfigOption();

  @Option(names = "--workspace", description = "Workspace; by default the only one.")
  private @Nullable String workspace;

  @Option(names = "--channel", required = true, description = "A channel of connector webhook.")
  private String channel = "";

  @Option(names = "--text", required = true, description = "What the customer writes.")
  private String text = "";

  @Option(names = "--contact", description = "Who writes (default: ${DEFAULT-VALUE}).")
  private String contact = "customer-1";

  @Option(names = "--id", description = "Id of the message; the same id is stored once.")
  private @Nullable String id;

  @Option(names = "--url", description = "The gateway; by default as the configuration says.")
  private @Nullable String url;

  public SendCommand(ConfigLoader loader, InstantSource clock, PrintWriter out) {
    this.loader = loader;
    this.clock = clock;
    this.out = out;
  }

  @Override
  public Integer call() throws Exception {
    LoadedConfig loaded = loader.load(config.file());
    String at = workspaceOf(loaded.config());
    FrontdeskConfig.Workspace its = loaded.config().workspaces().get(at);
    if (its == null || !its.channels().containsKey(channel)) {
      throw new IOException("no channel '" + channel + "' in workspace '" + at + "'");
    }
    if (!(loaded.settings(at, channel) instanceof WebhookConnector.Settings settings)) {
      throw new IOException(
          "channel '"
              + channel
              + "' is "
              + its.channels().get(channel).connector()
              + ", expected one of connector webhook");
    }
    String message = Optional.ofNullable(id).orElseGet(() -> UUID.randomUUID().toString());
    InboundSample sample =
        new WebhookCustomer(settings.secret())
            .message(contact, contact, text, message, clock.instant());
    return post(URI.create(base(loaded.config()) + "/webhooks/" + at + "/" + channel), sample);
  }

  private int post(URI target, InboundSample sample) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target)
            .POST(HttpRequest.BodyPublishers.ofByteArray(sample.body().getBytes()));
    for (Map.Entry<String, String> header : sample.headers().entrySet()) {
      request.header(header.getKey(), header.getValue());
    }
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    out.println(answer.statusCode() + " " + answer.body());
    return answer.statusCode() / 100 == 2 ? 0 : 1;
  }

  private String workspaceOf(FrontdeskConfig all) throws IOException {
    if (workspace != null) {
      return workspace;
    }
    if (all.workspaces().size() != 1) {
      throw new IOException("--workspace is needed, one of " + all.workspaces().keySet());
    }
    return all.workspaces().keySet().iterator().next();
  }

  private String base(FrontdeskConfig all) {
    return url != null ? url : Addresses.publicUrl(all.server());
  }
}
