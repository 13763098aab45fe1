// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import java.util.Map;

/**
 * A configuration that can be used: every name in it resolves.
 *
 * @param settingsByChannel workspace → channel → the record its connector asked for
 */
public record LoadedConfig(
    FrontdeskConfig config, Map<String, Map<String, Record>> settingsByChannel) {
  public LoadedConfig {
    settingsByChannel = Map.copyOf(settingsByChannel);
  }

  /**
   * The settings of one channel.
   *
   * @throws IllegalArgumentException if there is no such channel
   */
  public Record settings(String workspace, String channel) {
    Record settings = settingsByChannel.getOrDefault(workspace, Map.of()).get(channel);
    if (settings == null) {
      throw new IllegalArgumentException("no channel " + channel + " in " + workspace);
    }
    return settings;
  }

  /** The ids only: settings may hold secrets whose type does not hide them. */
  @Override
  public String toString() {
    return "LoadedConfig" + config.workspaces().keySet();
  }
}
