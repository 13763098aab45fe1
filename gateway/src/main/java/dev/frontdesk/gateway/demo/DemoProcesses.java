// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.demo;

import dev.frontdesk.gateway.Main;
import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.gateway.process.OwnSession;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The gateway and the bot, each as a process of its own. They end with this process at the latest.
 */
final class DemoProcesses {

  /** Where the gateway leaves its loaded classes for later starts; the script sets it once. */
  private static final String ARCHIVE = "frontdesk.archive";

  /** Makes the gateway hold a loop, to show that the demonstration notices. */
  private static final String BLOCK_LOOP = "frontdesk.blockLoopMillis";

  private static final int BOT_SECONDS = 10;

  private final DemoFolder folder;

  DemoProcesses(DemoFolder folder) {
    this.folder = folder;
  }

  /** Starts the gateway as {@code frontdesk run} would, and waits until it listens. */
  GatewayProcess gateway(Map<String, String> environment) {
    List<String> command = new ArrayList<>(List.of(java()));
    command.addAll(ownOptions());
    command.add(GatewayProcess.LOOP_LIMIT);
    String archive = System.getProperty(ARCHIVE);
    if (archive != null) {
      command.add("-XX:ArchiveClassesAtExit=" + archive);
    }
    String block = System.getProperty(BLOCK_LOOP);
    if (block != null) {
      command.add("-D" + BLOCK_LOOP + "=" + block);
    }
    command.addAll(program());
    command.addAll(List.of("run", "--config", folder.config().toString()));
    GatewayProcess gateway =
        GatewayProcess.launch(OwnSession.of(command), folder.gatewayLog(), environment);
    Runtime.getRuntime().addShutdownHook(new Thread(gateway::close, "end-gateway"));
    return gateway;
  }

  /** The jar, or the classes where they run unpacked. */
  private List<String> program() {
    return Files.isDirectory(folder.jar())
        ? List.of("-cp", System.getProperty("java.class.path"), Main.class.getName())
        : List.of("-jar", folder.jar().toString());
  }

  /** Waits until the bot says that it is connected, or for a few seconds: it tries again itself. */
  void awaitConnected(Process bot) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    while (!Files.readString(folder.botLog()).contains("connected to")
        && System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(BOT_SECONDS)) {
      if (bot.waitFor(50, TimeUnit.MILLISECONDS)) {
        throw new IOException("the bot ended, see " + folder.botLog());
      }
    }
  }

  /** Starts the example bot from its source. */
  Process bot(String address, String token) throws IOException {
    Path source = folder.project().resolve("bots/FaqBot.java");
    ProcessBuilder builder =
        new ProcessBuilder(
            OwnSession.of(
                List.of(
                    java(),
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    source.toString(),
                    address)));
    builder.environment().put("FAQ_TOKEN", token);
    builder.redirectErrorStream(true).redirectOutput(Redirect.to(folder.botLog().toFile()));
    Process bot = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(bot::destroyForcibly, "end-bot"));
    return bot;
  }

  /** Ends a process that has nothing to finish. */
  static void end(Process process) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(5, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** This JVM's options, except that a server is compiled as well as can be. */
  private static List<String> ownOptions() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("-X"))
        .filter(option -> !option.startsWith("-XX:TieredStopAtLevel"))
        .toList();
  }
}
