// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.cli;

import dev.frontdesk.config.ConfigLoader;
import dev.frontdesk.config.InvalidConfigurationException;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * {@code frontdesk}: the command line as a whole. Exit codes: 0 ok, 1 a stated problem, 2 wrong
 * usage.
 */
@Command(
    name = "frontdesk",
    description = "A messaging gateway: every channel in one queue, every promise kept.",
    mixinStandardHelpOptions = true,
    versionProvider = FrontdeskCommand.Version.class,
    synopsisSubcommandLabel = "COMMAND")
public final class FrontdeskCommand {

  private FrontdeskCommand() {}

  /**
   * The command line with its commands.
   *
   * @param others annotated command objects besides run, check and init
   */
  public static CommandLine line(
      PrintWriter out,
      PrintWriter err,
      ConfigLoader loader,
      ServerStarter server,
      List<Object> others) {
    CommandLine line = new CommandLine(new FrontdeskCommand());
    line.addSubcommand(new RunCommand(server));
    line.addSubcommand(new CheckCommand(loader, out));
    line.addSubcommand(new InitCommand(new SecureRandom(), out, err));
    others.forEach(line::addSubcommand);
    return line.setOut(out).setErr(err).setExecutionExceptionHandler(FrontdeskCommand::state);
  }

  /** The version that the build wrote into the jar. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = FrontdeskCommand.class.getPackage().getImplementationVersion();
      return new String[] {"frontdesk " + (version == null ? "(not from a jar)" : version)};
    }
  }

  /** A problem as people read it; only what nobody foresaw shows where it came from. */
  private static int state(Exception problem, CommandLine line, CommandLine.ParseResult parsed) {
    PrintWriter err = line.getErr();
    if (problem instanceof InvalidConfigurationException invalid) {
      invalid.problems().forEach(err::println);
      err.println("problems: " + invalid.problems().size());
    } else if (problem instanceof RuntimeException) {
      problem.printStackTrace(err);
    } else {
      String message = problem.getMessage();
      err.println(message == null ? problem.getClass().getSimpleName() : message);
    }
    return CommandLine.ExitCode.SOFTWARE;
  }
}
