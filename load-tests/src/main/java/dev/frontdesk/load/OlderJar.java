// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import dev.frontdesk.gateway.client.GatewayProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The jar of an older version of the gateway: one that is at hand, or one built from a commit of
 * this repository, which takes a minute the first time and is kept in {@code
 * load-tests/target/older}.
 */
public final class OlderJar {

  private static final String JAR = "gateway/target/frontdesk-all.jar";

  private OlderJar() {}

  /**
   * What {@code upgrade} was asked for: nothing, a jar that is there, or a commit that is known.
   *
   * @throws WrongUsage for anything else
   */
  static String asked(String named) {
    boolean jar = named.endsWith(".jar");
    if (jar && !Files.isRegularFile(Path.of(named))) {
      throw new WrongUsage("upgrade: there is no jar " + named);
    }
    if (!named.isEmpty() && !jar && !isCommit(GatewayProcess.root(), named)) {
      throw new WrongUsage("upgrade: there is no commit, tag or branch " + named);
    }
    return named;
  }

  private static boolean isCommit(Path root, String named) {
    return !named.startsWith("-")
        && ended(root, "git", "rev-parse", "--verify", "--quiet", named + "^{commit}") == 0;
  }

  /**
   * Finds or builds it.
   *
   * @param named a jar, or a commit, tag or branch
   * @throws IllegalStateException when it is neither, or the build failed
   */
  public static Path of(String named) {
    Path file = Path.of(named);
    if (named.endsWith(".jar")) {
      if (!Files.isRegularFile(file)) {
        throw new IllegalStateException("there is no jar " + named);
      }
      return file.toAbsolutePath();
    }
    return built(GatewayProcess.root(), named);
  }

  /** Starts a gateway of it, without the options that this version's script has. */
  public static GatewayProcess start(Path jar, Path config, Path log) {
    return GatewayProcess.launch(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-jar",
            jar.toString(),
            "run",
            "--config",
            config.toString()),
        log,
        Map.of());
  }

  /** An archive, not a work tree: that would stay known to git when the folder is deleted. */
  private static Path built(Path root, String commit) {
    Path folder = root.resolve("load-tests/target/older").resolve(commit.replaceAll("\\W", "-"));
    Path jar = folder.resolve(JAR);
    if (Files.isRegularFile(jar)) {
      return jar;
    }
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String archive = folder.resolve("source.tar").toString();
    run(root, "git", "archive", "--format=tar", "-o", archive, commit + "^{commit}");
    run(folder, "tar", "-xf", archive);
    run(
        folder,
        "mvn",
        "-q",
        "-B",
        "-Dquick",
        "-Dmaven.test.skip=true",
        "-pl",
        "gateway",
        "-am",
        "package");
    return jar;
  }

  private static void run(Path in, String... command) {
    int code = ended(in, command);
    if (code != 0) {
      throw new IllegalStateException(String.join(" ", command) + " ended with " + code);
    }
  }

  private static int ended(Path in, String... command) {
    try {
      return new ProcessBuilder(command).directory(in.toFile()).inheritIO().start().waitFor();
    } catch (IOException e) {
      throw new IllegalStateException(command[0] + " does not run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
