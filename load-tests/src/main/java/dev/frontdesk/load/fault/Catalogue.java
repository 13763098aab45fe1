// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import java.nio.file.Path;
import java.util.List;

/** All rows, in the order of the catalogue. */
final class Catalogue {

  private final MavenTests maven;

  /** The output of tests goes to that folder. */
  Catalogue(Path folder) {
    this.maven = new MavenTests(folder);
  }

  List<FaultRow> rows() {
    return List.of(
        new G01KilledGateway(),
        new G02TimerOfADeadGateway(),
        new G03DeadAfterTheSend(),
        new G04StoppedUnderLoad(),
        new R01KilledRedis(),
        new R02PowerLoss(),
        new R03PausedRedis(),
        new R04SilentRedis(),
        new R05FullRedis(),
        new R06PromotedReplica(),
        new R07PartedGateway(),
        new R09LoadingRedis(),
        new R10BusyRedis(),
        new R11ScriptsForgotten(),
        new R13CutFile(),
        new R14EmptiedRedis(),
        new R15LostAnswers());
  }

  TestedRow tested(String id, String title, String... tests) {
    return new TestedRow(maven, id, title, tests);
  }
}
