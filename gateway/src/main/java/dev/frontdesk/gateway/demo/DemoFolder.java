// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where the demonstration finds its files, and the temporary folder that holds what it writes.
 *
 * @param jar the program itself
 * @param project the folder with {@code config} and {@code bots}
 * @param work short, because the path of a socket in it is bounded (104 bytes on macOS)
 */
record DemoFolder(Path jar, Path project, Path work) {

  /** Finds the project from the jar, or from the working folder when classes run unpacked. */
  static DemoFolder create() throws IOException {
    Path jar = ownJar();
    for (Path at = jar; at != null; at = at.getParent()) {
      if (Files.exists(at.resolve("config/demo.yaml"))) {
        Path work = Files.createTempDirectory("fd");
        Files.copy(at.resolve("config/demo.yaml"), work.resolve("demo.yaml"));
        return new DemoFolder(jar, at, work);
      }
    }
    throw new IOException("config/demo.yaml is in no folder above " + jar);
  }

  private static Path ownJar() throws IOException {
    try {
      return Path.of(DemoFolder.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IOException("the jar's own address is no path", e);
    }
  }

  Path config() {
    return work.resolve("demo.yaml");
  }

  Path gatewayLog() {
    return work.resolve("gateway.log");
  }

  Path botLog() {
    return work.resolve("bot.log");
  }

  /** Removes the temporary folder with everything in it. */
  void delete() {
    try (Stream<Path> all = Files.walk(work)) {
      List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
