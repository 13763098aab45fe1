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
final class LoadConfig {

  static final String WORKSPACE = "load";
  static final String CHANNEL = "hook";
  static final String SECRET = "whsec_bG9hZC10ZXN0LXNlY3JldC0wMTIzNDU2Nzg5";
  static final String OPERATOR = "load-operator-token-0123456789abcdef";
  static final String SUPERVISOR = "load-supervisor-token-0123456789abcdef";

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
  private String timerShare = "50%";

  LoadConfig(Path folder) {
    this.folder = folder;
  }

  LoadConfig redis(String url) {
    redisUrl = url;
    return this;
  }

  LoadConfig fsync(String policy) {
    appendFsync = policy;
    return this;
  }

  LoadConfig binary(Path path) {
    binary = path.toString();
    return this;
  }

  LoadConfig agents(int number, int room) {
    agents = number;
    capacity = room;
    return this;
  }

  LoadConfig promises(String urgentTarget, String normalTarget) {
    urgent = urgentTarget;
    normal = normalTarget;
    return this;
  }

  /** When {@code urgent} warns: a share of its time, or a time before it is due. */
  LoadConfig urgentWarnAt(String level) {
    warnAt = level;
    return this;
  }

  LoadConfig timerShare(String share) {
    timerShare = share;
    return this;
  }

  static String agentToken(int number) {
    return "load-agent-" + number + "-token-0123456789abcdef";
  }

  Path write(String name) {
    StringBuilder yaml = new StringBuilder();
    yaml.append("server: { host: 127.0.0.1, port: 0, managementPort: 0 }\n");
    yaml.append("redis:\n  url: \"").append(redisUrl).append("\"\n");
    yaml.append("  embedded: { maxMemory: ").append(maxMemory);
    yaml.append(", appendFsync: ").append(appendFsync);
    if (!binary.isEmpty()) {
      yaml.append(", binary: \"").append(binary).append('"');
    }
    yaml.append(" }\n");
    yaml.append("dataDir: \"").append(folder.resolve("data")).append("\"\n");
    yaml.append("workspaces:\n  ").append(WORKSPACE).append(":\n");
    yaml.append("    channels: { ").append(CHANNEL).append(": { connector: webhook, settings: {");
    yaml.append(" secret: ").append(SECRET).append(", sendUrl: \"http://127.0.0.1:9/\" } } }\n");
    yaml.append("    promises:\n      urgent: { firstResponse: ").append(urgent);
    yaml.append(", warnAt: ").append(warnAt).append(" }\n");
    yaml.append("      normal: { firstResponse: ").append(normal).append(" }\n");
    yaml.append("    defaults: { queue: support, promise: normal }\n");
    yaml.append("    triage:\n");
    yaml.append(
        "      - { when: 'message.text.contains(\"urgent\")', set: { promise: urgent } }\n");
    yaml.append("      - { when: 'message.text.contains(\"退款\")',");
    yaml.append(" set: { category: complaint, complaint: quality } }\n");
    yaml.append("    queues: { support: { maxWaiting: 10000000 } }\n");
    yaml.append("    conversations: { maxConversations: 10000000 }\n");
    yaml.append("    timers: { share: ").append(timerShare).append(" }\n");
    yaml.append("    agents:\n");
    yaml.append("      olga: { token: ").append(OPERATOR).append(", role: operator }\n");
    yaml.append("      sue: { token: ").append(SUPERVISOR);
    yaml.append(", role: supervisor }\n");
    for (int i = 0; i < agents; i++) {
      yaml.append("      a").append(i).append(": { token: ").append(agentToken(i));
      yaml.append(", queues: [support], capacity: ").append(capacity).append(" }\n");
    }
    try {
      Files.createDirectories(folder);
      return Files.writeString(folder.resolve(name), yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
