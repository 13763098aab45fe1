// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import java.util.ArrayList;
import java.util.List;

/** The problems found so far, in the order found. Not thread-safe. */
final class Problems {

  private final List<Problem> found = new ArrayList<>();

  void add(Path path, String message) {
    found.add(new Problem(path.toString(), message));
  }

  int count() {
    return found.size();
  }

  boolean none() {
    return found.isEmpty();
  }

  /** Refuses if there is any. */
  void refuse() {
    if (!found.isEmpty()) {
      throw new InvalidConfigurationException(found);
    }
  }
}
