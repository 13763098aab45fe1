// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway;

import dev.frontdesk.config.SettingsTypes;
import dev.frontdesk.connector.ChannelFamily;
import dev.frontdesk.connector.ConnectorFactory;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The connectors of this build, by name. Immutable. */
public final class ConnectorCatalog implements SettingsTypes {

  private final Map<String, ConnectorFactory<?>> byName;

  private ConnectorCatalog(Map<String, ConnectorFactory<?>> byName) {
    this.byName = byName;
  }

  /**
   * Every factory on the class path.
   *
   * @throws IllegalStateException if two have one name
   */
  public static ConnectorCatalog ofClassPath() {
    Map<String, ConnectorFactory<?>> byName = new TreeMap<>();
    for (ConnectorFactory<?> factory : ServiceLoader.load(ConnectorFactory.class)) {
      if (byName.put(factory.name(), factory) != null) {
        throw new IllegalStateException("two connectors are named " + factory.name());
      }
    }
    return new ConnectorCatalog(byName);
  }

  @Override
  public @Nullable Class<? extends Record> find(String connector) {
    ConnectorFactory<?> factory = byName.get(connector);
    return factory == null ? null : factory.settings();
  }

  @Override
  public Set<String> names() {
    return byName.keySet();
  }

  /**
   * The factory of that name.
   *
   * @throws IllegalArgumentException if there is none (a loaded configuration names no such one)
   */
  public ConnectorFactory<?> factory(String connector) {
    ConnectorFactory<?> factory = byName.get(connector);
    if (factory == null) {
      throw new IllegalArgumentException("no connector " + connector);
    }
    return factory;
  }

  /** The family of a connector's channels. */
  public ChannelFamily family(String connector) {
    return factory(connector).family();
  }
}
