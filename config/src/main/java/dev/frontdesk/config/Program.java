// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** What holds for every program of the user's that is asked while a message is being stored. */
final class Program {

  /** Well inside the 1.5 s that storing a message may take in all. */
  private static final Duration LONGEST_QUESTION = Duration.ofSeconds(1);

  private Program() {}

  /** Throws IllegalArgumentException that says what was expected. */
  static void check(String url, Duration timeout, @Nullable Secret secret) {
    if (!url.matches("https?://[^\\s?#/]+(/\\S*)?")) {
      throw new IllegalArgumentException("url is no address, expected https://…");
    }
    if (timeout.compareTo(LONGEST_QUESTION) > 0) {
      throw new IllegalArgumentException("timeout is longer than 1s, expected 1s at most");
    }
    if (secret != null && !secret.all().stream().allMatch(Program::isKey)) {
      throw new IllegalArgumentException("secret is not base64 after whsec_, expected that");
    }
  }

  private static boolean isKey(String text) {
    try {
      String encoded = text.startsWith("whsec_") ? text.substring(6) : text;
      return Base64.getDecoder().decode(encoded).length > 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
