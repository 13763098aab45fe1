// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.fault;

import dev.frontdesk.config.Secret;
import dev.frontdesk.connector.sandbox.WebhookCustomer;
import dev.frontdesk.gateway.TestGateway;
import java.nio.file.Path;

/**
 * The configuration of fault tests. Workspace {@code acme}: webhook channel {@code hook}, agents
 * {@code alice} and {@code bob}, a supervisor {@code sue}; workspace {@code beta} with a {@code
 * hook} of another secret. Rows change what they are about.
 */
final class DeskYaml {

  static final String OTHER_SECRET = "whsec_b3RoZXItc2VjcmV0LTAxMjM0NTY3ODlhYmNkZWY=";
  static final WebhookCustomer CUSTOMER = new WebhookCustomer(Secret.of(TestGateway.SECRET));

  private String redisUrl = "";
  private String limits = "{}";
  private String routing = "{}";
  private String firstResponse = "4h";
  private String sendUrl = "http://127.0.0.1:9/";
  private int capacity = 4;
  private final StringBuilder channels = new StringBuilder();
  private final StringBuilder agents = new StringBuilder();
  private final StringBuilder more = new StringBuilder();

  DeskYaml redis(OwnRedis redis) {
    redisUrl = redis.url();
    return this;
  }

  /** {@code server.limits}, in flow style. */
  DeskYaml limits(String flow) {
    limits = flow;
    return this;
  }

  /** {@code routing}, in flow style. */
  DeskYaml routing(String flow) {
    routing = flow;
    return this;
  }

  /** Target of the promise {@code normal}, which every conversation gets. */
  DeskYaml firstResponse(String duration) {
    firstResponse = duration;
    return this;
  }

  DeskYaml sendUrl(String url) {
    sendUrl = url;
    return this;
  }

  /** Capacity of every agent. */
  DeskYaml capacity(int each) {
    capacity = each;
    return this;
  }

  DeskYaml channel(String id, String flow) {
    channels.append("      ").append(id).append(": ").append(flow).append('\n');
    return this;
  }

  DeskYaml agent(String id) {
    agents.append("      ").append(id).append(": ").append(agentOf(id)).append('\n');
    return this;
  }

  DeskYaml operator(String id) {
    String token = TestGateway.token(id);
    agents.append("      ").append(id).append(": { token: ").append(token);
    agents.append(", role: operator }\n");
    return this;
  }

  /** One further line of the workspace. */
  DeskYaml line(String line) {
    more.append("    ").append(line).append('\n');
    return this;
  }

  private String agentOf(String id) {
    return "{ token: "
        + TestGateway.token(id)
        + ", queues: [support], capacity: "
        + capacity
        + " }";
  }

  /** The whole file, for a gateway that keeps its files in {@code dataDir}. */
  String in(Path dataDir) {
    return String.join(
        "\n",
        "server: { host: 127.0.0.1, port: 0, managementPort: 0, limits: " + limits + " }",
        "redis: { url: \"" + redisUrl + "\" }",
        "dataDir: \"" + dataDir + "\"",
        "workspaces:",
        "  acme:",
        "    channels:",
        "      hook: " + hook(TestGateway.SECRET, sendUrl),
        channels + "    promises: { normal: { firstResponse: " + firstResponse + " } }",
        "    defaults: { queue: support, promise: normal }",
        "    queues: { support: {} }",
        "    routing: " + routing,
        "    agents:",
        "      sue: { token: " + TestGateway.token("sue") + ", role: supervisor }",
        "      alice: " + agentOf("alice"),
        "      bob: " + agentOf("bob"),
        agents.toString() + more + "  beta:",
        "    channels: { hook: " + hook(OTHER_SECRET, "http://127.0.0.1:9/") + " }",
        "    promises: { normal: { firstResponse: 4h } }",
        "    defaults: { queue: support, promise: normal }",
        "    queues: { support: {} }",
        "    agents: { ann: { token: " + TestGateway.token("ann") + ", queues: [support] } }",
        "");
  }

  private static String hook(String secret, String sendUrl) {
    return "{ connector: webhook, settings: { secret: "
        + secret
        + ", sendUrl: \""
        + sendUrl
        + "\" } }";
  }
}
