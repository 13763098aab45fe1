// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.frontdesk.config.ConfigLoader;
import dev.frontdesk.config.LoadedConfig;
import dev.frontdesk.gateway.ConnectorCatalog;
import dev.frontdesk.gateway.Gateway;
import dev.frontdesk.gateway.cli.AdoptCommand;
import dev.frontdesk.gateway.cli.AgentCommand;
import dev.frontdesk.gateway.cli.BackupCommand;
import dev.frontdesk.gateway.cli.FrontdeskCommand;
import dev.frontdesk.gateway.cli.RestoreCommand;
import dev.frontdesk.gateway.cli.SendCommand;
import dev.frontdesk.gateway.cli.SimulateCommand;
import dev.frontdesk.gateway.client.ApiClient;
import dev.frontdesk.gateway.demo.DemoCommand;
import dev.frontdesk.gateway.intake.Conditions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What the pages say is so: their commands run, their configurations load, their links lead. */
class ReadmeTest {

  private static final Page README = Page.read("README.md");
  private static final Page CHINESE = Page.read("README.zh-CN.md");
  private static final ConnectorCatalog CATALOG = ConnectorCatalog.ofClassPath();

  /** What stands as code and begins with a capital; with another one in it, a class of ours. */
  private static final Pattern CLASS_NAME =
      Pattern.compile("`(?:[a-z.]+\\.)?([A-Z]\\w*[a-z]\\w*)`");

  private final StringWriter out = new StringWriter();
  private final List<Path> served = new ArrayList<>();

  @TempDir Path folder;

  private static ConfigLoader loader(Map<String, String> environment) {
    return new ConfigLoader(environment, CATALOG, new Conditions());
  }

  private CommandLine line(ConfigLoader loader) {
    PrintWriter to = new PrintWriter(out, true);
    return FrontdeskCommand.line(
        to,
        to,
        loader,
        file -> {
          served.add(file);
          return 0;
        },
        List.of(
            new SendCommand(loader, InstantSource.system(), to),
            new AgentCommand(loader, to),
            new DemoCommand(loader, InstantSource.system(), to),
            new SimulateCommand(loader, dev.frontdesk.gateway.WorkspaceFactory::simulator, to, to),
            new AdoptCommand(file -> List.of(), to),
            new BackupCommand((file, target) -> List.of(), to),
            new RestoreCommand((file, from, replace) -> List.of(), to)));
  }

