// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The configuration that load and crash runs give a gateway: one {@code webhook} channel, triage
 * rules, three promises and agents, free ports, everything in one folder.
 */
public final class LoadConfig {

  public static final String WORKSPACE = "load";
  public static final String CHANNEL = "hook";
  public static final String SECRET = "whsec_bG9hZC10ZXN0LXNlY3JldC0wMTIzNDU2Nzg5";
  public static final String OPERATOR = "load-operator-token-0123456789abcdef";
  public static final String SUPERVISOR = "load-supervisor-token-0123456789abcdef";

  private final Path folder;
  private String redisUrl = "";
  private String appendFsync = "always";
  private String binary = "";
  private String maxMemory = "4gb";
  private int agents = 4;
  private int capacity = 8;
  private String urgent = "1h";
  private String normal = "4h";
  private String warnAt = "75%";
  private String timerShare = "";
  private String sendUrl = "http://127.0.0.1:9/";
  private String secret = SECRET;
  private String limits = "{}";
  private String store = "";
  private String conversations = "";
  private final StringBuilder queues = new StringBuilder();
  private final StringBuilder triage = new StringBuilder();
  private final StringBuilder channels = new StringBuilder();
  private final StringBuilder workspace = new StringBuilder();
  private final StringBuilder workspaces = new StringBuilder();

  /** A configuration whose files are in a folder. */
  public LoadConfig(Path folder) {
    this.folder = folder;
  }

  /** Address of the store; empty: embedded. */
  public LoadConfig redis(String url) {
    redisUrl = url;
    return this;
  }

  /** {@code appendFsync} of the embedded store. */
  public LoadConfig fsync(String policy) {
    appendFsync = policy;
    return this;
  }

  /** The embedded server's binary. */
  public LoadConfig binary(Path path) {
    binary = path.toString();
    return this;
  }

  /** How many agents, each with so much room. */
  public LoadConfig agents(int number, int room) {
    agents = number;
    capacity = room;
    return this;
  }

  /** Targets of the two promises. */
  public LoadConfig promises(String urgentTarget, String normalTarget) {
    urgent = urgentTarget;
    normal = normalTarget;
    return this;
  }

  /** When {@code urgent} warns: a share of its time, or a time before it is due. */
  public LoadConfig urgentWarnAt(String level) {
    warnAt = level;
    return this;
  }

  public LoadConfig timerShare(String share) {
    timerShare = share;
    return this;
  }

  /** Where answers are delivered. */
  public LoadConfig sendUrl(String url) {
    sendUrl = url;
    return this;
  }

  /** The channel's secret, or a list of them in flow style. */
  public LoadConfig secret(String flow) {
    secret = flow;
    return this;
  }

  /** {@code server.limits}, in flow style. */
  public LoadConfig limits(String flow) {
    limits = flow;
    return this;
  }

  /** One more line of {@code redis}. */
  public LoadConfig store(String line) {
    store += "  " + line + "\n";
    return this;
  }

  /** One more key of {@code conversations}. */
  public LoadConfig conversations(String key) {
    conversations += ", " + key;
    return this;
  }

  /** One more channel, in flow style. */
  public LoadConfig channel(String id, String flow) {
    channels.append(", ").append(id).append(": ").append(flow);
    return this;
  }

  /** One more queue, that no agent serves, for what a condition (CEL) says of. */
  public LoadConfig queue(String id, String when) {
    queues.append(", ").append(id).append(": { maxWaiting: 10000000 }");
    triage.append("      - { when: '").append(when).append("', set: { queue: ").append(id);
    triage.append(" } }\n");
    return this;
  }

  /** One more line of the workspace. */
  public LoadConfig line(String line) {
    workspace.append("    ").append(line).append('\n');
    return this;
  }

  /** One more workspace, in flow style. */
  public LoadConfig workspace(String id, String flow) {
    workspaces.append("  ").append(id).append(": ").append(flow).append('\n');
    return this;
  }

  /** Token of agent {@code a0}, {@code a1} … */
  public static String agentToken(int number) {
    return "load-agent-" + number + "-token-0123456789abcdef";
  }

  /** Writes the file. */
  public Path write(String name) {
    try {
      Files.createDirectories(folder);
      return Files.writeString(folder.resolve(name), yaml());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the file holds. */
  public String yaml() {
    StringBuilder yaml = new StringBuilder();
    yaml.append("server: { host: 127.0.0.1, port: 0, managementPort: 0, limits: ");
    yaml.append(limits).append(" }\nredis:\n  url: \"").append(redisUrl).append("\"\n");
    yaml.append("  embedded: { maxMemory: ").append(maxMemory);
    yaml.append(", appendFsync: ").append(appendFsync);
    if (!binary.isEmpty()) {
      yaml.append(", binary: \"").append(binary).append('"');
    }
    yaml.append(" }\n");
    yaml.append(store);
    yaml.append("dataDir: \"").append(folder.resolve("data")).append("\"\n");
    yaml.append("workspaces:\n  ").append(WORKSPACE).append(":\n");
    yaml.append("    channels: { ").append(CHANNEL).append(": { connector: webhook, settings: {");
    yaml.append(" secret: ").append(secret).append(", sendUrl: \"").append(sendUrl);
    yaml.append("\" } }").append(channels).append(" }\n").append(workspace);
    yaml.append("    promises:\n      urgent: { firstResponse: ").append(urgent);
    yaml.append(", warnAt: ").append(warnAt).append(" }\n");
    yaml.append("      normal: { firstResponse: ").append(normal).append(" }\n");
    yaml.append("    defaults: { queue: support, promise: normal }\n");
    yaml.append("    triage:\n");
    yaml.append(
        "      - { when: 'message.text.contains(\"urgent\")', set: { promise: urgent } }\n");
    yaml.append("      - { when: 'message.text.contains(\"退款\")',");
    yaml.append(" set: { category: complaint, complaint: quality } }\n");
    yaml.append(triage);
    yaml.append("    queues: { support: { maxWaiting: 10000000 }").append(queues).append(" }\n");
    yaml.append("    conversations: { maxConversations: 10000000").append(conversations);
    yaml.append(" }\n");
    if (!timerShare.isEmpty()) {
      yaml.append("    timers: { share: ").append(timerShare).append(" }\n");
    }
    yaml.append("    agents:\n");
    yaml.append("      olga: { token: ").append(OPERATOR).append(", role: operator }\n");
    yaml.append("      sue: { token: ").append(SUPERVISOR);
    yaml.append(", role: supervisor }\n");
    for (int i = 0; i < agents; i++) {
      yaml.append("      a").append(i).append(": { token: ").append(agentToken(i));
      yaml.append(", queues: [support], capacity: ").append(capacity).append(" }\n");
    }
    return yaml.append(workspaces).toString();
  }
}
