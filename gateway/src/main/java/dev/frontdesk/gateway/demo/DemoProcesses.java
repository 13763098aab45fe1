// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.demo;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.gateway.process.OwnSession;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
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
    command.addAll(
        List.of("-jar", folder.jar().toString(), "run", "--config", folder.config().toString()));
    GatewayProcess gateway =
        GatewayProcess.launch(OwnSession.of(command), folder.gatewayLog(), environment);
    Runtime.getRuntime().addShutdownHook(new Thread(gateway::close, "end-gateway"));
    return gateway;
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

  /** This JVM's options, so that the gateway runs as the script would run it. */
  private static List<String> ownOptions() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("-X"))
        .toList();
  }
}
