// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import java.io.IOException;
import java.util.List;

/** A row that tests of the project cover; Maven runs them. */
final class TestedRow implements FaultRow {

  private final String id;
  private final String title;
  private final MavenTests maven;
  private final List<String> tests;

  /**
   * A row of tests.
   *
   * @param tests each {@code Class.method} or {@code Class}
   */
  TestedRow(MavenTests maven, String id, String title, String... tests) {
    this.maven = maven;
    this.id = id;
    this.title = title;
    this.tests = List.of(tests);
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String title() {
    return title;
  }

  /** {@code Class.method} or {@code Class}. */
  List<String> tests() {
    return tests;
  }

  /** They will be asked for: all that are run together. */
  void plan() {
    maven.plan(tests);
  }

  /** Runs what was planned unless it has been: once for all rows, so it is no row's own time. */
  void prepare() throws IOException {
    try {
      maven.prepare();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Override
  public double secondsBefore() {
    return tests.stream().mapToDouble(test -> maven.result(test).seconds()).sum();
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) {
    for (String test : tests) {
      MavenTests.Result result = maven.result(test);
      found.holds("test:" + test + "[" + result + "]", result.passed());
    }
  }
}
