// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.frontdesk.gateway.TestGateway;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators are given says nothing that a running gateway does not export. */
class OperationsFilesTest {

  private static final Path FOLDER = Page.PROJECT.resolve("docs/operations");
  private static final Pattern NAME = Pattern.compile("\\bfrontdesk_[a-z_]+");
  private static final Pattern SELECTOR = Pattern.compile("\\b(frontdesk_[a-z_]+)\\{([^}]*)\\}");
  private static final Pattern BY = Pattern.compile("\\bby \\(([^)]*)\\)");

  /** What Prometheus itself adds to every sample. */
  private static final Set<String> OF_PROMETHEUS = Set.of("instance", "job");

  @TempDir private Path folder;

  /** Metric to the labels of its samples, of a gateway that has done a bit of everything. */
  private Map<String, Set<String>> exported() throws IOException, InterruptedException {
    String yaml =
        TestGateway.yaml(folder.resolve("data"), "", "")
            .replace("normal: { firstResponse: 4h }", "normal: { firstResponse: 1s }");
    try (TestGateway gateway = new TestGateway(yaml)) {
      assertThat(gateway.message("c1", "m1", "hello")).isEqualTo(200);
      assertThat(gateway.message("c1", "m1", "hello")).isEqualTo(200);
      assertThat(gateway.message("c2", "m2", "urgent")).isEqualTo(200);
      assertThat(
              gateway
                  .as("alice")
                  .put("/api/v1/agent/presence", Map.of("presence", "available"))
                  .status())
          .isEqualTo(200);
      assertThat(gateway.as("nobody").get("/api/v1/queue").status()).isEqualTo(401);
      answer(gateway);
      Map<String, Set<String>> found = new HashMap<>();
      Awaitility.await("samples of everything")
          .atMost(Duration.ofSeconds(15))
          .until(
              () -> {
                found.putAll(scraped(gateway));
                return found.keySet().containsAll(named());
              });
      return found;
    }
  }

  private static void answer(TestGateway gateway) {
    JsonNode all = gateway.as("sue").get("/api/v1/conversations").body().path("conversations");
    String path = "/api/v1/conversations/" + all.path(0).path("id").asText();
    JsonNode assigned = gateway.as("sue").post(path + "/assign", Map.of("agent", "alice")).body();
    assertThat(
            gateway
                .as("alice")
                .post(
                    path + "/messages",
                    Map.of("text", "hello", "epoch", assigned.path("epoch").asLong()),
                    "a1")
                .status())
        .isEqualTo(201);
  }

