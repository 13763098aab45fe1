// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The configuration of a gateway with several workspaces on a store that fails over. */
record DeskConfig(List<String> workspaces, List<String> redis, int waitReplicas) {

  static final String CHANNEL = "hook";
  static final String SECRET = "whsec_bG9hZC10ZXN0LXNlY3JldC0wMTIzNDU2Nzg5";

  /** The token that reads a workspace back. */
  static String operator(String workspace) {
    return "load-operator-token-of-" + workspace;
  }

  /** Writes it for a gateway of its own folder. */
  Path write(Path folder) {
    boolean list = redis.size() > 1;
    String url =
        redis.stream()
            .map(one -> '"' + one + '"')
            .collect(Collectors.joining(", ", list ? "[" : "", list ? "]" : ""));
    StringBuilder yaml = new StringBuilder();
    yaml.append("server: { host: 127.0.0.1, port: 0, managementPort: 0 }\n");
    yaml.append("redis: { url: ").append(url);
    yaml.append(", waitReplicas: ").append(waitReplicas).append(" }\n");
    yaml.append("dataDir: \"").append(folder.resolve("data")).append("\"\n");
    yaml.append("workspaces:\n");
    for (String workspace : workspaces) {
      yaml.append("  ").append(workspace).append(":\n");
      yaml.append("    channels: { ").append(CHANNEL).append(": { connector: webhook, settings: {");
      yaml.append(" secret: ").append(SECRET).append(", sendUrl: \"http://127.0.0.1:9/\" } } }\n");
      yaml.append("    promises: { normal: { firstResponse: 4h } }\n");
      yaml.append("    defaults: { queue: support, promise: normal }\n");
      yaml.append("    queues: { support: { maxWaiting: 1000000 } }\n");
      yaml.append("    agents: { olga: { token: ").append(operator(workspace));
      yaml.append(", role: operator } }\n");
    }
    try {
      Files.createDirectories(folder);
      return Files.writeString(folder.resolve("gateway.yaml"), yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
