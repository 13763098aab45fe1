// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Primaries whose clocks differ: a workspace lives by its own one. */
class PrimaryClocksTest {

  private static final long MILLI = 1_000_000;
  private static final long START = 1_800_000_000_000L;

  private final AtomicLong passed = new AtomicLong(5_000);
  private final List<Long> alarms = new ArrayList<>();
  private final Map<String, String> places = new HashMap<>(Map.of("acme", "one", "beta", "two"));
  private final Clock host =
      new Clock() {
        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }

        @Override
        public Instant instant() {
          return Instant.ofEpochMilli(START + passed.get());
        }
      };

  private PrimaryClocks clocks() {
    return new PrimaryClocks(
        at(0),
        () -> passed.get() * MILLI,
        host,
        alarms::add,
        name -> places.getOrDefault(name, ""));
  }

  /** What a primary says whose clock is so far ahead of the host's. */
  private long at(long ahead) {
    return START + passed.get() + ahead;
  }

  private static long now(PrimaryClocks clocks, String workspace) {
    return clocks.of(workspace).now().toEpochMilli();
  }

  /** Answers of both come in any order; none sets the clock of the other. */
  @Test
  void primariesASecondApart_doNotDisturbEachOther() {
    long seed = 20261123;
    Random random = new Random(seed);
    PrimaryClocks clocks = clocks();
    clocks.of("acme").restart(at(0));
    clocks.of("beta").restart(at(1_200));
    for (int step = 0; step < 5_000; step++) {
      passed.addAndGet(random.nextInt(30));
      long late = random.nextInt(10);
      String as = "seed " + seed + " step " + step;
      switch (random.nextInt(4)) {
        case 0 -> clocks.of("acme").heard(at(-late));
        case 1 -> clocks.of("beta").heard(at(1_200 - late));
        case 2 -> clocks.heard("one", at(-late));
        default -> clocks.heard("two", at(1_200 - late));
      }
      if (step % 50 == 0) {
        clocks.follow(List.of("one", "two"));
      }
      assertThat(at(0) - now(clocks, "acme")).as(as).isBetween(0L, 10L);
      assertThat(at(1_200) - now(clocks, "beta")).as(as).isBetween(0L, 10L);
    }
  }

  @Test
  void workspaceThatMoved_livesByItsNewPrimary() {
    PrimaryClocks clocks = clocks();
    clocks.of("acme").restart(at(0));
    clocks.of("beta").restart(at(-3_000));
    places.put("acme", "two");

    clocks.follow(List.of("one", "two"));

    assertThat(now(clocks, "acme")).isEqualTo(at(-3_000));
  }

  /** A failover: the first that is heard of the new primary is that our time is wrong. */
  @Test
  void primaryThatWasNeverHeardOf_isFollowedOnceItSpeaks_andLeavesTheOldOneAlone() {
    PrimaryClocks clocks = clocks();
    clocks.of("acme").restart(at(0));
    places.put("acme", "three");
    clocks.follow(List.of("one", "three"));
    assertThat(now(clocks, "acme")).isEqualTo(at(0));

    clocks.of("acme").restart(at(2_000));

    assertThat(now(clocks, "acme")).isEqualTo(at(2_000));
    places.put("beta", "one");
    assertThat(now(clocks, "beta")).isEqualTo(at(0));
  }

  @Test
  void drift_isToldOfThePrimaryThatDiffersMost_andOfNoneThatIsGone() {
    PrimaryClocks clocks = clocks();
    clocks.of("acme").restart(at(0));
    clocks.of("beta").restart(at(900));
    assertThat(alarms).containsExactly(-900L);

    places.put("acme", "three");
    clocks.of("acme").restart(at(-2_000));
    assertThat(alarms).containsExactly(-900L, 2_000L);

    clocks.follow(List.of("one", "two"));
    assertThat(alarms).containsExactly(-900L, 2_000L, -900L);
  }
}
