// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.intake;

import dev.frontdesk.connector.ChannelFamily;
import dev.frontdesk.connector.Connector;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The connectors in force, by workspace and channel. Thread-safe: a reload replaces all at once.
 */
public final class Channels {

  private volatile Map<String, Map<String, Channel>> byWorkspace = Map.of();

  /**
   * One configured account on a platform and the code that speaks to it.
   *
   * @param closing ends the connector and what was opened for it
   */
  public record Channel(
      String workspace,
      String id,
      String connectorName,
      ChannelFamily family,
      Connector connector,
      Supplier<Future<Void>> closing) {}

  public @Nullable Channel find(String workspace, String channel) {
    Map<String, Channel> channels = byWorkspace.get(workspace);
    return channels == null ? null : channels.get(channel);
  }

  public Collection<Channel> of(String workspace) {
    return byWorkspace.getOrDefault(workspace, Map.of()).values();
  }

  /** Puts others in force; those that were are the caller's to close after their last send. */
  public List<Channel> replace(Map<String, Map<String, Channel>> others) {
    List<Channel> before =
        byWorkspace.values().stream().flatMap(channels -> channels.values().stream()).toList();
    byWorkspace = Map.copyOf(others);
    return before;
  }
}
