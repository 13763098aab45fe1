// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.gateway.store.StoreAlarms;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FsyncWatchTest {

  private final Vertx vertx = Vertx.vertx();
  private final Path folder = TestRedis.folder();
  private final List<Duration> told = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    TestRedis.await(vertx.close());
    TestRedis.delete(folder);
  }

  /** What is told while large values are written, and what the server says of itself after. */
  private String watch(String appendFsync, Runnable until) {
    FrontdeskConfig.Embedded config =
        new FrontdeskConfig.Embedded(null, "256mb", appendFsync, "1mb");
    EmbeddedRedis server =
        TestRedis.await(EmbeddedRedis.start(vertx, folder, config, StoreAlarms.NONE));
    RedisConnection connection = TestRedis.connect(vertx, server.address());
    RedisStore store =
        TestRedis.await(RedisStore.open(vertx, connection, folder, StoreAlarms.NONE));
    FsyncWatch watch = FsyncWatch.start(vertx, connection, store.clock("acme"), told::add, 200);
    String value = "v".repeat(1 << 20);
    for (int i = 0; i < 20; i++) {
      TestRedis.await(connection.ask(0, redis -> redis.set("k", value)));
    }

    until.run();

    String report =
        TestRedis.await(
            connection
                .<String>ask(
                    0,
                    redis ->
                        redis.dispatch(
                            FsyncWatch.LATENCY,
                            new StatusOutput<>(StringCodec.UTF8),
                            new CommandArgs<>(StringCodec.UTF8).add("GRAPH").add(FsyncWatch.EVENT)))
                // a server refuses to draw what never took as long as 1 ms
                .otherwise(""));
    watch.stop();
    TestRedis.await(store.close());
    TestRedis.await(connection.close());
    TestRedis.await(server.close());
    return report;
  }

  @Test
  void fsyncs_withAlways_areToldEachSecond_asTheServerTimesThem() {
    String report =
        watch("always", () -> Awaitility.await().until(() -> told.size() >= 3 && quiet()));

    Duration longest = told.stream().max(Duration::compareTo).orElseThrow();
    Matcher high = Pattern.compile("high (\\d+) ms").matcher(report);
    assertThat(longest.toMillis()).isEqualTo(high.find() ? Long.parseLong(high.group(1)) : 0);
  }

  /** The second of the last write is over and told. */
  private boolean quiet() {
    return told.get(told.size() - 1).isZero();
  }

  @Test
  void fsyncs_withEverysec_areNotTold_becauseNobodyTimesThem() {
    watch("everysec", () -> Awaitility.await().during(Duration.ofSeconds(2)).until(told::isEmpty));

    assertThat(told).isEmpty();
  }
}
