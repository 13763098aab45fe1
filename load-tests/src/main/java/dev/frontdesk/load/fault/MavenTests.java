// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.gateway.client.GatewayProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * Runs all planned tests of the project by one call of Maven, when the first result is asked for,
 * and reads from the reports that each did run.
 */
final class MavenTests {

  private static final long LONGEST_MINUTES = 15;

  private final Path folder;
  private final Set<String> planned = new LinkedHashSet<>();
  private @Nullable Map<String, Result> results;

  /** The output of Maven goes to {@code mvn.log} in the folder. */
  MavenTests(Path folder) {
    this.folder = folder;
  }

  /**
   * What became of the runs of a test; a class or a parameterised test has several.
   *
   * @param seconds of all of them
   */
  record Result(int ran, int failed, double seconds) {

    static final Result NONE = new Result(0, 0, 0);

    boolean passed() {
      return ran > 0 && failed == 0;
    }

    Result and(Result other) {
      return new Result(ran + other.ran, failed + other.failed, seconds + other.seconds);
    }

    @Override
    public String toString() {
      return ran + " ran" + (failed == 0 ? "" : ", " + failed + " FAILED");
    }
  }

  void plan(List<String> tests) {
    planned.addAll(tests);
  }

  /** Runs everything planned, unless it has been run; a quarter of an hour at most. */
  void prepare() throws IOException, InterruptedException {
    if (results == null) {
      results = run();
    }
  }

  /** The result of a test; it did not run if it was not planned. */
  Result result(String test) {
    Map<String, Result> all = results;
    return all == null ? Result.NONE : all.getOrDefault(test, Result.NONE);
  }

  private Map<String, Result> run() throws IOException, InterruptedException {
    FileTime began = FileTime.from(Clock.systemUTC().instant());
    Process maven =
        new ProcessBuilder(
                "mvn",
                "-q",
                "-B",
                "-pl",
                "gateway",
                "-am",
                "test",
                "-Dquick",
                "-DskipTests=false",
                "-Dtest=" + selection(),
                "-Dsurefire.failIfNoSpecifiedTests=false",
                "-Dmaven.test.failure.ignore=true",
                "-DargLine=")
            .directory(GatewayProcess.root().toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("mvn.log").toFile())
            .start();
    if (!maven.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)) {
      maven.descendants().forEach(ProcessHandle::destroyForcibly);
      maven.destroyForcibly();
    }
    Map<String, Result> all = new HashMap<>();
    for (String module : List.of("config", "connectors", "gateway")) {
      read(GatewayProcess.root().resolve(module + "/target/surefire-reports"), began, all);
    }
    return all;
  }

  /** {@code A#one+two,B}: the form of surefire. */
  private String selection() {
    Map<String, String> byClass = new LinkedHashMap<>();
    for (String test : planned) {
      int dot = test.indexOf('.');
      String name = dot < 0 ? test : test.substring(0, dot);
      byClass.merge(name, dot < 0 ? "" : test.substring(dot + 1), (one, two) -> one + "+" + two);
    }
    return byClass.entrySet().stream()
        .map(one -> one.getKey() + (one.getValue().isEmpty() ? "" : "#" + one.getValue()))
        .collect(Collectors.joining(","));
  }

  /** Takes what was written since the run began. */
  private static void read(Path reports, FileTime began, Map<String, Result> all)
      throws IOException {
    if (!Files.isDirectory(reports)) {
      return;
    }
    try (Stream<Path> files = Files.list(reports)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".xml")).toList()) {
        if (Files.getLastModifiedTime(file).compareTo(began) < 0) {
          continue;
        }
        NodeList cases =
            DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(file.toFile())
                .getElementsByTagName("testcase");
        for (int i = 0; i < cases.getLength(); i++) {
          take(all, (Element) cases.item(i));
        }
      }
    } catch (ParserConfigurationException | SAXException e) {
      throw new IOException("a report of surefire cannot be read", e);
    }
  }

  private static void take(Map<String, Result> all, Element test) {
    String type = test.getAttribute("classname");
    String simple = type.substring(type.lastIndexOf('.') + 1);
    String method = test.getAttribute("name").split("[({\\[ ]", 2)[0];
    boolean skipped = test.getElementsByTagName("skipped").getLength() > 0;
    int failures =
        test.getElementsByTagName("failure").getLength()
            + test.getElementsByTagName("error").getLength();
    String time = test.getAttribute("time").replace(",", "");
    double seconds = time.isEmpty() ? 0 : Double.parseDouble(time);
    Result one = new Result(skipped ? 0 : 1, failures > 0 ? 1 : 0, seconds);
    all.merge(simple, one, Result::and);
    all.merge(simple + "." + method, one, Result::and);
  }
}