  private static Map<String, Set<String>> scraped(TestGateway gateway)
      throws IOException, InterruptedException {
    URI url = URI.create(gateway.gateway().managementUrl() + "/metrics");
    String text =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(url).GET().build(), HttpResponse.BodyHandlers.ofString())
            .body();
    Map<String, Set<String>> labels = new HashMap<>();
    for (String line : text.lines().filter(one -> one.startsWith("frontdesk_")).toList()) {
      int end = line.indexOf('{') < 0 ? line.indexOf(' ') : line.indexOf('{');
      Set<String> of = labels.computeIfAbsent(line.substring(0, end), name -> new HashSet<>());
      Pattern.compile("([a-z_]+)=\"").matcher(line).results().map(m -> m.group(1)).forEach(of::add);
    }
    return labels;
  }

  private static List<String> expressions() throws IOException {
    List<String> all = new ArrayList<>();
    JsonNode board = new ObjectMapper().readTree(FOLDER.resolve("grafana-dashboard.json").toFile());
    board
        .path("panels")
        .forEach(p -> p.path("targets").forEach(t -> all.add(t.path("expr").asText())));
    all.add(board.path("templating").path("list").path(1).path("query").path("query").asText());
    assertThat(all).hasSizeGreaterThan(20).doesNotContain("");
    // an expression is one line, or the lines after ">-" that stand deeper
    String rules = Files.readString(FOLDER.resolve("alerts.yml"));
    Pattern.compile("expr: (?:>-\\n((?: {10}.*\\n)+)|(.*))")
        .matcher(rules)
        .results()
        .forEach(found -> all.add(found.group(1) == null ? found.group(2) : found.group(1)));
    return all;
  }

  private static Set<String> named() throws IOException {
    Set<String> names = new TreeSet<>();
    for (String expression : expressions()) {
      NAME.matcher(expression).results().map(MatchResult::group).forEach(names::add);
    }
    return names;
  }

  @Test
  void dashboardAndAlerts_nameOnlyWhatAGatewayExports_withItsLabels() throws Exception {
    Map<String, Set<String>> exported = exported();

    assertThat(exported.keySet()).containsAll(named());
    for (String expression : expressions()) {
      Set<String> known = new HashSet<>(OF_PROMETHEUS);
      NAME.matcher(expression).results().forEach(m -> known.addAll(exported.get(m.group())));
      SELECTOR
          .matcher(expression)
          .results()
          .forEach(
              m ->
                  assertThat(labels(m.group(2).replaceAll("(?:!=|!~|=~|=)\"[^\"]*\"", "")))
                      .as(expression)
                      .allMatch(
                          label ->
                              exported.get(m.group(1)).contains(label)
                                  || OF_PROMETHEUS.contains(label)));
      BY.matcher(expression)
          .results()
          .forEach(m -> assertThat(labels(m.group(1))).as(expression).allMatch(known::contains));
    }
  }

  private static List<String> labels(String list) {
    return Stream.of(list.split(",", -1)).map(String::strip).toList();
  }

  @Test
  void everyAlert_saysWhatToDo() throws IOException {
    String rules = Files.readString(FOLDER.resolve("alerts.yml"));

    long alerts = rules.lines().filter(line -> line.contains("- alert: ")).count();

    assertThat(alerts).isGreaterThan(10);
    for (String word : List.of("expr: ", "severity: ", "summary: ", "action: ")) {
      assertThat(rules.lines().filter(line -> line.contains(word)).count())
          .as(word)
          .isEqualTo(alerts);
    }
  }

  /** {@code .ci/run} installs Prometheus; elsewhere the rules are checked by name only. */
  @Test
  void alerts_passPromtool_whereItIsInstalled() throws Exception {
    String promtool = installed("promtool");
    Assumptions.assumeTrue(promtool != null, "no promtool here");

    assertSucceeds(promtool, "check", "rules", "alerts.yml");
    assertSucceeds(promtool, "test", "rules", "alerts.test.yml");
  }

  @Test
  void unit_passesSystemd_whereItIsInstalled() throws Exception {
    String systemd = installed("systemd-analyze");
    Assumptions.assumeTrue(
        systemd != null && Files.isExecutable(Path.of("/usr/bin/java")), "no systemd here");

    assertSucceeds(systemd, "verify", "./frontdesk.service");
  }

  @Test
  void unit_hasTheOptionsOfTheJvmThatTheScriptGivesAServer() throws IOException {
    String script = Files.readString(Page.PROJECT.resolve("frontdesk"));
    Matcher own = Pattern.compile("\\brun\\) \\w+='([^']+)'").matcher(script);
    assertThat(own.find()).isTrue();

    assertThat(Files.readString(FOLDER.resolve("frontdesk.service")))
        .contains(own.group(1).strip().split("\\s+"));
  }

  @Test
  void sizing_hasOnlyNumbersThatWereMeasured() throws IOException {
    String page = Files.readString(FOLDER.resolve("README.md"));
    String measured = measured();
    List<String> rows =
        page.substring(page.indexOf("## Sizing"))
            .lines()
            .filter(line -> line.startsWith("| ") && line.contains("`LoadTests "))
            .toList();

    assertThat(rows).hasSizeGreaterThan(8);
    for (String row : rows) {
      List<String> cells = List.of(row.split("\\|", -1));
      String command = cells.get(3).strip().replace("`", "");
      int from = measured.indexOf("$ " + command + "\n");
      assertThat(from).as("results of " + command).isNotNegative();
      int next = measured.indexOf("\n$ ", from);
      String printed = next < 0 ? measured.substring(from) : measured.substring(from, next);
      Pattern.compile("\\d+(?:\\.\\d+)?")
          .matcher(cells.get(2))
          .results()
          .forEach(number -> assertThat(printed).as(row).contains(number.group()));
    }
  }

  /** What was recorded, the newest first. */
  private static String measured() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.list(Page.PROJECT.resolve("load-tests/results"))) {
      List<Path> newest =
          files
              .filter(file -> file.getFileName().toString().matches("\\d{4}(-\\d\\d){2}\\.txt"))
              .sorted(Comparator.reverseOrder())
              .toList();
      for (Path file : newest) {
        all.append(Files.readString(file)).append('\n');
      }
    }
    return all.toString();
  }

  private static String installed(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
        .map(place -> Path.of(place, program))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst()
        .orElse(null);
  }

  private static void assertSucceeds(String... words) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(words).directory(FOLDER.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
  }
}
