// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where in the tree a value stands; {@code toString} is {@code workspaces.acme.triage[0].when}. */
record Path(@Nullable Path parent, String segment) {

  /** What an id may consist of: it becomes part of keys, addresses and metric labels. */
  static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private static final int SHOWN = 32;

  static final Path ROOT = new Path(null, "");

  Path child(String key) {
    return new Path(this, key);
  }

  Path element(int index) {
    return new Path(this, "[" + index + "]");
  }

  /** The keys from the root down to here. */
  List<String> segments() {
    Deque<String> keys = new ArrayDeque<>();
    for (Path at = this; at.parent != null; at = at.parent) {
      keys.addFirst(at.segment);
    }
    return List.copyOf(keys);
  }

  /** A key as a message may show it: what is no name is quoted and cut. */
  static String shown(String key) {
    if (NAME.matcher(key).matches() || key.startsWith("[")) {
      return key;
    }
    String cut = key.length() > SHOWN ? key.substring(0, SHOWN) + "…" : key;
    return '"' + cut.replaceAll("\\p{Cntrl}", "?") + '"';
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (String key : segments()) {
      if (text.length() > 0 && !key.startsWith("[")) {
        text.append('.');
      }
      text.append(shown(key));
    }
    return text.length() == 0 ? "(top level)" : text.toString();
  }
}
