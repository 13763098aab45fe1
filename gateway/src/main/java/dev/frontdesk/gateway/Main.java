// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway;

import dev.frontdesk.config.ConfigLoader;
import dev.frontdesk.gateway.cli.AdoptCommand;
import dev.frontdesk.gateway.cli.AgentCommand;
import dev.frontdesk.gateway.cli.BackupCommand;
import dev.frontdesk.gateway.cli.FrontdeskCommand;
import dev.frontdesk.gateway.cli.RestoreCommand;
import dev.frontdesk.gateway.cli.SendCommand;
import dev.frontdesk.gateway.cli.SimulateCommand;
import dev.frontdesk.gateway.demo.DemoCommand;
import dev.frontdesk.gateway.intake.Conditions;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;

/** The process: its streams, its environment and its exit code. */
public final class Main {
  private Main() {}

  /** Runs one command and exits with its code. */
  public static void main(String[] args) {
    PrintWriter out = writer(FileDescriptor.out);
    PrintWriter err = writer(FileDescriptor.err);
    ConnectorCatalog catalog = ConnectorCatalog.ofClassPath();
    ConfigLoader loader = new ConfigLoader(System.getenv(), catalog, new Conditions());
    ServerProcess server = new ServerProcess(loader, catalog, out);
    StoreCommands store = new StoreCommands(loader, catalog, InstantSource.system());
    System.exit(
        FrontdeskCommand.line(
                out,
                err,
                loader,
                server,
                List.of(
                    new SendCommand(loader, InstantSource.system(), out),
                    new AgentCommand(loader, out),
                    new DemoCommand(loader, InstantSource.system(), out),
                    new SimulateCommand(loader, WorkspaceFactory::simulator, out, err),
                    new AdoptCommand(store::adopt, out),
                    new BackupCommand(store::backup, out),
                    new RestoreCommand(store::restore, out)))
            .execute(args));
  }

  private static PrintWriter writer(FileDescriptor descriptor) {
    return new PrintWriter(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }
}
