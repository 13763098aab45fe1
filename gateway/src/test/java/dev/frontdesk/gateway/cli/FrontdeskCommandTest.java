// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.frontdesk.config.ConfigLoader;
import dev.frontdesk.config.LoadedConfig;
import dev.frontdesk.gateway.ConnectorCatalog;
import dev.frontdesk.gateway.intake.Conditions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

class FrontdeskCommandTest {

  private static final ConfigLoader LOADER =
      new ConfigLoader(Map.of(), ConnectorCatalog.ofClassPath(), new Conditions());

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<Path> served = new ArrayList<>();

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("config/frontdesk.yaml");
  }

  private int run(String... args) {
    return run(
        config -> {
          served.add(config);
          return 0;
        },
        args);
  }

  private int run(ServerStarter server, String... args) {
    PrintWriter toOut = new PrintWriter(out, true);
    PrintWriter toErr = new PrintWriter(err, true);
    return FrontdeskCommand.line(toOut, toErr, LOADER, server, List.of(new Extra())).execute(args);
  }

  @CommandLine.Command(name = "extra", description = "One of the others.")
  private static final class Extra implements Runnable {
    @Override
    public void run() {}
  }

  @Test
  void version_isSaid() {
    assertThat(run("--version")).isZero();

    assertThat(out.toString()).startsWith("frontdesk ").hasLineCount(1);
  }

  @Test
  void init_writesAFileThatCheckAccepts() throws IOException {
    assertThat(run("init", "--config", file.toString())).isZero();
    assertThat(run("check", "--config", file.toString())).isZero();

    assertThat(out.toString()).contains("is valid: workspaces 1, channels 1");
    assertThat(err.toString()).isEmpty();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void init_makesTokensNobodyGuesses() throws IOException {
    run("init", "--config", file.toString());
    run("init", "--config", file + "2");

    List<String> tokens = new ArrayList<>(tokens(file));
    tokens.addAll(tokens(Path.of(file + "2")));
    assertThat(tokens).hasSize(10).doesNotHaveDuplicates();
    // 22 characters of Base64 are 128 bits
    assertThat(tokens).allMatch(token -> token.length() >= 22);
    assertThat(tokens).noneMatch(token -> out.toString().contains(token));
  }

  private static List<String> tokens(Path file) throws IOException {
    return Pattern.compile("(?:token|secret): \"([^\"]+)\"")
        .matcher(Files.readString(file))
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  @Test
  void init_neverOverwrites() throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "mine");

    assertThat(run("init", "--config", file.toString())).isEqualTo(1);

    assertThat(Files.readString(file)).isEqualTo("mine");
    assertThat(err.toString()).contains("exists already");
  }

  @Test
  void check_listsEveryProblem() throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "server: { prot: 1 }\nworkspaces: { main: { queues: {} } }\n");

    assertThat(run("check", "--config", file.toString())).isEqualTo(1);

    assertThat(err.toString())
        .contains("server.prot: unknown key")
        .contains("workspaces.main.promises: missing")
        .contains("workspaces.main.defaults: missing")
        .contains("problems: 3");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void check_ofNoFile_pointsToInit() {
    assertThat(run("check", "--config", file.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("no such file").contains("init");
  }

  @Test
  void run_handsTheFileOver() {
    assertThat(run("run")).isZero();
    assertThat(run("run", "--config", "other.yaml")).isZero();

    assertThat(served).containsExactly(Path.of("config", "frontdesk.yaml"), Path.of("other.yaml"));
  }

  @Test
  void run_statesWhatKeptItFromStarting() {
    int code =
        run(
            config -> {
              throw new IOException("port 8080 is taken");
            },
            "run");

    assertThat(code).isEqualTo(1);
    assertThat(err.toString().trim()).isEqualTo("port 8080 is taken");
  }

  @Test
  void wrongUsage_isTwo() {
    assertThat(run("fly")).isEqualTo(2);
    assertThat(run("run", "--what")).isEqualTo(2);
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString()).contains("fly").contains("--what");
  }

  @Test
  void help_isEverywhere() {
    for (String command : List.of("run", "check", "init")) {
      assertThat(run(command, "--help")).isZero();
      assertThat(out.toString()).contains("--config=FILE");
    }
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("run").contains("check").contains("init").contains("extra");
  }

  @Test
  void reload_putsTheNewFileInForce_andKeepsTheOldOneOnProblems() throws IOException {
    run("init", "--config", file.toString());
    LoadedConfig first = LOADER.load(file);
    List<LoadedConfig> inForce = new ArrayList<>();
    ConfigReload reload = new ConfigReload(file, LOADER, first, inForce::add);

    assertThat(reload.reload()).isTrue();
    Files.writeString(file, Files.readString(file).replace("queues:", "quues:"));
    assertThat(reload.reload()).isFalse();
    Files.delete(file);
    assertThat(reload.reload()).isFalse();

    assertThat(inForce).containsExactly(first);
  }

  @Test
  void reload_warnsOfALateChange_onlyWhileTheFileDiffersFromTheStart() throws IOException {
    run("init", "--config", file.toString());
    String before = Files.readString(file);
    ConfigReload reload = new ConfigReload(file, LOADER, LOADER.load(file), config -> {});
    Logger logger = (Logger) LoggerFactory.getLogger(ConfigReload.class);
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.start();
    logger.addAppender(logged);
    try {
      Files.writeString(file, "dataDir: elsewhere\n" + before.replaceAll("(?m)^dataDir:.*$", ""));
      assertThat(reload.reload()).isTrue();
      assertThat(logged.list).extracting(ILoggingEvent::getLevel).contains(Level.WARN);
      logged.list.clear();
      Files.writeString(file, before);
      assertThat(reload.reload()).isTrue();

      assertThat(logged.list).extracting(ILoggingEvent::getLevel).containsOnly(Level.INFO);
    } finally {
      logger.detachAppender(logged);
    }
  }

  @Test
  void reload_whoseChangeCannotBeApplied_isFalse() {
    run("init", "--config", file.toString());
    ConfigReload reload =
        new ConfigReload(
            file,
            LOADER,
            LOADER.load(file),
            config -> {
              throw new IllegalStateException("no");
            });

    assertThat(reload.reload()).isFalse();
  }
}
