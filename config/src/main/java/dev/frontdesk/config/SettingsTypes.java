// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which record a connector's {@code settings} are bound to; this module knows no connector. */
@FunctionalInterface
public interface SettingsTypes {

  /** The settings record of that connector, or null when there is no such connector. */
  @Nullable Class<? extends Record> find(String connector);

  /** The connectors there are, for messages; may be empty. */
  default Set<String> names() {
    return Set.of();
  }
}