  static Stream<Page> pages() throws IOException {
    return Page.all().stream();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void links_leadToWhatExists(Page page) {
    for (String link : page.links()) {
      String[] parts = link.split("#", 2);
      Path target =
          parts[0].isEmpty() ? page.file() : page.file().resolveSibling(parts[0]).normalize();
      assertThat(target).as("%s links to %s", page.file(), link).exists();
      if (parts.length == 2 && target.toString().endsWith(".md")) {
        assertThat(Page.read(Page.PROJECT.relativize(target).toString()).anchors())
            .as("%s links to %s", page.file(), link)
            .contains(parts[1]);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void commandsOfFrontdesk_areUnderstood(Page page) {
    for (String command : page.commands()) {
      List<String> words = Page.words(command);
      if (words.get(0).equals("./frontdesk")) {
        line(loader(Map.of())).parseArgs(words.subList(1, words.size()).toArray(new String[0]));
      }
    }
  }

  @Test
  void bothLanguages_showTheSameCommandsAndConfigurations() {
    assertThat(README.commands()).isNotEmpty().isEqualTo(CHINESE.commands());
    assertThat(README.blocks("yaml")).isNotEmpty().isEqualTo(CHINESE.blocks("yaml"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "README.zh-CN.md"})
  void configurations_load(String name) {
    Map<String, String> environment =
        Map.of(
            "SHOP_SECRET",
            "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
            "TELEGRAM_BOT_TOKEN",
            "123456:abcdefghijklmnopqrstuvwxyz012345678",
            "TELEGRAM_SECRET_TOKEN",
            "secret-token",
            "ALICE_TOKEN",
            "token-of-alice");

    for (String yaml : Page.read(name).blocks("yaml")) {
      assertThat(loader(environment).parse(yaml).config().workspaces()).isNotEmpty();
    }
  }

  @Test
  void testCommand_isTheOneOfCi() throws IOException {
    assertThat(README.commands()).contains("mvn verify");
    assertThat(Files.readAllLines(Page.PROJECT.resolve(".ci/run")))
        .anyMatch(line -> line.matches("mvn( -\\S+)* verify"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gateway/ARCHITECTURE.md", "SECURITY.md", "CONTRIBUTING.md"})
  void classes_named_exist(String name) throws IOException {
    List<String> files = new ArrayList<>();
    for (String module : List.of("config", "connectors", "gateway", "load-tests")) {
      try (Stream<Path> all = Files.walk(Page.PROJECT.resolve(module).resolve("src"))) {
        all.map(file -> file.getFileName().toString()).forEach(files::add);
      }
    }

    List<String> named =
        CLASS_NAME
            .matcher(Page.read(name).text())
            .results()
            .map(found -> found.group(1) + ".java")
            .filter(file -> file.chars().filter(Character::isUpperCase).count() > 1)
            .toList();

    assertThat(named).isNotEmpty();
    assertThat(files).containsAll(named);
  }

  @Test
  void loadScenarios_areThoseThatThereAre() throws IOException {
    String usage =
        Files.readString(
            Page.PROJECT.resolve("load-tests/src/main/java/dev/frontdesk/load/LoadTests.java"));
    Pattern row = Pattern.compile("^\\| `([a-z-]+)[^`]*` \\|", Pattern.MULTILINE);
    String page = Page.read("load-tests/README.md").text();
    int end = page.indexOf("\n## ", page.indexOf("## Run one"));
    List<String> told =
        row.matcher(page.substring(0, end)).results().map(found -> found.group(1)).toList();
    List<String> there =
        Pattern.compile("case \"([a-z-]+)\"")
            .matcher(usage)
            .results()
            .map(found -> found.group(1))
            .toList();

    assertThat(told).containsExactlyInAnyOrderElementsOf(there);
  }

  @Test
  void firstOwnMessage_goesAsTold() throws Exception {
    Path file = folder.resolve("frontdesk.yaml");
    ConfigLoader loader = loader(Map.of("FRONTDESK_PORT", "0", "FRONTDESK_MANAGEMENT_PORT", "0"));

    assertThat(told(loader, "init", file)).isZero();
    Files.writeString(
        file,
        Files.readString(file).replace("dataDir: data", "dataDir: \"" + folder.resolve("d") + '"'));
    assertThat(told(loader, "check", file)).isZero();
    assertThat(told(loader, "run", file)).isZero();
    assertThat(served).containsExactly(file);

    LoadedConfig loaded = loader.load(file);
    Vertx vertx = Vertx.vertx();
    try {
      Gateway gateway = done(Gateway.start(vertx, loaded, CATALOG));
      try {
        String url = "http://127.0.0.1:" + gateway.port();
        assertThat(told(loader, "send", file, "--url", url)).isZero();
        assertThat(out.toString())
            .contains("200 {\"accepted\":1,\"duplicates\":0,\"rejected\":[]}");
        assertThat(README.text()).contains("200 {\"accepted\":1,\"duplicates\":0,\"rejected\":[]}");
        converse(loader, loaded, file, url);
        fetch(url, gateway.managementUrl());
      } finally {
        done(gateway.stop());
      }
    } finally {
      done(vertx.close());
    }
  }

  /** Runs the README's own line of a command, on this file. */
  private int told(ConfigLoader loader, String command, Path file, String... more) {
    List<String> words =
        README.commands().stream()
            .map(Page::words)
            .filter(shown -> shown.size() > 1 && shown.get(1).equals(command))
            .findFirst()
            .orElseThrow(() -> new AssertionError("README does not show " + command));
    List<String> arguments = new ArrayList<>(words.subList(1, words.size()));
    arguments.addAll(List.of("--config", file.toString()));
    arguments.addAll(List.of(more));
    return line(loader).execute(arguments.toArray(new String[0]));
  }

  /** An agent reads the message, answers, resolves and leaves. */
  private void converse(ConfigLoader loader, LoadedConfig loaded, Path file, String url)
      throws Exception {
    ApiClient api =
        new ApiClient(
            HttpClient.newHttpClient(),
            URI.create(url),
            loaded.config().workspaces().get("main").agents().get("alice").token().newest());
    InputStream before = System.in;
    try (PipedOutputStream keys = new PipedOutputStream()) {
      System.setIn(new PipedInputStream(keys));
      CompletableFuture<Integer> agent =
          CompletableFuture.supplyAsync(() -> told(loader, "agent", file, "--url", url));
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> out.toString().contains("] Where is my parcel?"));
      type(keys, "It is on its way.");
      await().atMost(Duration.ofSeconds(20)).until(() -> deliveries(api).contains("accepted"));
      type(keys, "/done");
      type(keys, "/quit");
      assertThat(agent.get(20, TimeUnit.SECONDS)).isZero();
    } finally {
      System.setIn(before);
    }
    assertThat(out.toString()).doesNotContain("refused:");
  }

  private static void type(PipedOutputStream keys, String text) throws IOException {
    keys.write((text + "\n").getBytes(StandardCharsets.UTF_8));
    keys.flush();
  }

  private static List<String> deliveries(ApiClient api) {
    String id =
        api.get("/api/v1/conversations").body().path("conversations").path(0).path("id").asText();
    List<String> deliveries = new ArrayList<>();
    api.get("/api/v1/conversations/" + id + "/messages")
        .body()
        .path("messages")
        .forEach(message -> deliveries.add(message.path("delivery").asText()));
    return deliveries;
  }

  private static void fetch(String url, String managementUrl)
      throws IOException, InterruptedException {
    HttpClient http = HttpClient.newHttpClient();
    int fetched = 0;
    for (String command : README.commands()) {
      if (command.startsWith("curl ")) {
        String target =
            Page.words(command)
                .get(2)
                .replace("http://127.0.0.1:8080", url)
                .replace("http://127.0.0.1:8081", managementUrl);
        HttpResponse<String> answer =
            http.send(
                HttpRequest.newBuilder(URI.create(target)).build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(command).isEqualTo(200);
        fetched++;
      }
    }
    assertThat(fetched).isPositive();
  }

  private static <T> T done(Future<T> future)
      throws ExecutionException, InterruptedException, TimeoutException {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }
}
