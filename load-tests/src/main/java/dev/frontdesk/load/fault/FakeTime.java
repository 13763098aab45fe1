// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Debian's libfaketime: gives a process another wall clock and leaves its monotonic one alone. */
final class FakeTime {

  private static final List<String> PLACES =
      List.of(
          "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1",
          "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1",
          "/usr/lib64/faketime/libfaketime.so.1");

  private FakeTime() {}

  /** The environment of a process whose clock is off, {@code +10m}; not covered without it. */
  static Map<String, String> off(String offset) {
    String library =
        PLACES.stream()
            .filter(place -> Files.exists(Path.of(place)))
            .findFirst()
            .orElseThrow(() -> new NotCovered("needs libfaketime (Debian: libfaketime)"));
    return Map.of("LD_PRELOAD", library, "FAKETIME", offset, "FAKETIME_DONT_FAKE_MONOTONIC", "1");
  }
}
