// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import dev.frontdesk.gateway.simulation.Trace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The configuration of a gateway that lives through a trace: a promise per kind of conversation
 * with the trace's target and weight, a triage rule that finds it by the text, and agents who are
 * all alike.
 */
final class AgreementConfig {

  /** Long enough that no offer expires, ms. */
  static final long OFFER_MILLIS = 20_000;

  private AgreementConfig() {}

  /** What a customer of that kind writes: the rule of its promise finds it. */
  static String text(Trace.Kind kind) {
    return "please, by " + kind.promise() + ".";
  }

  /**
   * Writes it.
   *
   * @param sendUrl where answers are delivered; one that cannot be would be a breach
   */
  static Path write(Path folder, Trace trace, int agents, String policy, URI sendUrl) {
    Set<Trace.Kind> kinds = new LinkedHashSet<>();
    trace.arrivals().forEach(arrival -> kinds.add(arrival.kind()));
    StringBuilder yaml = new StringBuilder();
    yaml.append("server: { host: 127.0.0.1, port: 0, managementPort: 0 }\n");
    yaml.append("redis: { url: \"\" }\n");
    yaml.append("dataDir: \"").append(folder.resolve("data")).append("\"\n");
    yaml.append("workspaces:\n  ").append(LoadConfig.WORKSPACE).append(":\n");
    yaml.append("    channels: { ").append(LoadConfig.CHANNEL);
    yaml.append(": { connector: webhook, settings: { secret: ").append(LoadConfig.SECRET);
    yaml.append(", sendUrl: \"").append(sendUrl).append("\" } } }\n");
    yaml.append("    promises:\n");
    for (Trace.Kind kind : kinds) {
      yaml.append("      ").append(kind.promise());
      yaml.append(": { firstResponse: ").append(kind.targetMillis()).append("ms, weight: ");
      yaml.append(kind.weight()).append(" }\n");
    }
    String any = kinds.iterator().next().promise();
    yaml.append("    defaults: { queue: support, promise: ").append(any).append(" }\n");
    yaml.append("    triage:\n");
    for (Trace.Kind kind : kinds) {
      yaml.append("      - { when: 'message.text == \"").append(text(kind));
      yaml.append("\"', set: { promise: ").append(kind.promise()).append(" } }\n");
    }
    yaml.append("    queues: { support: { } }\n");
    yaml.append("    routing: { policy: ").append(policy).append(", lateShare: 10%");
    yaml.append(", hardBound: 3650d, offerTimeout: ").append(OFFER_MILLIS).append("ms }\n");
    yaml.append("    agents:\n");
    yaml.append("      olga: { token: ").append(LoadConfig.OPERATOR).append(", role: operator }\n");
    for (int i = 0; i < agents; i++) {
      yaml.append("      a").append(i).append(": { token: ").append(LoadConfig.agentToken(i));
      yaml.append(", queues: [support], capacity: 1 }\n");
    }
    try {
      Files.createDirectories(folder);
      return Files.writeString(folder.resolve("agreement.yaml"), yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
