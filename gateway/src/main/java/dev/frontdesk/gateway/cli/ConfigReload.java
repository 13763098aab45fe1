// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.cli;

import dev.frontdesk.config.ConfigLoader;
import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.config.InvalidConfigurationException;
import dev.frontdesk.config.LoadedConfig;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the configuration again. A file with problems changes nothing: each problem is logged and
 * the old one stays in force. Reads a file, so it belongs on the signal's thread, not on an event
 * loop; one call at a time.
 */
public final class ConfigReload {

  private static final Logger LOG = LoggerFactory.getLogger(ConfigReload.class);

  private final Path file;
  private final ConfigLoader loader;
  private final Consumer<LoadedConfig> inForce;
  private final FrontdeskConfig started;

  /**
   * A reload of one file.
   *
   * @param started what the gateway started with: its server, redis and dataDir stay in force
   * @param inForce puts a new one in force; if it throws, the old one counts as still in force
   */
  public ConfigReload(
      Path file, ConfigLoader loader, LoadedConfig started, Consumer<LoadedConfig> inForce) {
    this.file = file;
    this.loader = loader;
    this.started = started.config();
    this.inForce = inForce;
  }

  /** Loads once more; true if the new configuration is in force. Never throws. */
  public boolean reload() {
    try {
      LoadedConfig loaded = loader.load(file);
      inForce.accept(loaded);
      warnOfLateChanges(started, loaded.config());
      LOG.atInfo().addKeyValue("file", file).log("Configuration reloaded");
      return true;
    } catch (InvalidConfigurationException e) {
      e.problems()
          .forEach(
              problem ->
                  LOG.atError()
                      .addKeyValue("path", problem.path())
                      .addKeyValue("problem", problem.message())
                      .log("Configuration not reloaded, the old one stays in force"));
      return false;
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("Configuration not reloaded, the old one stays in force");
      return false;
    }
  }

  private static void warnOfLateChanges(FrontdeskConfig before, FrontdeskConfig after) {
    boolean same =
        before.server().equals(after.server())
            && before.redis().equals(after.redis())
            && before.dataDir().equals(after.dataDir());
    if (!same) {
      LOG.atWarn().log("A change of server, redis or dataDir takes effect at the next start");
    }
  }
}
