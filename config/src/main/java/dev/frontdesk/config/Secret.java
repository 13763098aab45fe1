// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** One or several values that must never be shown; the newest first. {@code toString} is ***. */
public final class Secret {

  private final List<String> values;

  private Secret(List<String> values) {
    if (values.isEmpty() || values.stream().anyMatch(String::isEmpty)) {
      throw new IllegalArgumentException("a secret is empty, expected at least one character");
    }
    this.values = List.copyOf(values);
  }

  public static Secret of(String... newestFirst) {
    return new Secret(List.of(newestFirst));
  }

  public static Secret of(List<String> newestFirst) {
    return new Secret(newestFirst);
  }

  /** The newest value: the one to sign with. */
  public String newest() {
    return values.get(0);
  }

  /** Every value that is still accepted, newest first. */
  public List<String> all() {
    return values;
  }

  /** The newest value as UTF-8. */
  public byte[] bytes() {
    return newest().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret that && that.values.equals(values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return "***";
  }
}
