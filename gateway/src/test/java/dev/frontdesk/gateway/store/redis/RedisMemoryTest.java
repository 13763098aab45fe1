// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Timer;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.CommitResult;
import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.Write;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** What rows cost of the server's memory: MEMORY USAGE of the keys that hold them. */
class RedisMemoryTest {

  private static final int IDS = 40_000;
  private static final int BUCKETS = 80;
  private static final int TIMERS = 40_000;

  private final RedisStore store = TestRedis.store();
  private final String workspace = TestRedis.workspace();
  private final RedisKeys keys = new RedisKeys(workspace);

  @Test
  void rememberedId_costsAtMost64Bytes(TestReporter reporter) {
    List<Write> writes = new ArrayList<>();
    for (int n = 0; n < IDS; n++) {
      String digest = ContactKey.digestOf("wechat\nmessage-" + n);
      Key bucket = keys.dedupe(20_000, n % BUCKETS);
      writes.add(new Write.HashSet(bucket, digest, "ab12Cd34Ef56 " + n % 20));
    }
    write(writes);

    long bytes = 0;
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      bytes += memoryOf(keys.dedupe(20_000, bucket));
    }
    double each = bytes / (double) IDS;

    reporter.publishEntry("bytes per remembered id", Double.toString(each));
    assertThat(each).isBetween(20.0, 64.0);
  }

  @Test
  void timer_costsAtMost130Bytes(TestReporter reporter) {
    List<Write> writes = new ArrayList<>();
    for (int n = 0; n < TIMERS; n++) {
      String member = new Timer(Timer.Kind.BREACH, "ab12Cd34Ef56Gh" + n, 1).member();
      writes.add(new Write.SortedAdd(keys.timers(), member, 1.9e12 + n * 37));
    }
    write(writes);

    double each = memoryOf(keys.timers()) / (double) TIMERS;

    reporter.publishEntry("bytes per timer", Double.toString(each));
    assertThat(each).isBetween(60.0, 130.0);
  }

  private void write(List<Write> writes) {
    for (int from = 0; from < writes.size(); from += 400) {
      Commit.Builder commit =
          Commit.of(workspace, store.clock("acme").now(), Commit.Urgency.INTAKE);
      writes.subList(from, Math.min(writes.size(), from + 400)).forEach(commit::write);
      assertThat(TestRedis.await(store.commit(commit.build())))
          .isInstanceOf(CommitResult.Done.class);
    }
  }

  /** Of all its elements: five, the default, are as large as their random levels happen to be. */
  private static long memoryOf(Key key) {
    return TestRedis.await(
        TestRedis.connection()
            .ask(
                0,
                redis ->
                    redis.dispatch(
                        CommandType.MEMORY,
                        new IntegerOutput<>(StringCodec.UTF8),
                        new CommandArgs<>(StringCodec.UTF8)
                            .add("USAGE")
                            .add(key.name())
                            .add("SAMPLES")
                            .add(0))));
  }
}
