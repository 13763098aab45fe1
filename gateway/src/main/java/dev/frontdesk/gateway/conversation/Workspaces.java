// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The workspaces in force. Thread-safe: a reload replaces all at once. */
public final class Workspaces {

  private volatile Map<String, Workspace> byId;

  public Workspaces(Map<String, Workspace> byId) {
    this.byId = Map.copyOf(byId);
  }

  public @Nullable Workspace find(String id) {
    return byId.get(id);
  }

  public Collection<Workspace> all() {
    return byId.values();
  }

  public void replace(Map<String, Workspace> others) {
    byId = Map.copyOf(others);
  }
}
