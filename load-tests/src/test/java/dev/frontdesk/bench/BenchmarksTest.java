// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.connector.Connector;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.gateway.ConnectorCatalog;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Benchmarks work; how fast is not asked here. */
class BenchmarksTest {

  @Test
  void everyBenchmark_runs() throws RunnerException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include("dev\\.frontdesk\\.bench\\..*")
                    .forks(0)
                    .warmupIterations(0)
                    .measurementIterations(1)
                    .measurementTime(TimeValue.milliseconds(10))
                    .shouldFailOnError(true)
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .run();

    Set<String> rooms = new TreeSet<>();
    results.forEach(
        result ->
            rooms.add(result.getParams().getBenchmark().replaceAll(".*\\.(\\w+)\\.\\w+", "$1")));
    assertThat(rooms)
        .containsExactly(
            "ApplyBenchmark",
            "CalendarBenchmark",
            "CommitBenchmark",
            "DecodeBenchmark",
            "PolicyBenchmark",
            "StateBenchmark");
    assertThat(results).hasSizeGreaterThan(35);
  }

  @Test
  void everyConnectorThatTakesCalls_isDecodedByABenchmark() throws Exception {
    Set<String> kinds = new TreeSet<>(ConnectorCatalog.ofClassPath().names());
    kinds.remove("webchat"); // its messages come by its socket

    try (ConnectorCalls calls = new ConnectorCalls()) {
      for (String name : ConnectorCalls.NAMES) {
        Connector connector = calls.connector(name);
        connector.verify(ConnectorCalls.call(name), ConnectorCalls.AT);
        List<InboundEvent> events =
            connector.decode(ConnectorCalls.call(name), ConnectorCalls.AT).events();

        assertThat(events).as(name).isNotEmpty();
        kinds.remove(name);
      }
    }
    assertThat(kinds).isEmpty();
  }
}
