// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
final class LeftBehindTest {

  @TempDir Path folder;

  /** The shell stands for the run, one sleep for a gateway, one for a server without its parent. */
  @Test
  void end_runWithChildAndOrphan_onlyTheRunStays() throws IOException, InterruptedException {
    Process run =
        new ProcessBuilder(
                "sh",
                "-c",
                "sleep 600 & echo $!; cd '"
                    + folder
                    + "'; sh -c 'sleep 600 >&2 & echo $!'; echo ended; read -r line")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      BufferedReader said =
          new BufferedReader(new InputStreamReader(run.getInputStream(), StandardCharsets.UTF_8));
      ProcessHandle child = process(said.readLine());
      ProcessHandle orphan = process(said.readLine());
      assertThat(said.readLine()).as("its parent").isEqualTo("ended");
      assertThat(run.descendants()).contains(child).doesNotContain(orphan);

      assertThat(works(child)).isTrue();
      assertThat(works(orphan)).isTrue();

      LeftBehind.end(run.toHandle(), folder.toRealPath());

      assertThat(works(child)).isFalse();
      assertThat(works(orphan)).isFalse();
      assertThat(run.isAlive()).isTrue();
    } finally {
      run.destroyForcibly();
      assertThat(run.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  /** False also for a dead one whose parent has not asked for its end. */
  private static boolean works(ProcessHandle process) {
    return Files.exists(Path.of("/proc/" + process.pid() + "/cwd"));
  }

  private static ProcessHandle process(String pid) {
    return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
  }
}
