// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.config.ConfigLoader;
import dev.frontdesk.gateway.ConnectorCatalog;
import dev.frontdesk.gateway.WorkspaceFactory;
import dev.frontdesk.gateway.intake.Conditions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulateCommandTest {

  private static final ConfigLoader LOADER =
      new ConfigLoader(Map.of(), ConnectorCatalog.ofClassPath(), new Conditions());
  private static final String HEAD = "at,channel,promise,target,weight,skills,handling\n";
  private static final Path TRACES = Path.of("src/test/resources/traces");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path folder;

  private int run(String... args) {
    PrintWriter toOut = new PrintWriter(out, true);
    PrintWriter toErr = new PrintWriter(err, true);
    return FrontdeskCommand.line(
            toOut,
            toErr,
            LOADER,
            config -> 0,
            List.of(new SimulateCommand(LOADER, WorkspaceFactory::simulator, toOut, toErr)))
        .execute(args);
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private JsonObject only(String policy) {
    return new JsonArray(out.toString())
        .stream()
            .map(JsonObject.class::cast)
            .filter(o -> o.getString("policy").equals(policy))
            .findFirst()
            .orElseThrow();
  }

  @Test
  void json_ofSharedTrace_hasTheContractsShape() {
    int code =
        run(
            "simulate",
            "--trace",
            TRACES.resolve("normal.csv").toString(),
            "--agents",
            TRACES.resolve("agents.csv").toString(),
            "--policy",
            "strict",
            "--policy",
            "keep-promises",
            "--json");

    assertThat(code).isZero();
    assertThat(new JsonArray(out.toString()).size()).isEqualTo(2);
    JsonObject total = only("strict").getJsonObject("total");
    assertThat(total.getInteger("arrivals")).isEqualTo(4199);
    assertThat(total.getDouble("weightedKeptShare")).isBetween(0.99, 1.0);
    assertThat(total.getDouble("keptShare")).isBetween(0.99, 1.0);
    assertThat(total.getJsonObject("waitSeconds").fieldNames())
        .containsExactly("p50", "p90", "p99", "max");
    assertThat(only("keep-promises").getJsonObject("promises").fieldNames())
        .containsExactly("phone", "chat", "wechat", "social-urgent", "email", "low");
    assertThat(err.toString()).contains("events per second");
  }

  @Test
  void table_ofBuiltInTraces_namesEveryPolicy() {
    assertThat(run("simulate", "--trace", "busy")).isZero();

    assertThat(out.toString())
        .contains("keep-promises", "edf", "strict", "ageing", "fifo", "agent use")
        .containsPattern("busy: \\d+ events in [0-9.]+ s, \\d+ events per second");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void findAgents_answersTheSmallestStaffing() {
    int code =
        run(
            "simulate",
            "--trace",
            "normal",
            "--policy",
            "fifo",
            "--find-agents",
            "--keep",
            "90%",
            "--json");

    assertThat(code).isZero();
    assertThat(only("fifo").getInteger("agents")).isBetween(20, 40);
    assertThat(only("fifo").getJsonObject("total").getDouble("keptShare")).isGreaterThan(0.9);
  }

  @Test
  void config_givesTargetsWeightsCostsAndLevers() throws IOException {
    String config =
        file(
            "c.yaml",
            """
            workspaces:
              acme:
                channels: { hook: { connector: webhook, settings: { secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw, sendUrl: "https://x.example.com" }, cost: 2 } }
                promises: { p: { firstResponse: 10s, weight: 2, minShare: 5% } }
                defaults: { queue: support, promise: p }
                queues: { support: {} }
                routing: { hardBound: 5s }
            """);
    String trace = file("t.csv", HEAD + "0,hook,p,60,1,,20\n0,hook,p,60,1,,20\n0,web,q,60,1,,20\n");
    String agents = file("a.csv", "id,skills,capacity,from,to\na,,2,0,1000\n");

    assertThat(run("simulate", "--trace", trace, "--agents", agents, "--config", config, "--json"))
        .as(err.toString())
        .isZero();

    JsonObject played = only("keep-promises");
    // the second of promise p comes 20 s later: kept by the trace, not by the configuration
    assertThat(played.getJsonObject("promises").getJsonObject("p").getInteger("kept")).isEqualTo(1);
    assertThat(played.getJsonObject("shareWhileWaiting").getDouble("p")).isGreaterThan(0.05);
    assertThat(played.getJsonObject("decisions").getInteger("keep-promises/hard-bound"))
        .isPositive();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "soon,hook,p,60,1,,20      | t.csv line 2, column at: found \"soon\", expected seconds, 0 or more",
        "-1,hook,p,60,1,,20        | t.csv line 2, column at: found \"-1\", expected seconds, 0 or more",
        "NaN,hook,p,60,1,,20       | t.csv line 2, column at: found \"NaN\", expected seconds, 0 or more",
        "0,hook,,60,1,,20          | t.csv line 2, column promise: found \"\", expected a name",
        "0,hook,p,0,1,,20          | t.csv line 2, column target: found \"0\", expected seconds, more than 0",
        "0,hook,p,60,0,,20         | t.csv line 2, column weight: found \"0\", expected a weight, more than 0",
        "0,hook,p,60,1,vip:x,20    | t.csv line 2, column skills: found \"vip:x\", expected skills such as refunds:2;vip:1 with levels 1 to 10",
        "1d,hook,p,60,1,,20        | t.csv line 2, column at: found \"1d\", expected seconds, 0 or more",
        "1e300,hook,p,60,1,,20     | t.csv line 2, column at: found \"1e300\", expected seconds, 0 or more",
        "0,,p,60,1,,20             | t.csv line 2, column channel: found \"\", expected a name",
        "0,hook,p,60,1,vip:0,20    | t.csv line 2, column skills: found \"vip:0\", expected skills such as refunds:2;vip:1 with levels 1 to 10",
        "0,hook,p,60,1,vip:11,20   | t.csv line 2, column skills: found \"vip:11\", expected skills such as refunds:2;vip:1 with levels 1 to 10",
        "0,hook,p,60,1,vip;vip:3,20 | t.csv line 2, column skills: found \"vip;vip:3\", expected each skill once",
        "0,hook,p,60,1,,-3         | t.csv line 2, column handling: found \"-3\", expected seconds, 0 or more",
        "0,5,hook,p,60,1,,20       | t.csv line 2: 8 fields, expected 7",
        "0,\"hook,p,60,1,,20        | t.csv line 2 and on: not CSV, expected rows of text in UTF-8, quotes in pairs around a field",
        "0,\"ho\"ok,p,60,1,,20      | t.csv line 2: not CSV, expected rows of text in UTF-8, quotes in pairs around a field",
        "0,hook,p,60,1             | t.csv line 2, column handling: found \"\", expected seconds, 0 or more",
      })
  void badRow_isAStatedProblem_withLineAndColumn(String row, String message) throws IOException {
    assertThat(run("simulate", "--trace", file("t.csv", HEAD + row + "\n"))).isEqualTo(1);

    assertThat(err.toString().strip()).isEqualTo(message);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void badFiles_areStatedProblems() throws IOException {
    assertThat(run("simulate", "--trace", folder + "/none.csv")).isEqualTo(1);
    assertThat(run("simulate", "--trace", file("h.csv", "at,channel\n1,2\n"))).isEqualTo(1);
    assertThat(run("simulate", "--trace", file("e.csv", HEAD))).isEqualTo(1);
    assertThat(run("simulate", "--trace", file("n.csv", ""))).isEqualTo(1);
    String agents = "id,skills,capacity,from,to\na,,1,0,10\n\nb,,0,0,10\n";
    assertThat(run("simulate", "--trace", "busy", "--agents", file("a.csv", agents))).isEqualTo(1);
    String twice = "id,skills,capacity,from,to\na,,1,0,10\na,,1,0,10\n";
    assertThat(run("simulate", "--trace", "busy", "--agents", file("b.csv", twice))).isEqualTo(1);
    String back = "id,skills,capacity,from,to\na,,1,10,10\n";
    assertThat(run("simulate", "--trace", "busy", "--agents", file("f.csv", back))).isEqualTo(1);

    assertThat(err.toString().lines())
        .containsExactly(
            folder + "/none.csv: no such file, expected a CSV file",
            "h.csv line 1: column promise is missing, expected"
                + " at,channel,promise,target,weight,skills,handling",
            "e.csv: no rows, expected at least one arrival",
            "n.csv line 1: column at is missing, expected"
                + " at,channel,promise,target,weight,skills,handling",
            "a.csv line 4, column capacity: found \"0\", expected a whole number, 1 to 100000",
            "b.csv line 3, column id: found \"a\", expected each id once",
            "f.csv line 2, column to: found \"10\", expected later than from");
  }

  @Test
  void headerWithAColumnTwice_orOnlyAByteOrderMark_isAStatedProblem() throws IOException {
    assertThat(run("simulate", "--trace", file("d.csv", "at," + HEAD))).isEqualTo(1);
    assertThat(run("simulate", "--trace", file("b.csv", "\uFEFF"))).isEqualTo(1);
    assertThat(run("simulate", "--trace", folder.toString())).isEqualTo(1);

    assertThat(err.toString().lines())
        .containsExactly(
            "d.csv line 1: column at stands twice, expected once",
            "b.csv line 1: column at is missing, expected"
                + " at,channel,promise,target,weight,skills,handling",
            folder + ": not a file, expected a CSV file");
  }

  @Test
  void rowsInAnyOrderOfTime_areThoseInOrder_andHandlingMayTakeNoTime() throws IOException {
    String late = "100,hook,p,60,1,,0\n";
    String early = "0,hook,p,60,1,,200\n0,hook,p,60,1,,0\n";
    String agents = file("a.csv", "id,skills,capacity,from,to\na,,1,0,1000\n");

    assertThat(
            run(
                "simulate",
                "--trace",
                file("t.csv", HEAD + late + early),
                "--agents",
                agents,
                "--json"))
        .isZero();
    String unordered = out.toString();
    out.getBuffer().setLength(0);
    assertThat(
            run(
                "simulate",
                "--trace",
                file("t.csv", HEAD + early + late),
                "--agents",
                agents,
                "--json"))
        .isZero();

    assertThat(out.toString()).isEqualTo(unordered);
    assertThat(only("fifo").getJsonObject("total").getInteger("answered")).isEqualTo(3);
    assertThat(only("fifo").getJsonObject("total").getInteger("kept")).isEqualTo(1);
  }

  @Test
  void file_withQuotesBomOtherOrderAndLineEnds_isRead() throws IOException {
    String trace =
        file(
            "t.csv",
            String.join(
                "\r\n",
                "\uFEFFhandling,at,channel,promise,target,weight,skills,note",
                "1.5,0.25,hook,\"p, with comma\",60,1.5,vip:2;refunds,\"a\"\"b\"",
                ""));
    String agents = file("a.csv", "id,skills,capacity,from,to\na,vip:2;refunds:1,1,0,10\n");

    assertThat(run("simulate", "--trace", trace, "--agents", agents, "--json")).isZero();

    JsonObject promises = only("edf").getJsonObject("promises");
    assertThat(promises.getJsonObject("p, with comma").getInteger("kept")).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "--policy, lifo",
    "--keep, 90%",
    "--find-agents, --json",
    "--unknown, x",
  })
  void wrongUsage_exitsWithTwo(String one, String other) {
    assertThat(run("simulate", "--trace", "busy", one, other)).isEqualTo(2);
    assertThat(err.toString()).isNotEmpty();
  }
}
